# --8<-- [start:numbers]
import numpy as np

x = np.array([[0.4, 0.9]])       # one sample is a batch of one row
t = np.array([[1.0, 0.0]])

W1 = np.array([[0.3, -0.5],      # W1[i-1, j-1]: from input i
               [0.8, 0.2]])      #               to hidden unit j
b1 = np.array([0.1, -0.1])

W2 = np.array([[0.7, 0.3],       # W2[i-1, j-1]: from hidden unit i
               [-0.6, 0.9]])     #               to output unit j
b2 = np.array([0.2, -0.3])
# --8<-- [end:numbers]
