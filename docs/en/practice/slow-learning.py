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
# title: Why some weights learn slowly
# description: A small activation that comes in, a saturated unit, many layers, first weights of the wrong size; how each slows learning, in numbers, and what helps, derived and measured.
# keywords:
#   layer-by-layer: vanishing gradient, vanishing gradients, exploding gradients
#   saturated: saturation, saturate
#   initialisation: initialization, weight initialization, initialize, xavier, glorot, he, kaiming, lecun
# ---

# %% [markdown]
# # Why some weights learn slowly {#slow-learning}
#
# After this page you will be able to say, from the four equations alone, which weights of a network will hardly move. You will also be able to derive how large the first weights should be, and why cross-entropy rescues a saturated output.
#
# The gradient of a weight is [one sentence](../hand/one-path.md): *what came in along the arrow, times the error of the unit that the arrow leads to*. That is a product. It is small when the first factor is small, and it is small when the second factor is. The whole page follows from this.

# %%
import numpy as np
import backprop as bp
from backprop import plotting

plotting.use_style()

a = np.array([[1.0, 0.5, 0.01]])  # came in from three units
delta = np.array([[0.2]])         # the error of the unit they lead to

dW = a.T @ delta
db = delta.sum(axis=0)
print("dW", dW.ravel())
print("db", db)

# %% [markdown]
# Three weights lead into the same unit, and for all three the error is the same. Even so, their gradients are very different. The last weight has a gradient of almost 0, because almost nothing came in along its arrow. The bias has no such factor: its gradient is the error itself.
#
# So a gradient can be right, and of no use. How much time does that cost?

# %% [markdown]
# ## A small activation comes in {#small-input}
#
# Let one weight learn alone. A unit without bias and without activation function receives $x$ and should give out 1. The only difference between the runs is $x$. Watch after how many steps the output has passed nine tenths:

# %%
def outputs(x, lr=0.1, steps=3000):
    """The output at each step while one weight learns."""
    w, found = 0.0, []
    for _ in range(steps):
        y = w * x
        found.append(y)
        delta = y - 1
        w -= lr * x * delta
    return np.array(found)

for x in (1.0, 0.5, 0.1):
    steps = int(np.argmax(outputs(x) > 0.9))  # the first True
    print(f"x = {x}:  {steps:4} steps")

# %%
plotting.lines(
    np.arange(1, 3001), xlabel="step", ylabel="y", log="x",
    **{f"x = {x}": outputs(x) for x in (1.0, 0.5, 0.1)},
);

# %% [markdown]
# ![Three curves that rise from 0 towards 1 over a logarithmic axis of steps. All have the same shape; that of the smaller input lies further to the right, that of the smallest about a hundred times as far.](figure)
#
# /// figure-caption
# The output while one weight learns, for three inputs. Each curve is the first one, stretched.
# ///
#
# An input one tenth as large needs not ten times as many steps, but about a hundred times. Why? Because smallness costs twice. The gradient is one tenth as large. *And* the weight has ten times as far to go: to give out 1, it must become $1 / x$. In letters, with $v$ for the weight after one step:
#
# <!-- equations: plain letters -->
#
# <!-- equation: definitions, with w=3, x=2, t=4, z=6, E=2, lr=0.1, v=2.6 -->
#
# $$
# \begin{aligned}
# \preact &= \weight \x \\
# \Lossx &= \frac{1}{2} (\preact - \t)^2 \\
# v &= \weight - \lr \cdot \x (\preact - \t)
# \end{aligned}
# $$
#
# $$
# \begin{aligned}
# \error &= \preact - \t \\
# \grad{\Lossx}{\weight} &= \x \cdot \error \\
# v \x - \t &= \weight \x - \lr \x^2 (\preact - \t) - \t \\
# &= (1 - \lr \x^2) (\preact - \t)
# \end{aligned}
# $$
#
# 1. There is no activation function, so the error is output minus target.
# 2. What came in, times the error.
# 3. The new output minus the target: put in $v$ and multiply by $x$.
# 4. Gather the terms with $z - t$. That is a factor for each step.
#
# Each step takes away the share $\lr \x^2$ of what is still missing. The input enters squared. That is why two inputs should not differ much in size: no learning rate suits both. [The next page](not-learning.py#unscaled) shows how to bring them to one size. An activation of a hidden layer that stays near 0 has the same effect on the weights that lead *on* from it: the unit is nearly dead, and they learn as slowly as with a tiny input.

