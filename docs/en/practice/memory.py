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
# title: What must be kept, and how to keep less
# description: Which arrays the backward pass needs and for how long, their bytes predicted and measured, and checkpointing, which keeps a fifth of them and computes the rest again.
# keywords:
#   memory: out of memory, OOM, memory usage
#   checkpointing: gradient checkpointing, recompute, rematerialization
# ---

# %% [markdown]
# # What must be kept, and how to keep less {#memory}
#
# After this page you will be able to say which arrays a backward pass needs and until when, predict their bytes before you run anything, and train a deep network in a fraction of the memory: keep a few arrays, compute the others again.
#
# Here is the problem. A network of 100 layers with 16 units each is small. A batch of 4000 samples goes forward through it. What takes the memory? A megabyte (MB) is a million bytes.

# %%
import tracemalloc

import numpy as np
import backprop as bp
from backprop import plotting

plotting.use_style()
rng = np.random.default_rng(0)

def deep(L, m):
    layers = []
    for _ in range(L):
        layers += [bp.Dense.random(m, m, rng=rng, scheme="he"), bp.ReLU()]
    return bp.Network(layers)

# %%
def megabytes(arrays):
    return sum(array.nbytes for array in arrays) / 1e6

L, m, n = 100, 16, 4000
net = deep(L, m)
X, T = rng.normal(size=(n, m)), rng.normal(size=(n, m))
net.forward(X)

dense, relu = net.layers[0::2], net.layers[1::2]
learned = [layer.W for layer in dense] + [layer.b for layer in dense]
kept = [layer.x for layer in dense] + [layer.z for layer in relu]
print(f"parameters           {megabytes(learned):6.1f} MB")
print(f"kept for the way back{megabytes(kept):6.1f} MB")

# %% [markdown]
# The parameters hardly count. Nearly all of the memory holds arrays from the way forward, and they wait for the way back. So here these arrays, not the weights, decide how deep the network and how large the batch can be.

# %% [markdown]
# ## Who needs which array? {#kept}
#
# [The algorithm](../equations/algorithm.md#five-steps) keeps sums and activations until the way back has passed. Which of them does it really need, and for what? Look at where letters from the way forward occur in the equations of the way back:
#
# $$
# \begin{aligned}
# \err{l} &= (\err{l+1} (\W{l+1})^\T) \had \act'(\Z{l}) \\
# \grad{\Loss}{\W{l}} &= (\A{l-1})^\T \err{l} \\
# \grad{\Loss}{\b{l}} &= \sum_x \err{l}
# \end{aligned}
# $$
#
# $\Z{l}$ occurs in the first line, $\A{l-1}$ in the second: the gradient of a weight is *what came in along the arrow, times the error of the unit that the arrow leads to*. So what came in must be kept. The third line needs nothing but the error. (At the last layer, the gradient of the loss takes the place of the first factor, and $\A{L}$ is in it.)
#
# We can test that. Three layers of sigmoids, written by hand, with the layers' numbers as keys. (Their biases are still 0, so they are left out of the sums.)

# %%
def sigmoid(z):
    return 1 / (1 + np.exp(-z))

W = {l: rng.normal(size=(3, 3)) for l in (1, 2, 3)}
A, Z = {0: rng.normal(size=(4, 3))}, {}
for l in (1, 2, 3):
    Z[l] = A[l - 1] @ W[l]
    A[l] = sigmoid(Z[l])
dA3 = (A[3] - 0.5) / len(A[3])

def backward(A, Z):
    gradients, dA = {}, dA3
    for l in (3, 2, 1):
        delta = dA * sigmoid(Z[l]) * (1 - sigmoid(Z[l]))
        gradients[f"dW{l}"] = A[l - 1].T @ delta
        gradients[f"db{l}"] = delta.sum(axis=0)
        dA = delta @ W[l].T
    return gradients

# %% [markdown]
# Now spoil one of the kept arrays: fill it with NaN, "not a number". Add to it, multiply it, take the exponential function of it: the result is NaN. So after the way back we see which gradients that array has entered. (A comparison is different: `NaN > 0` is just false. With ReLU this test would not notice a spoiled $\Z{l}$.)

