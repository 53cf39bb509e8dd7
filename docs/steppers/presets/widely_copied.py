"""The numbers of the worked example that the page reference/errata looks at; there the biases of a
layer are one number, which both units share."""

import numpy as np

import backprop as bp

hidden = bp.Dense([[0.15, 0.25], [0.20, 0.30]], [0.35, 0.35])
output = bp.Dense([[0.40, 0.50], [0.45, 0.55]], [0.60, 0.60])
net = bp.Network([hidden, bp.Sigmoid(), output, bp.Sigmoid()])
loss = bp.squared_error
x = np.array([[0.05, 0.10]])
t = np.array([[0.01, 0.99]])
lr = 0.5