# %% [markdown]
# ## A saturated unit {#saturated}
#
# Now the second factor, the error. At an output with a sigmoid and the squared error, BP1 says $(a - t) \cdot \sigma'(z)$. Let the target be 0, and let the sum be too large, further and further:

# %%
print("  z        a    a - t    slope    delta")
for z in (0.0, 2.0, 4.0, 6.0, 8.0):
    a = bp.sigmoid(z)
    slope = bp.sigmoid_derivative(z)
    delta = (a - 0) * slope
    print(f"{z:3} {a:8.4f} {a - 0:8.4f} {slope:8.4f} {delta:8.4f}")

# %% [markdown]
# Read the last three columns downwards. The answer gets more and more wrong, and the error gets smaller. In the last row the unit could hardly be more wrong, and it hardly learns: its output lies where the sigmoid is flat. Such a unit is called *saturated*.
#
# How flat is it? Write the sigmoid as $a = 1 / (1 + e^{-z})$<!-- equation: definitions, with z=1, a=0.7310585786300049 -->. The distance from $a$ to 1 is $e^{-z} a$:
#
# $$
# \begin{aligned}
# 1 - \activ &= \frac{e^{-\preact}}{1 + e^{-\preact}} \\
# &= e^{-\preact} \activ \\
# \sigmoid'(\preact) &= \activ (1 - \activ) \\
# &= e^{-\preact} \activ^2
# \end{aligned}
# $$
#
# In the flat part $a^2$ is almost 1, and the slope is almost $e^{-z}$. Each time $z$ grows by 1, it is divided by $e$. How long does such a unit take to come back? Let a unit with one weight and a bias learn. Its input is 1, so both have the same gradient, the error. Count the steps until the output is below 0.1:

# %%
def descend(z, lr=1.0):
    """The outputs, step by step, until one is below 0.1."""
    w = b = z / 2
    found = [1 / (1 + np.exp(-(w + b)))]
    while found[-1] >= 0.1:
        a = found[-1]
        delta = (a - 0) * a * (1 - a)
        w, b = w - lr * delta, b - lr * delta
        found.append(1 / (1 + np.exp(-(w + b))))
    return found

starts = (0, 2, 4, 6, 8)
runs = {z: descend(z) for z in starts}
for z in starts:
    print(f"from z = {z}: {len(runs[z]) - 1:5} steps")

# %%
longest = len(runs[8])
padded = {
    f"z = {z}": np.pad(runs[z], (0, longest - len(runs[z])),
                       constant_values=np.nan)
    for z in (2, 4, 6, 8)
}
steps = np.arange(1, longest + 1)
plotting.lines(steps, xlabel="step", ylabel="a", log="x", **padded);

# %% [markdown]
# ![Four curves over a logarithmic axis of steps, all from near 1 down to 0.1. Each is flat at first and then falls steeply; the larger the first sum, the longer the flat part, which makes up almost all of the run.](figure)
#
# /// figure-caption
# The output of a unit that should give out 0, from four first sums. Nearly all of the steps are spent in the flat part.
# ///
#
# From the last start but one to the last, $z$ is two larger, and the steps are about six times as many. In the flat part a step of this run moves $z$ by about twice the slope. So where the slope is divided by $e$, the same stretch takes about $e$ times as many steps. Further out, the factor for two more comes close to $e^2$. Nothing in the unit is broken: its gradient is right, and small.
#
# Tanh is flat on both sides, too. A ReLU is flat on one side only. But there its slope is exactly 0, and [waiting does not help](not-learning.py#dead-relu).

# %% [markdown]
# ## Layer by layer {#layer-by-layer}
#
# One flat slope makes one small error. In a deep network the error has to pass many slopes on its way back, one in each layer. That is BP2, once for every layer:
#
# <!-- equations: a network -->
#
# $$
# \err{l} = (\err{l+1} (\W{l+1})^\T) \had \act'(\Z{l})
# $$
#
# Let us measure what that does. Ten layers of 64 units, random weights, no biases. The samples are random too, and so is the gradient that arrives at the last layer: we want to know what the *layers* do. The *size* of an array is here the root of the mean of its squares, a typical size of one entry.

# %%
rng = np.random.default_rng(0)
n, depth = 64, 10
X = rng.normal(size=(200, n))
dA = rng.normal(size=(200, n))
normal = [rng.normal(size=(n, n)) for _ in range(depth)]

