# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [raw]
# ---
# title: A layer of your own
# description: A learned scale and shift, then a residual block, written by hand, wrong at first, found out by the gradient check, mended and trained.
# keywords:
#   own-layer: custom layer, layer from scratch
#   residual: skip connection, resnet
# ---

# %% [markdown]
# # A layer of your own {#own-layer}
#
# After this page you will be able to write a layer that the package does not have: derive its way back, let the gradient check find what is wrong with it, mend it, and train it. You will also be able to say what every backward pass owes to the layers around it.
#
# The package has one kind of layer with weights, `Dense`, and a few activation functions. Books have dozens of others, and new ones are invented every year. Suppose we want this one: each unit takes a number, multiplies it by a factor of its own and adds an amount of its own. Both are to be learned. Going forward takes one line. So let us write that line and put the layer into a network:

# %%
import textwrap

import numpy as np
import backprop as bp
from backprop import plotting

plotting.use_style()


class ScaleShift:
    def __init__(self, n):
        self.gamma = np.ones(n)
        self.beta = np.zeros(n)

    def forward(self, x):
        return self.gamma * x + self.beta


try:
    bp.Network([ScaleShift(2)])
except TypeError as error:
    print(textwrap.fill(str(error), 76))

# %% [markdown]
# The network refuses it and says why: besides `forward`, a layer needs a `backward`, its way back. The network does not find that by itself; we have to derive it. (There are programs that do find it. They use the same rules that we use now.)

# %% [markdown]
# ## The rule: three gradients as paths {#rule}
#
# The names $\scale$ (gamma, the *scale*) and $\shift$ (beta, the *shift*) are the usual ones. Look at a single unit. It has one scale and one shift, but in a batch it meets several samples, say two. What comes in for them are the numbers $\x_1$ and $\x_2$ (here the index counts samples), and what goes out are $\y_1$ and $\y_2$:
#
# <!-- equations: plain letters -->
#
# <!-- equation: definitions, with gamma=2, beta=0.5, x_1=1.5, x_2=3, y_1=3.5, y_2=6.5, t_1=3, t_2=5.5, C=0.3125 -->
#
# $$
# \begin{aligned}
# \y_1 &= \scale \x_1 + \shift \\
# \y_2 &= \scale \x_2 + \shift \\
# \Loss &= \frac{1}{4} (\y_1 - \t_1)^2 + \frac{1}{4} (\y_2 - \t_2)^2
# \end{aligned}
# $$
#
# The last row is the squared error: half of each square, averaged over the two samples, so $\frac{1}{4}$. It stands for whatever follows the layer. There may be more layers and another loss; what we derive does not change.
#
# ![On the left x1, gamma, beta and x2, in the middle y1 and y2, on the right the loss C. Solid arrows lead from x1, gamma and beta to y1 and from there to C, dashed ones from x2, gamma and beta to y2 and to C. The slope of the arrows from gamma is x1 and x2, from beta one, from x1 and x2 gamma.](../figures/own_layer-rule.svg)
#
# /// figure-caption
# One unit, two samples. On each arrow is its slope. Solid is the way through the first sample, dashed through the second. Two paths lead from $\scale$ to the loss, and two from $\shift$, because all samples share them. From each $\x$ there is one.
# ///
#
# Read the gradients from the picture: multiply along a path, add where paths meet. From the scale:
#
# $$
# \begin{aligned}
# \grad{\Loss}{\scale} &= \grad{\Loss}{\y_1} \cdot \grad{\y_1}{\scale} \\
# &\quad {} + \grad{\Loss}{\y_2} \cdot \grad{\y_2}{\scale} \\
# &= \grad{\Loss}{\y_1} \x_1 + \grad{\Loss}{\y_2} \x_2
# \end{aligned}
# $$
#
# 1. One path through each sample.
# 2. Move $\scale$ a little, and $\y_1$ moves $\x_1$ times as far: the slope is the number that the scale multiplies. With more samples there are more such terms, one for each.
#
# From the shift the paths are the same, and each begins with a slope of 1:
#
# $$
# \begin{aligned}
# \grad{\Loss}{\shift} &= \grad{\Loss}{\y_1} \cdot 1 + \grad{\Loss}{\y_2} \cdot 1 \\
# &= \grad{\Loss}{\y_1} + \grad{\Loss}{\y_2}
# \end{aligned}
# $$
#
# And the layer before wants to know how the loss reacts to what it sent. From $\x_1$ there is one path only; for $\x_2$ it is the same with the other index:
#
# $$
# \begin{aligned}
# \grad{\Loss}{\x_1} &= \grad{\Loss}{\y_1} \cdot \grad{\y_1}{\x_1} \\
# &= \grad{\Loss}{\y_1} \scale
# \end{aligned}
# $$
#
# You know this sentence: *what came in along the arrow, times the error of the unit that the arrow leads to*. For the scale, $\x$ came in; for the shift, 1. There is no activation function in this layer, so the error of the unit is the derivative with respect to $\y$ itself.
#
# In NumPy a batch is rows, and each column is a unit. No step mixes units, so every product is elementwise. Samples are rows, so "add over the samples" is `.sum(axis=0)`. As everywhere, `dy` is the gradient of the loss with respect to `y`. The first column is a unit like the one above, now with numbers; the second is another one:

# %%
x = np.array([[1.0, 4.0], [3.0, -2.0]])
t = np.array([[1.8, 2.6], [5.4, 0.8]])
gamma, beta = np.array([2.0, 0.5]), np.array([0.0, 1.0])

y = gamma * x + beta
dy = (y - t) / len(x)
dgamma = (dy * x).sum(axis=0)
dbeta = dy.sum(axis=0)
dx = dy * gamma
print("dgamma", dgamma.round(3))
print("dbeta ", dbeta.round(3))
print("dx", dx.round(3).tolist())

# %% [markdown]
# Before we believe it, a nudge: move the first scale up and down by a thousandth, and divide the difference of the losses by the difference of the scales.

# %%
def loss(gamma):
    return 0.5 * np.sum((gamma * x + beta - t) ** 2) / len(x)


step = np.array([0.001, 0.0])
slope = (loss(gamma + step) - loss(gamma - step)) / (2 * 0.001)
print("slope by nudging", slope.round(3), "  derived", dgamma[0].round(3))

# %% [markdown]
# ## Wrong first, and what the check says {#wrong-first}
#
# Now the class. The package asks three things of a layer that learns:
#
# - `parameters` names what is learned;
# - `forward(x)` returns `y`, and remembers what the way back will need;
# - `backward(dy)` returns `dx`, and leaves the gradient of each parameter in `d` + its name.
#
# That is the whole agreement. The class need not inherit from anything, and nobody asks what kind of layer it is. Here is a first attempt. Can you see what is wrong with it?

# %%
class Attempt:
    parameters = ("gamma", "beta")

    def __init__(self, n):
        self.gamma = np.ones(n)
        self.beta = np.zeros(n)

    def forward(self, x):
        self.x = x
        return self.gamma * x + self.beta

    def backward(self, dy):
        self.dgamma = dy * self.x
        self.dbeta = dy.sum(axis=0)
        return dy * self.gamma

# %% [markdown]
# To try a layer, put it into the middle of a small network, so that it has a layer before it that needs its `dx`, and layers after it that send it a `dy`. Then let the [gradient check](gradient-check.py) judge. Five samples go through.

# %%
rng = np.random.default_rng(0)
x = rng.normal(size=(5, 3))
t = rng.normal(size=(5, 2))
W1, b1 = rng.normal(size=(3, 4)), rng.normal(size=4)
W2, b2 = rng.normal(size=(4, 2)), rng.normal(size=2)


def around(layer):
    return bp.Network([
        bp.Dense(W1, b1), layer, bp.Tanh(), bp.Dense(W2, b2)
    ])


def judge(layer):
    return bp.check_gradients(around(layer), bp.squared_error, x, t)


try:
    judge(Attempt(4))
except ValueError as error:
    print(textwrap.fill(str(error), 76))

# %% [markdown]
# The sum over the samples is missing. Each sample has left a row of its own, but all of them share one scale. A gradient has the shape of its parameter, so this mistake is refused by name before anything is compared. Without that, NumPy would have said nothing: `gamma - lr * dgamma` broadcasts, and from then on gamma would be a table.
#
# A mistake that leaves the right shape is more dangerous. In the next attempt only the way back is different:

# %%
class WrongFactor(Attempt):
    def backward(self, dy):
        self.dgamma = (dy * self.gamma).sum(axis=0)
        self.dbeta = dy.sum(axis=0)
        return dy * self.gamma


print(judge(WrongFactor(4)))

