"""The numbers of the page hand/backward-walk; those of layers 1 and 2 are of network_222."""
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
