"""The network of the page equations/error, with the first sample."""

import backprop as bp
from backprop.exercises.given.network_2322 import W1, W2, W3, T, X, b1, b2, b3

dense = bp.Dense(W1, b1), bp.Dense(W2, b2), bp.Dense(W3, b3)
net = bp.Network([dense[0], bp.Sigmoid(), dense[1], bp.Sigmoid(), dense[2], bp.Sigmoid()])
loss = bp.squared_error
x, t = X[:1], T[:1]
lr = 0.5