# %% [markdown]
# Read the report from the last line up. *Which layer?* `layers[1]`, the one we put in. *Which parameter?* `gamma`: the check has gone through this layer alone, and its own forward contradicts its backward. *What do the numbers say?* They differ even in sign, so it is not just a factor such as the number of samples: `dy` has been multiplied by the wrong thing. What comes in to a scale is `x`, not the scale.
#
# Sometimes the two numbers tell more. This attempt takes the mean over the samples where the sum belongs:

# %%
class MeanOfSamples(Attempt):
    def backward(self, dy):
        self.dgamma = (dy * self.x).mean(axis=0)
        self.dbeta = dy.sum(axis=0)
        return dy * self.gamma


result = judge(MeanOfSamples(4))
worst = result.worst
print("passed:", result.passed, "  in", worst.name)
print("backward / differences:", round(worst.analytic / worst.numerical, 4))

# %% [markdown]
# The ratio is one fifth, and there are five samples. A ratio that is a simple number is a clue: look for it among the sizes (samples, units). Here the $\frac{1}{n}$ of the mean has come in twice. It [belongs in the loss](../equations/algorithm.md#update), and only there.

# %% [markdown]
# ### Where the check is blind {#blind}
#
# Next attempt. It forgets the scale on the way to the layer before:

# %%
class ForgetsScale(Attempt):
    def backward(self, dy):
        self.dgamma = (dy * self.x).sum(axis=0)
        self.dbeta = dy.sum(axis=0)
        return dy


print("passed:", judge(ForgetsScale(4)).passed)

# %% [markdown]
# It passes, though it is wrong. The check is not to blame: with these numbers no gradient is wrong, because every scale begins at 1, and a forgotten factor of 1 cannot be seen. So **before you check, move the parameters away from special values** such as 1 and 0:

# %%
def at_random(layer):
    layer.gamma[:] = rng.normal(size=layer.gamma.shape)
    layer.beta[:] = rng.normal(size=layer.beta.shape)
    return layer


print(judge(at_random(ForgetsScale(4))))

# %% [markdown]
# Now it is caught. The report names an element of `x`, the input of the whole network, since a wrong `dx` goes on into everything before. Its last line says where it begins: with the `dx` of `layers[1]`.
#
# Random values show another mistake, too. This forward saves memory and writes its result into the array that it was given:

# %%
class InPlace(Attempt):
    def forward(self, x):
        self.x = x
        x *= self.gamma
        x += self.beta
        return x

    def backward(self, dy):
        self.dgamma = (dy * self.x).sum(axis=0)
        self.dbeta = dy.sum(axis=0)
        return dy * self.gamma


start, moved = judge(InPlace(4)), judge(at_random(InPlace(4)))
print("at 1 and 0:", start.passed)
print("at random: ", moved.passed)
print(moved.reason)

# %% [markdown]
# The backward pass is right, line by line, and yet `dgamma` is wrong. `self.x` is not a copy, it is the same array, and by the time of the way back it holds `y`. (With scales at 1 and shifts at 0, `y` is equal to `x`, so nothing shows.) That array does not even belong to the layer: the layer before may need it too. So a layer never writes into what it is given.

# %% [markdown]
# ## Mended and trained {#mended}
#
# The same class once more, as it should be:

# %%
class ScaleShift:
    parameters = ("gamma", "beta")

    def __init__(self, n):
        self.gamma = np.ones(n)
        self.beta = np.zeros(n)

    def forward(self, x):
        self.x = x
        return self.gamma * x + self.beta

    def backward(self, dy):
        self.dgamma = (dy * self.x).sum(axis=0)
        self.dbeta = dy.sum(axis=0)
        return dy * self.gamma


result = judge(at_random(ScaleShift(4)))
print("passed:", result.passed, "  compared:", result.checked)

# %% [markdown]
# Every element of `x` and of every parameter has been compared, the eight of our layer among them. They were compared because `parameters` names them. What is not named there is neither checked nor trained, and the loss would still fall, since everything around the layer learns. So a gradient whose parameter is not named is refused, too, and the message says what to write:

# %%
class Undeclared(ScaleShift):
    parameters = ("gamma",)


try:
    judge(Undeclared(4))
except ValueError as error:
    print(textwrap.fill(str(error), 76))

# %% [markdown]
# Now train it. The optimizer, too, goes by `parameters`, and needs to know nothing else. A small test with a known answer: from temperatures in Celsius it is to learn Fahrenheit in the first column and Kelvin in the second. All are counted in hundreds of degrees, so that the numbers stay small.

