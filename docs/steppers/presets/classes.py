"""A 3-4-2 network as in many exams: two classes, softmax cross-entropy, a batch of two samples."""

import numpy as np

import backprop as bp

hidden = bp.Dense(
    [[0.2, -0.5, 0.7, 0.1], [0.6, 0.3, -0.2, -0.4], [-0.1, 0.8, 0.5, 0.3]], [0.1, -0.1, 0.0, 0.2]
)
output = bp.Dense([[0.4, -0.3], [-0.6, 0.5], [0.3, 0.9], [0.7, -0.2]], [0.1, 0.0])
net = bp.Network([hidden, bp.Tanh(), output])
loss = bp.softmax_cross_entropy
x = np.array([[0.5, -0.2, 0.8], [-0.4, 0.9, 0.1]])
t = np.array([1, 0])
lr = 0.5
