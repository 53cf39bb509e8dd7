"""Backpropagation in NumPy, written to be read: the code of *Backprop, zero to full*.

Where to begin: `rules` (every formula), `layers` (who remembers what), `network` (the two loops),
`optimizers` (the step). What is checked, and where: `validation`. How a layer of your own takes
part: `parameters`. Is a backward pass right: `gradcheck`, `differences`.
"""

from backprop.activations import (
    identity,
    identity_derivative,
    leaky_relu,
    leaky_relu_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)
from backprop.comparing import Worst
from backprop.datasets import Digits, load_digits
from backprop.gradcheck import GradientCheck, check_gradients
from backprop.layers import Dense, Identity, LeakyReLU, ReLU, Sigmoid, Tanh
from backprop.losses import softmax, softmax_cross_entropy, squared_error
from backprop.network import Network
from backprop.optimizers import SGD
from backprop.tracing import Operand, Step, Trace, trace
from backprop.training import History, accuracy, train

__version__ = "0.1.0"

__all__ = [
    "SGD",
    "Dense",
    "Digits",
    "GradientCheck",
    "History",
    "Identity",
    "LeakyReLU",
    "Network",
    "Operand",
    "ReLU",
    "Sigmoid",
    "Step",
    "Tanh",
    "Trace",
    "Worst",
    "accuracy",
    "check_gradients",
    "identity",
    "identity_derivative",
    "leaky_relu",
    "leaky_relu_derivative",
    "load_digits",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_cross_entropy",
    "squared_error",
    "tanh",
    "tanh_derivative",
    "trace",
    "train",
]