def size(array):
    return np.sqrt(np.mean(array**2))

def sizes(f, slope, spread):
    """Sizes of the activations, and of the errors, in each layer."""
    weights = [spread * W for W in normal]
    A, Z = [X], []
    for W in weights:
        Z.append(A[-1] @ W)
        A.append(f(Z[-1]))
    delta = dA * slope(Z[-1])
    errors = [size(delta)]
    for l in reversed(range(depth - 1)):
        delta = (delta @ weights[l + 1].T) * slope(Z[l])
        errors.insert(0, size(delta))
    return [size(a) for a in A[1:]], errors

# %% [markdown]
# The same random weights for three activation functions, with a spread (standard deviation) of $\sqrt{1 / n}$ (the next section says why). From layer 10 back to layer 1 there are nine steps. The factor of *one* step, on average, is the ninth root of all nine together:

# %%
functions = {
    "sigmoid": (bp.sigmoid, bp.sigmoid_derivative),
    "tanh": (bp.tanh, bp.tanh_derivative),
    "relu": (bp.relu, bp.relu_derivative),
}

def a_layer(start, end):
    """The factor of one layer, where nine lie between."""
    return (end / start) ** (1 / (depth - 1))

errors = {}
print("         layer 10   layer 1   a layer")
for name, (f, slope) in functions.items():
    _, errors[name] = sizes(f, slope, np.sqrt(1 / n))
    first, last = errors[name][0], errors[name][-1]
    factor = a_layer(last, first)
    print(f"{name:8} {last:8.2f}   {first:.1e}   {factor:7.2f}")

# %%
layers = np.arange(1, depth + 1)
plotting.lines(layers, xlabel="l", ylabel=r"$\delta$", log="y", **errors);

# %% [markdown]
# ![Three nearly straight lines over the layers 1 to 10, on a logarithmic axis. All rise to the right. That of the sigmoid is by far the steepest and begins below a millionth; that of ReLU is less steep, that of tanh almost level.](figure)
#
# /// figure-caption
# The size of the error in each layer. On a logarithmic axis a constant factor is a straight line. Read it from right to left, as the error travels.
# ///
#
# The lines are nearly straight: every layer multiplies by about the same factor. For the sigmoid it is below one quarter, and that is no accident. Its slope can never be more:
#
# <!-- equations: plain letters -->
#
# <!-- equation: definitions, with z=0, a=0.5 -->
#
# $$
# \activ = \sigmoid(\preact)
# $$
#
# $$
# \begin{aligned}
# \sigmoid'(\preact) &= \activ (1 - \activ) \\
# &= \frac{1}{4} - \Bigl(\activ - \frac{1}{2}\Bigr)^2
# \end{aligned}
# $$
#
# A square is subtracted from one quarter, and a square is never negative. So the slope is at most one quarter, and it reaches that only where $a$ is one half. If the weights keep the size of what passes through them, each sigmoid layer leaves at most one quarter of it. Tanh has the slope 1 in the middle, so it loses much less. ReLU has the slope 1 for half of the units and 0 for the other half. The mean square is halved, and the size is multiplied by the root of one half, about seven tenths. All three factors are in the table.
#
# After ten sigmoid layers hardly anything is left for the first: the *vanishing gradient*. The last layers learn, the first ones stay as random as they were. A learning rate large enough for the first layers would be far too large for the last ones.
#
# With factors above 1 the opposite happens: the errors grow from layer to layer, the *exploding gradient*. So the factor of one layer decides, and the weights are a part of it. How large should they be?

# %% [markdown]
# ## How large should the first weights be? {#initialisation}
#
# Choosing the first weights is called *initialisation*. Here are the same ten layers with tanh, and three spreads of the weights: half of $\sqrt{1 / n}$, this itself, and four times as much. Look at the size of the activations on the way forward:

# %%
f, slope = functions["tanh"]
spreads = {"0.5": 0.5, "1": 1.0, "4": 4.0}
forward, back = {}, {}
print("spread   layer 1   layer 10")
for name, times in spreads.items():
    spread = times * np.sqrt(1 / n)
    forward[name], back[name] = sizes(f, slope, spread)
    first, last = forward[name][0], forward[name][-1]
    print(f"x {name:4}   {first:7.3f}   {last:8.3f}")