# %%
def hurt(name, l):
    spoiled = {"A": dict(A), "Z": dict(Z)}
    spoiled[name][l] = np.full((4, 3), np.nan)
    gradients = backward(spoiled["A"], spoiled["Z"])
    return [key for key in gradients if np.isnan(gradients[key]).any()]

for l in (3, 2, 1):
    print(f"Z{l} spoiled:", *hurt("Z", l))
    print(f"A{l - 1} spoiled:", *hurt("A", l - 1))

# %% [markdown]
# Each activation is needed once: $\A{l-1}$ for the gradient of $\W{l}$ and for nothing else. A sum is needed once, too, but what it spoils is the error, and the error is carried on to all layers before.
#
# And for how long? The way back needs these arrays in the order of the output above, from the last layer to the first. After its line an array may be forgotten. So layer 1, whose arrays are the first to be made, keeps them longest. At the turning point, between the two ways, *everything* is there. That moment is the peak.

# %% [markdown]
# ## Predict the bytes {#predicted}
#
# <!-- equations: plain letters -->
#
# In the package a `Dense` layer keeps what came in, `x`, and an activation layer keeps `z`: two arrays a layer. Each has a number for each of the $n$ samples and each of the $m$ units, and a float64 takes eight bytes. Let all of the $L$ layers have $m$ inputs and $m$ units. $K$ are the bytes kept, $P$ the bytes of all parameters:
#
# <!-- equation: definitions, with n=4000, m=16, L=100, K=102400000, P=217600 -->
#
# $$
# \begin{aligned}
# K &= 8 \cdot 2 \cdot n \cdot m \cdot L \\
# P &= 8 (m \cdot m + m) \cdot L
# \end{aligned}
# $$
#
# Both grow with the depth. Only $K$ grows with the batch. How do they compare? The gradients are as large as their parameters, so let us divide $K$ by both together, $2 P$:
#
# $$
# \begin{aligned}
# \frac{K}{2 P} &= \frac{16 \cdot n \cdot m \cdot L}{16 (m \cdot m + m) \cdot L} \\
# &= \frac{n}{m + 1}
# \end{aligned}
# $$
#
# Everything but the batch and the width cancels. So a rule: *as soon as a batch has more samples than a layer has units, what is kept is at least as large as parameters and gradients together.* Compare the formula with the network above, to the byte:

# %%
def bytes_kept(n, m, L):
    return 8 * 2 * n * m * L

print("predicted", bytes_kept(n, m, L))
print("kept     ", sum(array.nbytes for array in kept))
print(f"times parameters and gradients: {n / (m + 1):.0f}")

# %% [markdown]
# ## Measure the bytes {#measured}
#
# That was what the layers hold. Does the computer agree? Python can watch its own memory: `tracemalloc` notes how much is taken at each moment, and NumPy reports its arrays to it. We ask for the *peak* of one step, forward and back. Each time a new network takes its first step: the package holds the arrays of a pass until the next one has succeeded, so a second step would need more memory than we count: only what is taken after the start.

# %%
def step(net, X, T):
    Y = net.forward(X)
    net.backward(bp.squared_error.gradient(Y, T))

def peak(net, X, T):
    tracemalloc.start()
    step(net, X, T)
    largest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return round(largest / 1e6, 1)

# %%
depths = [20, 40, 60, 80, 100]
few = X[:1000], T[:1000]
predicted = [bytes_kept(1000, m, L) / 1e6 for L in depths]
measured = [peak(deep(L, m), *few) for L in depths]
plotting.lines(
    depths, xlabel="L", ylabel="MB",
    predicted=predicted, measured=measured,
);

# %% [markdown]
# ![Two rising straight lines over the number of layers, close to each other; the measured one is a little above the predicted one everywhere.](figure)
#
# /// figure-caption
# Memory of one step against the depth: what the formula says is kept, and the peak that was measured.
# ///

# %%
batches = [500, 1000, 2000, 3000, 4000]
predicted = [bytes_kept(n, m, 20) / 1e6 for n in batches]
measured = [peak(deep(20, m), X[:n], T[:n]) for n in batches]
plotting.lines(
    batches, xlabel="n", ylabel="MB",
    predicted=predicted, measured=measured,
);

