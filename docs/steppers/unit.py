"""The one unit of the page zero/chain-rule, which a stepper shows in plain letters."""

import numpy as np

import backprop as bp
from backprop.exercises.given import unit
from backprop.exercises.given.unit import lr

net = bp.Network([bp.Dense([[unit.w]], [unit.b]), bp.Sigmoid()])
loss = bp.squared_error
x = np.array([[unit.x]])
t = np.array([[unit.t]])