# %%
celsius = rng.uniform(-1, 3, size=(40, 1)).repeat(2, axis=1)
target = celsius * [1.8, 1.0] + [0.32, 2.7315]

thermometer = bp.Network([ScaleShift(2)])
bp.train(
    thermometer, bp.squared_error, celsius, target,
    epochs=100, batch_size=10, lr=0.1, rng=rng,
)
print("gamma", thermometer.layers[0].gamma.round(4))
print("beta ", thermometer.layers[0].beta.round(4))

# %% [markdown]
# Those are the numbers with which the targets were made.

# %% [markdown]
# ## A residual block: two paths that add {#residual}
#
# The second layer of our own is made of layers. A **residual block** sends $\x$ through some layers and then adds $\x$ itself to the result. (The path around the layers is called a [residual connection](../reference/glossary.md#residual-connection).) The layers inside only have to learn what is to be *changed* about $\x$: the rest, or *residual*. Hence the name. Let $u$ be what the layers inside make of $\x$. As an example take one unit with tanh, and any target $\t$:
#
# <!-- equation: definitions, with x=0.5, w=2, b=-0.4, u=0.5370495669980353, y=1.0370495669980353, t=0.3, E=0.27162103210599564 -->
#
# $$
# \begin{aligned}
# u &= \tanh(\weight \x + \bias) \\
# \y &= \x + u \\
# \Lossx &= \frac{1}{2} (\y - \t)^2
# \end{aligned}
# $$
#
# Two paths lead from $\x$ to $\y$: one directly, with slope 1, and one through the layers inside. Paths that meet are added:
#
# $$
# \begin{aligned}
# \grad{\Lossx}{\x} &= \grad{\Lossx}{\y} \cdot 1 + \grad{\Lossx}{\y} \cdot \grad{u}{\x} \\
# &= \grad{\Lossx}{\y} \Bigl( 1 + \grad{u}{\x} \Bigr)
# \end{aligned}
# $$
#
# 1. The second term is what the layers inside return when `dy` goes back through them. So `dx` is `dy` plus that.
# 2. With the common factor in front: whatever the layers inside do, the slope of the block is 1 *plus* something.
#
# For the layers inside nothing changes. $u$ is added as it is, so what arrives at them on the way back is `dy`:
#
# $$
# \grad{\Lossx}{u} = \grad{\Lossx}{\y}
# $$
#
# The class lists its layers in `layers`. Everything else that the package needs to know about the parameters follows from that. Again a first attempt, with a mistake:

# %%
class OnlyThrough:
    def __init__(self, layers):
        self.layers = list(layers)

    def forward(self, x):
        y = x
        for layer in self.layers:
            y = layer.forward(y)
        return x + y

    def backward(self, dy):
        dx = dy
        for layer in reversed(self.layers):
            dx = layer.backward(dx)
        return dx


W, b = rng.normal(size=(4, 4)), rng.normal(size=4)
scale = at_random(ScaleShift(4))


def inside():
    return [bp.Dense(W, b), bp.Tanh(), scale]


print(judge(OnlyThrough(inside())))

# %% [markdown]
# The direct path is missing on the way back. The last line of the report says that the `dx` of the block is wrong, and names none of its parameters. Are they right, then? Mend the class, and compare what the two versions leave behind:

# %%
class Residual:
    def __init__(self, layers):
        self.layers = list(layers)

    def forward(self, x):
        y = x
        for layer in self.layers:
            y = layer.forward(y)
        return x + y

    def backward(self, dy):
        dx = dy
        for layer in reversed(self.layers):
            dx = layer.backward(dx)
        return dy + dx


def gradients(block):
    net = around(block)
    net.backward(bp.squared_error.gradient(net.forward(x), t))
    first, _, _, last = net.layers
    dense, _, scale = block.layers
    return {
        "layers[3].W": last.dW,
        "layers[1].layers[2].gamma": scale.dgamma,
        "layers[1].layers[0].W": dense.dW,
        "layers[0].W": first.dW,
    }


wrong = gradients(OnlyThrough(inside()))
right = gradients(Residual(inside()))
for name in right:
    print(f"{name:26}", np.allclose(wrong[name], right[name]))

# %% [markdown]
# After the block and inside it the gradients are right; before it they are wrong. On the way back everything travels against the arrows: what the block returns reaches only the layers before it, so only those can be spoiled by it. In general: **go back from the loss, and look for the place where right turns into wrong**. Here it lies between the block and `layers[0]`, and what passes there is the `dx` of the block. The check goes the same way, layer by layer, and its last line names the place.