# %% [markdown]
# ![Two rising straight lines over the number of samples, close to each other, the measured one a little above the predicted one.](figure)
#
# /// figure-caption
# The same against the batch, for twenty layers. Twice the samples, twice the memory.
# ///
#
# Straight lines, both times. The measured line is a little higher: the gradients are there as well, and the few arrays that the step itself is working on. The gradients are small here, and the others do not become more with the depth.

# %% [markdown]
# ## Half of it at no cost {#half}
#
# Before we pay for memory with time, take what is free. The slope of ReLU asks one question of $z$: is it positive? The activation answers it as well, since $\max(0, z)$ is positive exactly where $z$ is:

# %%
z = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])
a = np.maximum(z, 0)
print("z > 0:", (z > 0).tolist())
print("a > 0:", (a > 0).tolist())

# %% [markdown]
# So $z$ need not be kept. And $a$ costs nothing, because it is what comes into the next layer, which keeps it anyway: one array that two layers point to. (The same works wherever the slope can be written with $a$: the sigmoid's is $a (1 - a)$, that of tanh $1 - a^2$.)
#
# Here is such a layer, a `Dense` and its ReLU in one. It follows [the rule for layers of your own](own-layer.py#rule). `z` is turned into `a` in place (`out=z`), so no second array is made. And what has been used on the way back is forgotten.

# %%
def forget(layer):
    layer.x = layer.z = layer.a = None

class Block:
    parameters = ("W", "b")

    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        z = x @ self.W
        z += self.b
        self.x, self.a = x, np.maximum(z, 0, out=z)
        return self.a

    def backward(self, da):
        delta = da * (self.a > 0)
        self.dW = self.x.T @ delta
        self.db = delta.sum(axis=0)
        forget(self)
        return delta @ self.W.T

# %% [markdown]
# For the count, an array that two layers point to counts once. `id` tells one object from another. And if a layer is made of layers, the function looks inside; we will need that soon.

# %%
def kept_arrays(layers):
    found = {}
    for layer in layers:
        for name in ("x", "z", "a"):
            array = getattr(layer, name, None)
            if array is not None:
                found[id(array)] = array
        found |= kept_arrays(getattr(layer, "layers", []))
    return found

# %%
def blocks(L, m, kind=Block):
    scale = np.sqrt(2 / m)
    return [
        kind(rng.normal(0, scale, (m, m)), np.zeros(m)) for _ in range(L)
    ]

hundred = blocks(L, m)
bp.Network(hundred).forward(X)
arrays = kept_arrays(hundred)
print(len(arrays), "arrays,", f"{megabytes(arrays.values()):.1f} MB")

# %% [markdown]
# One array a layer, and one for the inputs: half of what it was, and not one product more. From here on an *array* means one of this size, $n \times m$. The question becomes: how many must be there at the peak?

# %% [markdown]
# ## Keep some, compute the rest again {#checkpointing}
#
# An activation that is not kept is not lost. The inputs and the weights are there, so it can be computed again when the way back needs it. Keep nothing at all, and each layer would need a forward pass of its own, from the inputs up to it: about five thousand steps for a hundred layers. That is too slow. The middle way is *checkpointing*:
#
# 1. Cut the layers into segments of $k$ layers each.
# 2. Go forward, and keep only what comes into each segment: its *checkpoint*.
# 3. Go back from the last segment to the first. In each, first go forward once more from its checkpoint, this time keeping everything; then go back through it, and forget it.
#
# ![Four rows of seven rings, for the inputs and the activations of six layers. In the first row arrows lead through all of them; every second ring, from the first on, is thick, those between are dotted, the last one is thin. In the second row arrows lead from the last thick ring on through two thin ones, and red arrows back to it; the rings before are as above. In the third row the same happens two rings further left, in the fourth at the very left.](../figures/checkpoints.svg)
#
# /// figure-caption
# Six layers in segments of two. First row: the way forward keeps the checkpoints (thick) and forgets the others (dotted). Then segment by segment, the last one first: forward once more, and back (red).
# ///
#
# A segment is a layer made of layers. So it fits into the package as it is:

