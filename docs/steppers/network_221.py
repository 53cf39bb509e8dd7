"""The network of the page hand/one-path."""

import backprop as bp
from backprop.exercises.given.network_221 import W1, W2, b1, b2, t, x

net = bp.Network([bp.Dense(W1, b1), bp.Sigmoid(), bp.Dense(W2, b2), bp.Sigmoid()])
loss = bp.squared_error
lr = 0.5
