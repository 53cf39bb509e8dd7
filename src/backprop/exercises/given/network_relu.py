"""What exercises start from: numbers that pages show, and what follows from them."""
# --8<-- [start:numbers]
import numpy as np

# a batch of two samples, one in each row
X = np.array([[0.4, 0.9],
              [-1.0, 0.6]])
T = np.array([[0.5],
              [1.0]])

W1 = np.array([[0.3, -0.5],
               [0.8, 0.2]])
b1 = np.array([0.1, -0.1])

W2 = np.array([[0.7, 0.3],
               [-0.6, 0.9]])
b2 = np.array([0.2, -0.3])

W3 = np.array([[0.6],
               [-1.1]])
b3 = np.array([0.4])
# --8<-- [end:numbers]

# What the page hand/backward-walk computes from them: the forward pass …
Z1 = X @ W1 + b1
A1 = np.maximum(Z1, 0)
Z2 = A1 @ W2 + b2
A2 = np.maximum(Z2, 0)
Y = A2 @ W3 + b3

# … and the walk back
dY = (Y - T) / len(X)
delta3 = dY
dW3 = A2.T @ delta3
db3 = delta3.sum(axis=0)
dA2 = delta3 @ W3.T
delta2 = dA2 * (Z2 > 0)
dW2 = A1.T @ delta2
db2 = delta2.sum(axis=0)
dA1 = delta2 @ W2.T
delta1 = dA1 * (Z1 > 0)
dW1 = X.T @ delta1
db1 = delta1.sum(axis=0)
dX = delta1 @ W1.T