# %%
class Checkpointed:
    """Layers of which only what comes in is kept."""

    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        self.x = x
        for layer in self.layers:
            x = layer.forward(x)
            forget(layer)
        return x

    def backward(self, dy):
        x = self.x
        for layer in self.layers:
            x = layer.forward(x)  # once more, now kept
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
            forget(layer)
        forget(self)
        return dy

def segments(layers, k):
    starts = range(0, len(layers), k)
    return [Checkpointed(layers[i : i + k]) for i in starts]

# %% [markdown]
# The network notices nothing: the gradients come out in the same places. Check it like any other network, here with the package's own layers inside, six of them in segments of two (all weights and biases are compared, and the inputs):

# %%
six = []
for activation in (bp.Sigmoid, bp.Tanh, bp.Sigmoid):
    six += [bp.Dense.random(3, 3, rng=rng), activation()]
small = bp.Network(segments(six, 2))
x, t = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
check = bp.check_gradients(small, bp.squared_error, x, t)
print("passed:", check.passed, "elements compared:", check.checked)

before = bp.squared_error(small.forward(x), t)
step(small, x, t)
bp.SGD(small, lr=0.1).step()
print("loss falls:", bp.squared_error(small.forward(x), t) < before)

# %% [markdown]
# Now watch the memory during a step. Here is a block that counts, after each of its steps, the arrays that are kept anywhere in the network. (Their number does not depend on their size, so two units and four samples will do.)

# %%
everything, counts = [], []

class Watched(Block):
    def forward(self, x):
        a = super().forward(x)
        counts.append(len(kept_arrays(everything)))
        return a

    def backward(self, da):
        dx = super().backward(da)
        counts.append(len(kept_arrays(everything)))
        return dx

def watch(layers):
    everything[:] = layers
    counts.clear()
    step(bp.Network(layers), np.ones((4, 2)), np.zeros((4, 2)))
    return list(counts)

watched = blocks(100, 2, Watched)
plain = watch(watched)
some = watch(segments(watched, 10))
print("plain:       ", len(plain), "steps, peak", max(plain))
print("checkpointed:", len(some), "steps, peak", max(some))

# %%
waiting = [np.nan] * (len(some) - len(plain))  # draws nothing
plotting.lines(
    np.arange(len(some)), xlabel="step", ylabel="arrays",
    plain=plain + waiting, checkpointed=some,
);

# %% [markdown]
# ![Over the steps, the plain line rises steadily to a high peak in the middle of its way and falls steadily again, like a tent. The other stays low: it climbs in small stairs at first, then shows ten small teeth, each a little lower than the one before.](figure)
#
# /// figure-caption
# Arrays kept after each step through a layer. Without checkpoints: a tent. With them: low stairs on the way forward, then a tooth for each segment, up while it goes forward once more, down while it goes back.
# ///
#
# The peak is a fifth as high. The price is on the other axis: half as many steps again. Does that take half as much time again? No: [a step back costs two matrix products, a step forward one](../equations/algorithm.md#counted). Plain, a layer takes three products, one forward and two back. With checkpoints it takes four:
#
# <!-- equation: with L=100 -->
#
# $$
# \frac{2 L + 2 L}{L + 2 L} = \frac{4}{3}
# $$
#
# So a third more, however deep the network is.

# %% [markdown]
# ## The best spacing is the square root {#square-root}
#
# Why segments of ten? There are $L / k$ checkpoints. While one segment goes back, there are $k$ more arrays, those computed again. Let $N$ be the number at the peak, in the first tooth:
#
# <!-- equation: definitions, with k=10, L=100, N=20 -->
#
# $$
# N = \frac{L}{k} + k
# $$
#
# Small segments mean many checkpoints; large segments mean much to compute again at once. Somewhere between them $N$ is least. There a tiny change of $k$ hardly changes $N$: the slope is 0. The slope of $L / k$ is $-L / k^2$, that of $k$ is 1:
#
# $$
# \deriv{N}{k} = 1 - \frac{L}{k^2}
# $$
#
# <!-- equation: with k=10, L=100 -->
#
# $$
# \begin{aligned}
# 1 - \frac{L}{k^2} &= 0 \\
# k^2 &= L
# \end{aligned}
# $$
#
# So $k$ is the square root of $L$. Then there are as many checkpoints as layers in a segment, together $2 \sqrt{L}$ arrays. Is that the least, and not the most? Write $s$ for the square root of $L$, and split off $2 s$:
#
# <!-- equation: definitions, with s=10, L=100 -->
#
# $$
# L = s^2
# $$
#
# $$
# \begin{aligned}
# N &= \frac{s^2}{k} + k \\
# &= 2 s + \frac{s^2 - 2 s k + k^2}{k} \\
# &= 2 s + \frac{(s - k)^2}{k}
# \end{aligned}
# $$
#
# The last term is a square divided by a positive number. It is never negative, and it is 0 only where $k$ is $s$. No other spacing does better. How slowly a square root grows: a network a hundred times as deep needs ten times the memory.

