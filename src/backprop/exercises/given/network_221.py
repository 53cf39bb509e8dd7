"""What exercises start from: numbers that pages show, and what follows from them."""
# --8<-- [start:numbers]
import numpy as np

# one sample, one row
x = np.array([[1.4, 0.4]])
t = np.array([[0.1]])

# W1[i-1, j-1]: input i to hidden j
W1 = np.array([[1.2, -0.5],
               [0.8, -0.6]])
b1 = np.array([-0.7, 0.2])

# W2[i-1, j-1]: hidden i to output j
W2 = np.array([[1.8],
               [-0.9]])
b2 = np.array([-0.3])
# --8<-- [end:numbers]

from backprop.activations import sigmoid  # noqa: E402 (pages show the numbers alone)

# What the page hand/one-path computes from them: the forward pass …
z1 = x @ W1 + b1
a1 = sigmoid(z1)
z2 = a1 @ W2 + b2
a2 = sigmoid(z2)

# … and the factors on the way back, for every weight and bias
delta2 = (a2 - t) * a2 * (1 - a2)
dW2 = a1.T @ delta2
db2 = delta2.sum(axis=0)
delta1 = (delta2 @ W2.T) * a1 * (1 - a1)
dW1 = x.T @ delta1
db1 = delta1.sum(axis=0)
