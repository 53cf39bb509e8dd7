"""What exercises start from: numbers that pages show, and what follows from them."""
# --8<-- [start:numbers]
x = 1.5
w = 0.8
b = -0.2
t = 0.1
lr = 2.0
# --8<-- [end:numbers]

from backprop.activations import sigmoid, sigmoid_derivative  # noqa: E402 (pages show the numbers alone)

# What the page zero/chain-rule computes from them: the forward pass …
z = w * x + b
a = float(sigmoid(z))

# … and what comes back, down to the derivatives by w, b and x
delta = float((a - t) * sigmoid_derivative(z))
dw = x * delta
db = delta
dx = delta * w
