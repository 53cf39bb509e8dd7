"""What exercises start from: numbers that pages show, and what follows from them."""
# --8<-- [start:numbers]
import numpy as np

# one sample is a batch of one row
x = np.array([[0.5, 0.3]])

# W[i-1, j-1]: input i to unit j
W = np.array([[0.4, 0.1],
              [0.6, 0.9]])
b = np.array([0.2, 0.1])
# --8<-- [end:numbers]

from backprop.activations import sigmoid  # noqa: E402 (pages show the numbers alone)

# What the page hand/forward computes from them
z = x @ W + b
a = sigmoid(z)
