# --8<-- [start:numbers]
import numpy as np

# one sample is a batch of one row
x = np.array([[0.4, 0.9]])
t = np.array([[1.0, 0.0]])

# W1[i-1, j-1]: input i to hidden j
W1 = np.array([[0.3, -0.5],
               [0.8, 0.2]])
b1 = np.array([0.1, -0.1])

# W2[i-1, j-1]: hidden i to output j
W2 = np.array([[0.7, 0.3],
               [-0.6, 0.9]])
b2 = np.array([0.2, -0.3])
# --8<-- [end:numbers]
