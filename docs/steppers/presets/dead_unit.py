"""A ReLU network whose second hidden unit is dead: its sum is negative for every sample."""

import numpy as np

import backprop as bp

hidden = bp.Dense([[0.6, -0.8, 0.3], [0.4, -0.5, -0.7]], [0.1, -0.3, 0.2])
output = bp.Dense([[0.5], [0.9], [-0.4]], [0.1])
net = bp.Network([hidden, bp.ReLU(), output])
loss = bp.squared_error
x = np.array([[1.0, 0.5], [0.4, 0.2]])
t = np.array([[1.0], [0.0]])
lr = 0.3