# %%
plotting.lines(layers, xlabel="l", ylabel="a", log="y", **forward);

# %% [markdown]
# ![Three lines over the layers, on a logarithmic axis. The one for half the spread falls straight down to a thousandth; the one for the spread itself falls slowly; the one for four times the spread stays level, close to 1.](figure)
#
# /// figure-caption
# The size of the activations in each layer of a tanh network, for three spreads of its weights (as multiples of $\sqrt{1 / n}$).
# ///
#
# With weights too small, the signal halves in every layer. The last layers receive almost 0, and by the [first section](#small-input) their weights get almost no gradient. With weights too large, most activations of every layer are close to 1 or −1: saturated units, by the [second section](#saturated). And the errors on the way back?

# %%
print("spread   layer 10   layer 1   a layer")
for name in spreads:
    first, last = back[name][0], back[name][-1]
    factor = a_layer(last, first)
    print(f"x {name:4}   {last:8.3f}   {first:.1e}   {factor:7.2f}")

# %% [markdown]
# They vanish with the small weights. With the large ones they begin smaller, because the slopes of saturated units are small, and then *grow*, because the large weights more than make up for that. Both are bad. In between there must be a spread that keeps signals at their size. It can be calculated.

# %% [markdown]
# ## Where 1/n comes from {#one-over-n}
#
# A unit adds up products of weights and activations. How large is the sum, if the weights are random? Take two inputs, and let a coin decide the sign of each weight: $s$ or $-s$. That makes four cases, all equally likely:
#
# <!-- equation: definitions, with a_1=0.7, a_2=0.4, s=0.5, z_1=0.55, z_2=0.15, z_3=-0.15, z_4=-0.55 -->
#
# $$
# \begin{aligned}
# \preact_1 &= s \activ_1 + s \activ_2 \\
# \preact_2 &= s \activ_1 - s \activ_2 \\
# \preact_3 &= -s \activ_1 + s \activ_2 \\
# \preact_4 &= -s \activ_1 - s \activ_2
# \end{aligned}
# $$
#
# Their mean is 0, since each case has its opposite among the four. So the mean says nothing about the size. The mean of the *squares* does. Call it $q$, with an index for what is squared: $q_z$ for the sums, $q_w$ for the weights, $q_a$ for the activations that come in. (Where the mean is 0, the mean square is also called the *variance*, and its root the *standard deviation*: the spread of the last section.)
#
# <!-- equation: definitions, with z_1=0.55, z_2=0.15, z_3=-0.15, z_4=-0.55, s=0.5, a_1=0.7, a_2=0.4, q_z=0.1625, q_w=0.25, q_a=0.325 -->
#
# $$
# \begin{aligned}
# q_z &= \frac{1}{4} (\preact_1^2 + \preact_2^2 + \preact_3^2 + \preact_4^2) \\
# q_w &= s^2 \\
# q_a &= \frac{1}{2} (\activ_1^2 + \activ_2^2)
# \end{aligned}
# $$
#
# $$
# \begin{aligned}
# q_z &= \frac{1}{2} (\preact_1^2 + \preact_2^2) \\
# &= \frac{s^2}{2} \Bigl((\activ_1 + \activ_2)^2 + (\activ_1 - \activ_2)^2\Bigr) \\
# &= s^2 (\activ_1^2 + \activ_2^2) \\
# &= 2 \cdot q_w \cdot q_a
# \end{aligned}
# $$
#
# 1. The last two cases are the first two with the opposite sign. Their squares are the same.
# 2. Put in the sums.
# 3. Expand the squares. The mixed term $2 \activ_1 \activ_2$ occurs once with plus and once with minus, and cancels.
# 4. The bracket is twice $q_a$.
#
# This is the whole idea: **mixed terms cancel, because the signs are independent. Only the squares are left, one for each input.** With more inputs every pair cancels in the same way, and the factor of two becomes their number $n_\text{in}$. With weights of other sizes than $s$ their mean square $q_w$ takes the place of $s^2$. Check it for ten inputs, with all 1024 choices of signs:

# %%
n_in, s = 10, 0.3
a = np.linspace(0.1, 1.0, n_in)
choices = np.arange(2**n_in)[:, None] >> np.arange(n_in) & 1
z = (s * (2 * choices - 1)) @ a