# %% [markdown]
# ## Memory and time over the spacing {#curve}
#
# Measure it: every spacing that divides the hundred layers, from a checkpoint at every layer to a single one.

# %%
def cost(layers):
    """Arrays at the peak; products, where a plain step takes 1."""
    counts = watch(layers)
    forward = len(counts) - 100
    return max(counts), (1 * forward + 2 * 100) / (1 * 100 + 2 * 100)

spacings = np.array([1, 2, 4, 5, 10, 20, 25, 50, 100])
peaks = []
print("   k   arrays   products")
for k in spacings:
    arrays, products = cost(segments(watched, k))
    peaks.append(arrays)
    print(f"{k:4}{arrays:9}{products:11.2f}")

# %%
plotting.lines(
    spacings, xlabel="k", ylabel="arrays", log="xy", mark=np.sqrt(100),
    kept=peaks, checkpoints=100 / spacings, segment=spacings,
);

# %% [markdown]
# ![Both axes are logarithmic. One straight line falls, one rises; they cross at the thin vertical line. Above them a curve runs down to its lowest point at the vertical line and up again.](figure)
#
# /// figure-caption
# Arrays at the peak over the spacing, and the two parts they consist of: checkpoints, $L / k$, and the layers of a segment, $k$. The thin line is at the square root of $L$. There the two parts are equal, and their sum is least.
# ///
#
# The bottom is flat: half or twice the best spacing costs only a quarter more arrays. So nobody has to find it exactly. And look at the last column, the number of matrix products compared with a plain step: it is the same for every spacing. Each layer goes forward twice, whatever segment it is in. At both ends we pay and save nothing.
#
# Can it be less than $2 \sqrt{L}$? Yes, for more time. A segment is itself a small network, and it may have checkpoints of its own. Our class allows that already. Here segments of twenty-five layers consist of segments of five:

# %%
starts = range(0, 100, 25)
nested = [Checkpointed(segments(watched[i : i + 25], 5)) for i in starts]
tens = segments(watched, 10)
print("segments  arrays  products")
for name, layers in (("none", watched), ("10", tens), ("25 in 5s", nested)):
    arrays, products = cost(layers)
    print(f"{name:10}{arrays:6}{products:10.2f}")

# %% [markdown]
# Why thirteen? Four checkpoints of the large segments; four more inside the one that goes back, since its first small segment begins at a checkpoint that is there already; and five activations of a small segment. Each further level goes forward once more: a third of a step in time, for a smaller peak.

# %% [markdown]
# ## The same gradient, to the last bit {#same-bits}
#
# Is the gradient only nearly the same? Compare every bit: the same blocks, first plain, then with checkpoints.

# %%
def gradients_of(layers, X, T):
    step(bp.Network(layers), X, T)
    return [array for block in hundred for array in (block.dW, block.db)]

def same_bits(one, other):
    pairs = zip(one, other, strict=True)
    return all(np.array_equal(g, h) for g, h in pairs)

x, t = X[:1000], T[:1000]
without = gradients_of(hundred, x, t)
with_checkpoints = gradients_of(segments(hundred, 10), x, t)
print("same bits:", same_bits(without, with_checkpoints))

# %% [markdown]
# They are the same, and that is no luck. Forward once more means the same operations on the same numbers in the same order; so the same bits come out, and everything after starts from them.
#
# That is not so for another way to save memory. Cut the *batch* into parts, take one after the other, and add up their gradients. Then a quarter of the samples needs a quarter of the memory, without any additional product. (It is called *gradient accumulation*. The loss of the batch is a mean over all samples, so each part's gradient counts with its share.)

