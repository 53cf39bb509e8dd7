"""The landscape of the page zero/learning: a hidden unit, an output that only adds, no biases."""

import backprop as bp
from backprop.exercises.given import two_weights as given

net = bp.Network([bp.Dense([[given.w_1]]), bp.Sigmoid(), bp.Dense([[given.w_2]])])
loss = bp.squared_error
x, t = [[given.x]], [[given.t]]

rates = {"small": 0.05, "right": given.lr, "large": 2.5}
steps = 20

# What the map shows: from where to where, and where the loss gets another shade.
w1 = (-7.0, 3.0)
w2 = (-3.0, 5.0)
levels = (0.02, 0.1, 0.3, 0.5, 1.0, 2.0, 4.0)
