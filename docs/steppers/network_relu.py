"""The network of the page hand/backward-walk: two hidden ReLU layers, a batch of two samples."""

import backprop as bp
from backprop.exercises.given.network_relu import W1, W2, W3, T, X, b1, b2, b3

net = bp.Network([bp.Dense(W1, b1), bp.ReLU(), bp.Dense(W2, b2), bp.ReLU(), bp.Dense(W3, b3)])
loss = bp.squared_error
x, t = X, T
lr = 0.3