q_z, q_w, q_a = np.mean(z**2), s**2, np.mean(a**2)
print("choices", len(z))
print(f"q_z {q_z:.4f}   n_in q_w q_a {n_in * q_w * q_a:.4f}")

# %% [markdown]
# Equal to the last digit:
#
# <!-- equation: definitions, with q_z=0.3465, n_in=10, q_w=0.09, q_a=0.385 -->
#
# $$
# q_z = n_\text{in} \cdot q_w \cdot q_a
# $$
#
# A layer multiplies the mean square by $n_\text{in} q_w$. Near 0 tanh is almost the identity, so its activations are about as large as its sums. The signal keeps its size if the factor is 1. So the mean square of the weights should be $1 / n_\text{in}$, and their spread the root of it.
#
# *Backward* the same sum is formed with the roles swapped. The error that reaches a unit is a sum over the units it leads to, and in BP2 there is one product for each of these: $n_\text{out}$ of them. So backward a layer multiplies the mean square by $n_\text{out} q_w$, and the weights should have the mean square $1 / n_\text{out}$. (The other factor of BP2, the slope, is about 1 for tanh near 0.) If a layer has as many units as inputs, both are satisfied at once. If not, they contradict each other. A compromise puts the mean of the two numbers in the denominator, half of $n_\text{in} + n_\text{out}$:
#
# <!-- equation: definitions, with n_in=3, n_out=1, q_w=0.5 -->
#
# $$
# q_w = \frac{2}{n_\text{in} + n_\text{out}}
# $$
#
# $$
# n_\text{in} \cdot q_w + n_\text{out} \cdot q_w = 2
# $$
#
# Now one factor is as far above 1 as the other is below it. Measured with a layer that is four times as wide before as after:

# %%
n_in, n_out = 400, 100
A = rng.normal(size=(500, n_in))
delta = rng.normal(size=(500, n_out))
W = rng.normal(size=(n_in, n_out))

print("q_w              forward  back")
for name, q_w in (("1 / n_in", 1 / n_in), ("1 / n_out", 1 / n_out),
                  ("2 / (both added)", 2 / (n_in + n_out))):
    Z, dA_before = A @ (np.sqrt(q_w) * W), delta @ (np.sqrt(q_w) * W).T
    print(f"{name:18} {np.mean(Z**2):5.2f} {np.mean(dA_before**2):5.2f}")

# %% [markdown]
# In the first row the forward factor is about 1, in the second the backward one. In the third neither is, but neither is far off. This compromise is the scheme `"xavier"` of the package, named after the first name of its first author (Glorot and Bengio, 2010).

# %% [markdown]
# ## Why ReLU needs twice as much {#two-over-n}
#
# After ReLU the activations are not as large as the sums. Every negative one has become 0. How much of the mean square is left? The choice of signs helps again: to every choice belongs the opposite one, with the opposite sum. One of the two passes, the other does not:
#
# $$
# \relu(\preact)^2 + \relu(-\preact)^2 = \preact^2
# $$
#
# So of the two squares of each pair, one is left, and the mean square is halved. Look at it for our ten inputs:

# %%
print(f"mean square before ReLU {np.mean(z**2):.5f}")
print(f"mean square after       {np.mean(bp.relu(z) ** 2):.5f}")

# %% [markdown]
# Exactly half. Then a layer with its ReLU multiplies the mean square by one half of $n_\text{in} q_w$, and the weights need twice the mean square to make up for that:
#
# <!-- equation: definitions, with n_in=8, q_w=0.25 -->
#
# $$
# q_w = \frac{2}{n_\text{in}}
# $$
#
# $$
# \frac{1}{2} \cdot n_\text{in} \cdot q_w = 1
# $$
#
# Backward it is the same half: the error passes where the slope is 1, and becomes 0 in the other half of the cases. This is the scheme `"he"` (He and others, 2015), and it is the spread with which [the digits](digits.py#network) began.
#
# Why does no compromise with $n_\text{out}$ appear here? In a network the outputs of one layer are the inputs of the next. So the backward factors $n_\text{out} / n_\text{in}$ of all layers, multiplied, cancel but for the first and the last size. A deep network is safe with either of the two numbers.
#
# The ten layers with ReLU, and three mean squares. The cell prints the factor of the size in one layer, forward and back:

# %%
f, slope = functions["relu"]
forward = {}
print("q_w     forward   back")
for name, q_w in (("1 / n", 1 / n), ("2 / n", 2 / n), ("4 / n", 4 / n)):
    forward[name], back_sizes = sizes(f, slope, np.sqrt(q_w))
    up = a_layer(forward[name][0], forward[name][-1])
    down = a_layer(back_sizes[-1], back_sizes[0])
    print(f"{name}   {up:7.2f}   {down:4.2f}")

# %%
plotting.lines(layers, xlabel="l", ylabel="a", log="y", **forward);

# %% [markdown]
# ![Three lines over the layers, on a logarithmic axis. For 1 / n the line falls straight, for 4 / n it rises straight, for 2 / n it stays near 1 with small ups and downs.](figure)
#
# /// figure-caption
# The size of the activations in each layer of a ReLU network. Only twice $1 / n$ keeps them where they are.
# ///
#
# The factors of the size are the root of one half, 1, and the root of two, as derived. The middle line is not quite level, because 64 units are not infinitely many: the derivation is about means over all random weights, and we drew one set.
#
# And the sigmoid? Its slope in the middle is one quarter, so the mean square of the weights would have to be sixteen times as large to make up for that. But then the sums are large, and the units saturate. The cell prints the factor of the error in one layer, and the mean slope in layer 1:

# %%
f, slope = functions["sigmoid"]
print("spread   a layer   mean slope, layer 1")
for times in (1, 2, 4):
    spread = times * np.sqrt(1 / n)
    _, found = sizes(f, slope, spread)
    Z = X @ (spread * normal[0])
    factor = a_layer(found[-1], found[0])
    print(f"x {times}      {factor:7.2f}   {slope(Z).mean():10.2f}")

# %% [markdown]
# Even with four times the spread each layer loses a good part of the error, and the mean slope has fallen to less than half of what it was. That is one important reason why hidden layers today mostly use ReLU and its relatives, and why the sigmoid is mostly left for the output. (Later inventions help too: layers that bring sums to one size while the network runs, and connections that lead around layers.)

# %% [markdown]
# ## Does it matter for learning? {#matters}
#
# Sizes of errors are one thing, learning another. Here is the check: the handwritten digits, eight hidden layers of 32 units, and only the activation function and the first weights differ. `scale` makes the first weights smaller than the scheme wants them.

# %%
digits = bp.load_digits()

def train(activation, scheme, scale=1.0):
    rng = np.random.default_rng(1)
    layers, n_in = [], 64
    for _ in range(8):
        layers += [bp.Dense.random(n_in, 32, rng=rng, scheme=scheme),
                   activation()]
        n_in = 32
    layers.append(bp.Dense.random(32, 10, rng=rng, scheme=scheme))
    for layer in layers[::2]:
        layer.W *= scale
    history = bp.train(
        bp.Network(layers), bp.softmax_cross_entropy,
        digits.x[:1000], digits.labels[:1000],
        epochs=12, batch_size=50, lr=0.1, rng=rng,
    )
    return history.loss

losses = {
    "sigmoid": train(bp.Sigmoid, "xavier"),
    "relu_small": train(bp.ReLU, "he", scale=0.4),
    "relu_he": train(bp.ReLU, "he"),
}
for name, loss in losses.items():
    print(f"{name:11} after the last epoch {loss[-1]:.1f}")

# %%
plotting.lines(np.arange(1, 13), xlabel="epoch", ylabel="C", **losses);

# %% [markdown]
# ![Three curves of the loss over twelve epochs. Two lie on top of each other and stay level at about 2.3. The third begins just below them and falls, with ups and downs, to a small fraction.](figure)
#
# /// figure-caption
# The training loss after each epoch. Only the first weights differ between the two ReLU networks.
# ///
#
# Two of the networks are still where they began. To give all ten digits the same probability costs $\ln 10$, about 2.3, and that is about the loss they have. Nothing in their gradients is wrong. They would begin to learn some day; how long that takes, nobody can tell beforehand.