# %%
total = [np.zeros_like(g) for g in without]
for i in range(0, len(x), 250):
    part = slice(i, i + 250)
    share = 250 / len(x)
    gradients = gradients_of(hundred, x[part], t[part])
    for sums, g in zip(total, gradients, strict=True):
        sums += share * g

pairs = zip(total, without, strict=True)
largest = max(np.abs(g - h).max() for g, h in pairs)
print("same bits:", same_bits(without, total))
print("agrees to 10 decimals:", bool(largest < 1e-10))

# %% [markdown]
# By the rules of algebra the two are equal. But a computer rounds after each addition, and here the samples are added in another order:

# %%
print((0.1 + 0.2) + 0.3 == 0.1 + (0.2 + 0.3))

# %% [markdown]
# Neither of the two gradients is wrong. But do not expect equal bits where the order of the arithmetic is different. And where you do expect them, as with checkpoints, compare them: no test is sharper.
#
# !!! warning "Layers that draw random numbers"
#
#     *Dropout* sets some activations to zero at random while a network learns. Forward once more, it draws again, and other units are silent. Then the error is carried back through a network that never computed the loss. The second time must repeat the random numbers of the first ([Exercise 4](#exercise-4)).

# %% [markdown]
# ## A hundred layers, memory and time {#hundred-layers}
#
# Now all of it together, on networks of the same size as at the beginning: the package's layers, our blocks, and our blocks with a checkpoint before every tenth. As before, the peak of one step is measured, with everything that is taken during the step: gradients, the loss's own arrays, Python's small objects.

# %%
kinds = (
    ("package", deep(L, m)),
    ("blocks", bp.Network(hundred)),
    ("k = 10", bp.Network(segments(hundred, 10))),
)
peaks = {name: peak(net, X, T) for name, net in kinds}
for name in peaks:
    print(f"{name:8}{peaks[name]:6.0f} MB")

quarter = peaks["k = 10"] <= peaks["blocks"] / 4
print("at most a quarter of the memory:", quarter)

# %% [markdown]
# Counted in arrays, it was a fifth. Why only a quarter here? About five arrays more are there in both cases, those that the step itself is working on. So it is a quarter of the memory, and by the count four thirds of the products. Does the clock agree? Layers of 64 units this time, so that the products are most of the work; the best of several turns. And no `Network` around them: it looks at whatever its layers return, and that takes time, too. (Measured once: run it, and you will see your own times.)
#
# ```python
# from time import perf_counter
#
# def seconds(task, turns=3):
#     taken = []
#     for _ in range(turns):
#         start = perf_counter()
#         task()
#         taken.append(perf_counter() - start)
#     return min(taken)
#
# def through(layers):
#     y = x
#     for layer in layers:
#         y = layer.forward(y)
#     dy = (y - t) / len(x)
#     for layer in reversed(layers):
#         dy = layer.backward(dy)
#
# x, t = rng.normal(size=(256, 64)), rng.normal(size=(256, 64))
# wide = blocks(100, 64)
# tens = segments(wide, 10)
# plain = seconds(lambda: through(wide))
# some = seconds(lambda: through(tens))
# print(f"plain            {1e3 * plain:.0f} ms")
# print(f"with checkpoints {1e3 * some:.0f} ms")
# print(f"ratio {some / plain:.2f}")
# ```
#
# ``` { .text .output .measured }
# plain            27 ms
# with checkpoints 36 ms
# ratio 1.31
# ```
#
# The clock agrees with the count, apart from what is not a product and whatever else the computer was doing. So the bargain is: a quarter of the memory for about a third more time. It is worth it where memory is the limit: a deeper network, or a larger batch, that did not fit before now does. Where everything fits, keep everything.

# %% [markdown]
# ## Exercises {#exercises}
#
# <!-- exercises -->

# %% [markdown]
# ## What comes next {#next}
#
# You know what a backward pass needs, and that it can be computed twice without a bit of difference. What if a backward pass is wrong? [Twelve broken backward passes](broken-backward.py) shows the mistakes that people really make, and which check catches each.
