"""The numbers of the part Four equations: three layers, each of another shape, four samples."""
# --8<-- [start:numbers]
import numpy as np

# a batch of four samples, one in each row
X = np.array([[0.4, 0.9],
              [1.0, -0.3],
              [-0.6, 0.5],
              [0.2, -0.8]])
T = np.array([[1.0, 0.0],
              [0.0, 1.0],
              [1.0, 1.0],
              [0.0, 0.0]])

W1 = np.array([[0.3, -0.5, 0.9],
               [0.8, 0.2, -0.4]])
b1 = np.array([0.1, -0.1, 0.2])

W2 = np.array([[0.7, -0.3],
               [-0.6, 0.9],
               [0.5, 0.4]])
b2 = np.array([0.2, -0.3])

W3 = np.array([[0.8, -1.2],
               [-0.7, 0.6]])
b3 = np.array([0.1, 0.3])
# --8<-- [end:numbers]