# %%
result = judge(Residual(inside()))
print("passed:", result.passed, "  compared:", result.checked)

# %% [markdown]
# Not counting empty lines, the two mended classes together have twenty-five lines.
#
# One more way to go wrong. A block that keeps its layers under a name other than `layers` works forward and back, but their parameters cannot be found:

# %%
class Hidden:
    def __init__(self, layer):
        self.inner = layer

    def forward(self, x):
        return x + self.inner.forward(x)

    def backward(self, dy):
        return dy + self.inner.backward(dy)


try:
    judge(Hidden(bp.Dense(W, b)))
except ValueError as error:
    print(textwrap.fill(str(error), 76))

# %% [markdown]
# ## A deep network, with and without direct paths {#trained}
#
# What is the direct path good for? Put two blocks in a row. Let $s_1$ be the slope of the layers inside the first, and $s_2$ of those inside the second (as numbers, for a single unit). At each block a path goes either through the layers inside or round them, so there are four paths from the input to the output:
#
# $$
# (1 + s_1)(1 + s_2) = 1 + s_1 + s_2 + s_1 s_2
# $$
#
# ![x leads through a box f into a plus, and on through a box g into a second plus, and to y. Two dashed arrows lead round the boxes, one from x into the first plus, one from there into the second. The slopes are s1 and s2 through the boxes and one on the dashed arrows.](../figures/own_layer-residual.svg)
#
# /// figure-caption
# Two residual blocks. At each box there is a choice: through it, with its slope, or round it, with slope 1.
# ///
#
# Without the direct paths only the last term is left, $s_1 s_2$. With many layers it is a product of many slopes. If most of them are below 1 in size, it is close to 0. With the direct paths one term is always 1, however deep the network.
#
# That is an argument, not a measurement. So let us measure, in a deep and narrow network: pixels to twelve units, then twenty-four blocks of `Dense`, `Tanh` and our `ScaleShift`, then one output for each digit. Without the direct path a block is a `bp.Network` (a network is a layer, too). The scale at the end of each block decides how much the layers inside contribute; `start` is its value before training.

# %%
digits = bp.load_digits()
pictures, labels = digits.x[:240], digits.labels[:240]


def deep(Block, start):
    rng = np.random.default_rng(0)
    layers = [bp.Dense.random(64, 12, rng=rng), bp.Tanh()]
    for _ in range(24):
        scale = ScaleShift(12)
        scale.gamma[:] = start
        dense = bp.Dense.random(12, 12, rng=rng)
        layers.append(Block([dense, bp.Tanh(), scale]))
    layers.append(bp.Dense.random(12, 10, rng=rng))
    return bp.Network(layers)


plain = deep(bp.Network, start=1.0)
residual = deep(Residual, start=1.0)
gentle = deep(Residual, start=0.1)
print("layers:", len(plain.layers))
print("blocks:", len(plain.layers[2:26]))

# %% [markdown]
# All three have the same starting weights. `plain` has no direct paths; `residual` has them; `gentle` has them too, and its blocks begin by adding little. Now send the gradient of the loss back, layer by layer, and note how large it is (the root of the sum of its squares) when it arrives at each block. The blocks are `layers[2:26]`.

# %%
def arriving(net):
    y = net.forward(pictures)
    dy = bp.softmax_cross_entropy.gradient(y, labels)
    sizes = []
    for layer in reversed(net.layers):
        sizes.append(np.linalg.norm(dy))
        dy = layer.backward(dy)
    return sizes[::-1][2:26]


back = {
    "plain": arriving(plain),
    "residual": arriving(residual),
    "gentle": arriving(gentle),
}
for name, sizes in back.items():
    print(f"{name:9} block 24: {sizes[-1]:.3f}   block 1: {sizes[0]:.3f}")

# %%
plotting.lines(
    np.arange(1, 25), xlabel="block", ylabel="size of dy", log="y", **back
);

# %% [markdown]
# ![Three lines over the number of the block, on a logarithmic axis. From right to left, the way the gradient goes, the line of plain falls to about a tenth, the line of residual rises more than tenfold, and the line of gentle stays level.](figure)
#
# /// figure-caption
# How large the gradient is when it arrives at each block, before any training. It travels from right to left.
# ///
#
# In `plain` the gradient shrinks on the way: at the first block about a tenth is left. The direct paths alone do not solve the problem: in `residual` each block adds something to the 1, and many factors somewhat above 1 make a large number. In `gentle` the gradient arrives about as large as it left, because each factor is close to 1.
#
# The small start alone is no help. Without the direct path it makes matters worse, since it is one more small factor in each block:

# %%
sizes = arriving(deep(bp.Network, start=0.1))
print("smaller than 1e-20 at block 1:", bool(sizes[0] < 1e-20))

# %% [markdown]
# The direct path works forward as well. Do the pictures still differ from each other after twenty-four blocks? Measure by how much the activations of a unit vary from picture to picture:

# %%
def variation(net):
    x, found = pictures, []
    for layer in net.layers[:-1]:
        x = layer.forward(x)
        found.append(x.std(axis=0).mean())
    return found


for name, net in (("plain", plain), ("gentle", gentle)):
    found = variation(net)
    print(f"{name:7} before {found[1]:.3f}   after {found[-1]:.3f}")

# %% [markdown]
# In `plain` little is left of what distinguishes one picture from another, so its last layer has hardly anything to learn from. Forward and back, the reason is the same: a product of many factors below 1.
#
# Now both are trained, on the same pictures in the same order. A blind guess gives each of the ten classes the probability $\frac{1}{10}$, so its loss is $-\ln \frac{1}{10} = \ln 10$:

# %%
def trained(net):
    return bp.train(
        net, bp.softmax_cross_entropy, pictures, labels,
        epochs=10, batch_size=20, lr=0.1, rng=np.random.default_rng(0),
    )


histories = {"plain": trained(plain), "gentle": trained(gentle)}
print(f"a blind guess {np.log(10):.2f}")
for name, history in histories.items():
    loss, accuracy = history.loss[-1], history.accuracy[-1]
    print(f"{name:7} loss {loss:.2f}   accuracy {accuracy:.2f}")

# %%
plotting.lines(
    np.arange(1, 11), xlabel="epoch", ylabel="loss",
    **{name: history.loss for name, history in histories.items()},
);

# %% [markdown]
# ![Two lines over the epochs. The loss of plain stays near that of a blind guess; the loss of gentle falls, with small ups and downs, to about a tenth of that.](figure)
#
# /// figure-caption
# The loss after each epoch: the same starting weights, the same pictures, the same steps. Only the direct paths and the small start are different.
# ///
#
# After ten epochs `plain` still guesses. `gentle` knows nearly all the pictures it learns from. (`residual` is not trained here. With its large gradients the first steps at this rate go so far that where it ends depends on the last digits of rounding.) (We ask no more of `gentle` here: whether it reads *other* pictures is the question of [Handwritten digits](digits.py#data).)
#
# And did the scales learn? They all began at one tenth:

# %%
scales = np.array([block.layers[2].gamma for block in gentle.layers[2:26]])
smallest, largest = np.abs(scales).min(), np.abs(scales).max()
print(f"sizes of the scales: from {smallest:.2f} to {largest:.2f}")

# %% [markdown]
# Each unit of each block has found its own. One training run is one example, not a law. With eight blocks instead of twenty-four, `plain` learns, too, only more slowly than `gentle`. What makes a deep network slow, and what else helps, is the subject of [the next page](slow-learning.py#layer-by-layer).

# %% [markdown]
# ## What a backward pass owes {#owes}
#
# Whenever one of our layers left something out, it was refused or caught, at the latest with random parameters. Here is the whole list, for any layer that you write:
#
# 1. **`dx`, in the shape of `x`**, for the layer before: the gradient that came in, times the slopes of the layer. If there are several paths from `x`, their sum.
# 2. **A gradient for each parameter**, in the shape of the parameter: what came in, times the error, added over everything that shares the parameter. In a batch these are the samples.
# 3. **No division by the number of samples.** The loss has done that.
# 4. **The numbers of the last forward pass.** `forward` must have remembered what is needed, and nobody may have written into it since.
# 5. **Nothing overwritten.** It writes neither into `x` nor into `dy`: other layers may still need them.
# 6. **Names.** What is learned is in `parameters`, what it is made of in `layers`.
#
# Then check it before you trust it: in the middle of a network, with several samples, with parameters at random. The exercises show what stays hidden otherwise.

# %% [markdown]
# ## Exercises {#exercises}
#
# <!-- exercises -->

# %% [markdown]
# ## What comes next {#next}
#
# Your layers are checked and trained, and you have seen a gradient fade on its way back. [Why some weights learn slowly](slow-learning.py) looks at the causes one by one: inputs, saturated units, depth and starting weights.
