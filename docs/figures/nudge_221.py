"""What a derivative promises: the loss of the page hand/one-path as W1_11 changes, its tangent,
and for one change the predicted and the real change of the loss."""

import runpy

import matplotlib.pyplot as plt
import numpy as np

import backprop as bp
from backprop import plotting

NUMBERS = runpy.run_path("src/backprop/exercises/given/network_221.py")
CHANGE = 1.0


def loss(change):
    W1 = NUMBERS["W1"] + change * np.array([[1, 0], [0, 0]])
    dense = bp.Dense(W1, NUMBERS["b1"]), bp.Dense(NUMBERS["W2"], NUMBERS["b2"])
    net = bp.Network([dense[0], bp.Sigmoid(), dense[1], bp.Sigmoid()])
    return bp.squared_error(net.forward(NUMBERS["x"]), NUMBERS["t"])


def draw():
    plotting.use_style()
    names = {name: plotting.symbol(name)[0].strip("$") for name in (r"\W{1}_{11}", r"\Lossx")}
    weight, value = names[r"\W{1}_{11}"], names[r"\Lossx"]
    figure = plotting.tangent(
        loss,
        NUMBERS["dW1"][0, 0],
        CHANGE,
        xlabel=rf"$\Delta {weight}$",
        ylabel=f"${value}$",
        predicted=rf"$\dfrac{{\partial {value}}}{{\partial {weight}}}\,\Delta {weight}$",
        real=rf"$\Delta {value}$",
    )
    (ax,) = figure.axes
    ax.xaxis.label.set(size=17, color=plotting.COLOURS["weight"])
    ax.yaxis.label.set(size=19, color=plotting.COLOURS["loss"], rotation=0, va="center", ha="right")
    plt.setp(ax.get_xticklabels() + ax.get_yticklabels(), size=13)
    return figure
