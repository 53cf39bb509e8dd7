"""XOR as a batch of four samples, with a hidden layer that may learn it."""

import numpy as np

import backprop as bp

hidden = bp.Dense([[1.5, -1.0], [1.2, -1.4]], [-0.5, 1.0])
output = bp.Dense([[1.0], [1.2]], [-1.0])
net = bp.Network([hidden, bp.Tanh(), output, bp.Sigmoid()])
loss = bp.squared_error
x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
t = np.array([[0.0], [1.0], [1.0], [0.0]])
lr = 1.0
