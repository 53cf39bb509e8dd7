"""What exercises start from: numbers that pages show, and what follows from them."""
# --8<-- [start:numbers]
# one sample: one input and its target
x = 2.0
t = 1.0

# two weights: into the hidden unit, and out of it
w_1 = 1.0
w_2 = -2.0

lr = 0.5
# --8<-- [end:numbers]

from backprop.activations import sigmoid  # noqa: E402 (pages show the numbers alone)

# What the page zero/learning computes from them: the answer, how wrong it is, …
a = float(sigmoid(w_1 * x))
y = w_2 * a
E = 0.5 * (y - t) ** 2

# … and which way the loss falls
dw_2 = (y - t) * a
dw_1 = (y - t) * w_2 * a * (1 - a) * x