# %% [markdown]
# ## Cross-entropy cancels the slope {#cross-entropy}
#
# Back to the single saturated unit. Its slope is small, and we cannot change that. But the error is a product, and the other factor is the slope of the *loss*. We can choose a loss that is steep exactly where the sigmoid is flat. For a unit whose output is the probability of "yes", the cross-entropy is minus the logarithm of the probability that the unit gives to what is true. If that is "yes", the target $t$ is 1, and the loss is this:
#
# <!-- equation: definitions, with z=0, a=0.5, E=0.6931471805599453 -->
#
# $$
# \begin{aligned}
# \activ &= \sigmoid(\preact) \\
# \Lossx &= -\ln \activ
# \end{aligned}
# $$
#
# Two arrows, from the sum to the output and from the output to the loss. Multiply along the path:
#
# $$
# \begin{aligned}
# \error &= \grad{\Lossx}{\activ} \cdot \deriv{\activ}{\preact} \\
# &= -\frac{1}{\activ} \cdot \activ (1 - \activ) \\
# &= \activ - 1
# \end{aligned}
# $$
#
# If the truth is "no", the target is 0, and the unit gives it the probability $1 - a$:
#
# <!-- equation: definitions, with a=0.5, E=0.6931471805599453 -->
#
# $$
# \Lossx = -\ln (1 - \activ)
# $$
#
# $$
# \begin{aligned}
# \error &= \frac{1}{1 - \activ} \cdot \activ (1 - \activ) \\
# &= \activ - 0
# \end{aligned}
# $$
#
# Both times the slope of the sigmoid is cancelled, factor by factor, and what is left is **output minus target**. (Both cases as one formula, and the same for more than two classes: [The sigmoid](../equations/softmax.md#two-classes).) With the squared error, the factor $a (1 - a)$ stays.
#
# Now the measurement: the same unit, saturated on the wrong side with target 0 and the same learning rate for both losses. Only the error differs:

# %%
def follow(error, z=6.0, lr=0.5, steps=2000):
    """The output at each step; it should become 0."""
    w = b = z / 2
    found = []
    for _ in range(steps):
        a = 1 / (1 + np.exp(-(w + b)))
        found.append(a)
        delta = error(a)
        w, b = w - lr * delta, b - lr * delta
    return np.array(found)

found = {
    "squared_error": follow(lambda a: (a - 0) * a * (1 - a)),
    "cross_entropy": follow(lambda a: a - 0),
}
for loss, a in found.items():
    print(f"{loss}: a < 0.5 after {np.argmax(a < 0.5):3} steps")

# %%
steps = np.arange(1, 2001)
plotting.lines(steps, xlabel="step", ylabel="a", log="x", **found);

# %% [markdown]
# ![Two curves over a logarithmic axis of steps, both from near 1 to near 0. One falls within about ten steps; the other stays level for hundreds of steps before it falls.](figure)
#
# /// figure-caption
# The output of the saturated unit with the squared error and with cross-entropy.
# ///
#
# ### What stays slow {#stays-slow}
#
# The cancellation takes place in the last layer, and only there. The slopes of the hidden layers are still multiplied in. Take the ten sigmoid layers, and let the output unit that follows them be saturated. Compare the error at the output and in layer 1, for both losses.

# %%
weights = [np.sqrt(1 / n) * W for W in normal]
A = [X]
for W in weights:
    A.append(bp.sigmoid(A[-1] @ W))
w_out = rng.normal(size=(n, 1)) / np.sqrt(n)
a_out = bp.sigmoid(np.full((len(X), 1), 6.0))  # saturated; target 0

print("                output   layer 1     ratio")
for loss, delta in (("squared_error", a_out * a_out * (1 - a_out)),
                    ("cross_entropy", a_out)):
    at_output = size(delta)
    back = (delta @ w_out.T) * A[10] * (1 - A[10])
    for l in range(9, 0, -1):
        back = (back @ weights[l].T) * A[l] * (1 - A[l])
    print(f"{loss}   {at_output:.4f}   {size(back):.1e}"
          f"   {size(back) / at_output:.1e}")

# %% [markdown]
# Cross-entropy makes the error at the output hundreds of times as large, and that gain reaches layer 1. But on the way back both lose the same share, the last column. A loss can cancel the slope of the last layer. For the slopes of the other layers you need activation functions that are not flat, and first weights of the right size.

# %% [markdown]
# ## Exercises {#exercises}
#
# <!-- exercises -->
#
# One unit of [this small ReLU network](../lab/your-network.md?preset=dead_unit) has stopped learning: find it by its gradients, then bring it back to life by changing a single number.

# %% [markdown]
# ## What comes next {#next}
#
# Slow learning is one reason why a right gradient does not help. There are more: data that no such network can fit, a learning rate that is too large, inputs of different sizes, arrays that broadcast in silence. [The next page](not-learning.py) shows how to tell them apart.
