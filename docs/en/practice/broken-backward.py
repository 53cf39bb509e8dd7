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
# title: Twelve broken backward passes
# description: Twelve mistakes that people really make in a backward pass, each planted by changing a line and put to four checks, with the one table that says which check catches what.
# keywords:
#   broken-backward: bugs, common mistakes, debug backpropagation
# ---

# %% [markdown]
# # Twelve broken backward passes {#broken-backward}
#
# After this page you will know twelve mistakes that people really make in a backward pass, what each of them does to the training, and which of four checks catches it. You will also be able to say from a report where in the code to look.
#
# Why a laboratory for mistakes? Because a wrong backward pass rarely looks wrong. Here is one with a wrong factor: on the way back, its middle layer multiplies by `W` where it should multiply by `W.T`. It learns to read [the digits](digits.py). Look at how well, beside the right one.

# %%
import inspect
from collections import namedtuple

import numpy as np
import backprop as bp
from backprop import plotting

plotting.use_style()

class NoTranspose(bp.Dense):
    def backward(self, delta):
        super().backward(delta)
        return delta @ self.W

digits = bp.load_digits()
x, labels = digits.x[:1000], digits.labels[:1000]
x_test, labels_test = digits.x[1000:], digits.labels[1000:]

for middle in (bp.Dense, NoTranspose):
    rng = np.random.default_rng(0)
    net = bp.Network([
        bp.Dense.random(64, 32, rng=rng, scheme="he"), bp.ReLU(),
        middle.random(32, 32, rng=rng, scheme="he"), bp.ReLU(),
        bp.Dense.random(32, 10, rng=rng, scheme="he"),
    ])
    bp.train(
        net, bp.softmax_cross_entropy, x, labels,
        epochs=10, batch_size=20, lr=0.1, rng=rng,
    )
    said = net.forward(x_test).argmax(axis=1)
    print(f"{middle.__name__:12} {np.mean(said == labels_test):.1%}")

# %% [markdown]
# Nobody who sees only the second number would look for a mistake. The layers above the wrong product still get their right gradients, and they make the best of what comes up from below. The network learns *in spite of* its backward pass. How often is that so? Let us find out, twelve times.

# %% [markdown]
# ## One right backward pass {#right}
#
# Most mistakes need nothing but a small network. Our first test bench has three inputs, three hidden sigmoid units and one output, which is left as it is, and a batch of eight samples. Its gradients are [the four equations](../equations/algorithm.md) without an activation at the output:
#
# <!-- equations: a network, outputs=identity -->
#
# $$
# \begin{aligned}
# \err{2} &= \frac{1}{n} (\A{2} - \Tgt) \\
# \err{1} &= (\err{2} (\W{2})^\T) \had \sigmoid'(\Z{1}) \\
# \grad{\Loss}{\W{1}} &= \X^\T \err{1} \\
# \grad{\Loss}{\b{1}} &= \sum_x \err{1}
# \end{aligned}
# $$
#
# In the code `e` is the difference between output and target. The forward pass returns the loss, and what it keeps for the way back. The last line reads the text of both functions: we shall need it soon.

# %%
sigmoid, slope = bp.sigmoid, bp.sigmoid_derivative

def forward(p, x, t):
    W1, b1, W2, b2 = p
    z1 = x @ W1 + b1
    a1 = sigmoid(z1)
    y = a1 @ W2 + b2
    e = y - t
    C = 0.5 * np.mean(e**2)
    return C, (x, z1, a1, e)

def backward(p, kept):
    W1, b1, W2, b2 = p
    x, z1, a1, e = kept
    delta2 = e / len(x)
    dW2 = a1.T @ delta2
    db2 = delta2.sum(axis=0)
    delta1 = (delta2 @ W2.T) * slope(z1)
    dW1 = x.T @ delta1
    db1 = delta1.sum(axis=0)
    return [dW1, db1, dW2, db2]

source = inspect.getsource(forward) + inspect.getsource(backward)

# %% [markdown]
# ## Four checks {#four-checks}
#
# How does a mistake become visible? There are four ways to see it, from the cheapest to the most expensive.
#
# **Shapes.** Each gradient must have the shape of its parameter.
#
# **The loss curve.** Take 200 steps and look whether the loss falls. We are generous to the mistake: it counts as caught only if the loss at the end is not below nine tenths of the first, or is no number at all.

# %%
lr = 0.1

def train(forward, backward, p, x, t, steps=200):
    losses = []
    for _ in range(steps + 1):
        C, kept = forward(p, x, t)
        losses.append(C)
        dp = backward(p, kept)
        p = [w - lr * dw for w, dw in zip(p, dp)]
    return losses

def falls(losses):
    return losses[-1] < 0.9 * losses[0]

# %% [markdown]
# **Differences.** Nudge each number of each parameter up and down, and compare the slope of the loss with the gradient. This uses the program's own forward pass, and nothing else. ([Checking a gradient](gradient-check.py) is about how small the nudge should be.)

# %%
def differences(loss, p, h=1e-5):
    slopes = [np.zeros(w.shape) for w in p]
    for w, dw in zip(p, slopes):
        for i in np.ndindex(w.shape):
            start = w[i]
            w[i] = start + h
            above = loss(p)
            w[i] = start - h
            below = loss(p)
            w[i] = start
            dw[i] = (above - below) / (2 * h)
    return slopes

# %% [markdown]
# **An oracle.** Differences ask one question: does this backward pass belong to *this* forward pass? If the forward pass itself computes the wrong loss, both may agree, and both be wrong. So the fourth check asks somebody else. Write the loss down a second time, from its definition: one sample after the other, one unit after the other, plain loops, no matrices, no broadcasting, not a line shared with the program. Then take its slopes.
#
# For the slopes there is a finer tool than a nudge, the [complex step](gradient-check.py#complex-step): move the number by a tiny *imaginary* amount and read the imaginary part of the loss. No two losses are subtracted, so no digits cancel.

# %%
def plain_loss(p, x, t):
    W1, b1, W2, b2 = p
    C = 0
    for n in range(len(x)):
        y = b2[0]
        for j in range(3):
            z = b1[j] + sum(x[n, i] * W1[i, j] for i in range(3))
            y = y + W2[j, 0] / (1 + np.exp(-z))
        C = C + 0.5 * (y - t[n, 0]) ** 2
    return C / len(x)

def oracle(loss, p, h=1e-30):
    p = [w.astype(complex) for w in p]
    slopes = [np.zeros(w.shape) for w in p]
    for w, dw in zip(p, slopes):
        for i in np.ndindex(w.shape):
            w[i] += h * 1j
            dw[i] = loss(p).imag / h
            w[i] -= h * 1j
    return slopes

# %% [markdown]
# Now the numbers: random inputs, a target that depends on two of them, random weights. A bench is all of this together: the text of the program, its parameters and data, and the definition of its loss.

# %%
Bench = namedtuple("Bench", "source p x t loss")

rng = np.random.default_rng(0)
x = rng.normal(size=(8, 3))
t = np.sin(x[:, :1] + x[:, 1:2]) + 1
p = [
    rng.normal(size=(3, 3)), np.zeros(3),
    rng.normal(size=(3, 1)), np.zeros(1),
]
plain = Bench(source, p, x, t, plain_loss)

# %% [markdown]
# `examine` puts a program to all four checks and prints one line. A dash says that the check has found nothing. In the last column it names the parameters whose gradients the oracle calls wrong.

# %%
def same(a, b):
    return a.shape == b.shape and np.allclose(a, b, rtol=1e-4, atol=1e-7)

def examine(name, program):
    bench, forward, backward = program
    p, x, t = bench.p, bench.x, bench.t
    dp = backward(p, forward(p, x, t)[1])
    nudged = differences(lambda p: forward(p, x, t)[0], p)
    true = oracle(lambda p: bench.loss(p, x, t), p)
    with np.errstate(all="ignore"):
        losses = train(forward, backward, p, x, t)
    wrong = [k for k in range(len(p)) if not same(dp[k], true[k])]
    good = (
        all(w.shape == dw.shape for w, dw in zip(p, dp)),
        falls(losses),
        all(map(same, dp, nudged)),
        not wrong,
    )
    row = "".join(f"{'-' if g else 'caught':7}" for g in good)
    names = ["W1", "b1", "W2", "b2", "W3", "b3"]
    listed = " ".join(names[k] for k in wrong)
    print(f"{name:16}{row}{losses[-1]:6.3f}  {listed}")
    return losses

head = "mistake         shapes curve  differ oracle C last  wrong"
print(head)
right = examine("none", (plain, forward, backward))

# %% [markdown]
# The right program passes everything. The loss fell to the number in the fifth column; remember it. It began here:

# %%
print(f"first loss {right[0]:.3f}, last loss {right[-1]:.3f}")

# %% [markdown]
# ## The twelve {#the-twelve}
#
# To plant a mistake, we replace a line of the program's text by another and run the result. (Testers call this *mutation*: whoever wants to know whether a test would notice a mistake makes one.) In each of the following cells the first line in quotes is the right one, the second is the one that takes its place.

# %%
def change(bench, *lines):
    text = bench.source
    for old, new in zip(lines[::2], lines[1::2]):
        assert text.count(old) == 1, f"not there exactly once: {old}"
        text = text.replace(old, new)
    names = dict(globals())
    exec(text, names)
    return bench, names["forward"], names["backward"]

broken, curves = {}, {}

def plant(name, bench, *lines):
    broken[name] = change(bench, *lines)
    print(head)
    curves[name] = examine(name, broken[name])

# %% [markdown]
# Before you run a cell, predict: which of the four checks will catch it, and which gradients will be wrong?

# %% [markdown]
# ### The weights move before the error has passed {#update-first}
#
# In a real program it looks like this: as soon as `dW2` is known, the weights are updated, "because we have the gradient now". The line of `delta1`, two lines further down, then uses the new `W2`.

# %%
plant(
    "update_first", plain,
    "db2 = delta2.sum(axis=0)",
    "db2 = delta2.sum(axis=0); W2 = W2 - lr * dW2",
)

# %% [markdown]
# The training hardly notices. The reason is in the formula: what is carried back is wrong by a term that has the learning rate as a factor.
#
# $$
# \begin{aligned}
# &\err{2} ( \W{2} - \lr \grad{\Loss}{\W{2}} )^\T \\
# &\quad = \err{2} (\W{2})^\T - \lr \, \err{2} ( \grad{\Loss}{\W{2}} )^\T \\
# &\quad = \err{2} (\W{2})^\T - \lr \, \err{2} (\err{2})^\T \A{1}
# \end{aligned}
# $$
#
# The second row multiplies out, the third puts in BP4, transposed. A small rate hides the mistake from the curve, but not from the differences. All gradients must be taken at *one* point; so first compute all of them, then move.

# %% [markdown]
# ### No batch mean, or two of them {#no-mean}
#
# The $\frac{1}{n}$ of the mean belongs in the backward pass exactly once. People forget it, or divide at the output *and* in every layer's gradient, which comes to the same as dividing at the output twice.

# %%
plant(
    "no_mean", plain,
    "delta2 = e / len(x)",
    "delta2 = e",
)
plant(
    "twice_mean", plain,
    "delta2 = e / len(x)",
    "delta2 = e / len(x) / len(x)",
)

# %% [markdown]
# Every gradient is wrong, and by the same factor: eight times too large, eight times too small. So the direction of the step is right, and the mistake acts like another learning rate. Without the mean the loss even ends *lower* than with the right program, for the right one has been given a rate that is too small for its task. But on the day the batch becomes larger, the step does too, and the training may blow up.

# %% [markdown]
# ### The bias gradient is not summed {#bias-not-summed}
#
# One bias serves all samples of the batch, so its gradient is [a sum over them](../equations/gradients.md#batch). If you try the code with one sample, you do not see that the sum is missing.

# %%
plant(
    "bias_not_summed", plain,
    "db1 = delta1.sum(axis=0)",
    "db1 = delta1",
)
below = curves["bias_not_summed"][-1] < right[-1]
print("ends below the right program:", below)

# %% [markdown]
# This one is caught by the shapes, and it should be caught there, for its curve looks better than the right one. How can that be? After the first step, `b1 - lr * db1` has been broadcast to a table: each sample has got hidden biases of its own. That helps to learn these eight samples by heart, and cannot be used for a ninth. (`b1 -= lr * db1` would have raised an error.)

# %% [markdown]
# ### σ′ taken at a {#slope-at-a}
#
# A function for the slope expects the sum $\z{1}$. Give it the activation $\a{1}$, and the squashing happens twice. The two arrays have the same shape and often similar names.

# %%
plant(
    "slope_at_a", plain,
    "delta1 = (delta2 @ W2.T) * slope(z1)",
    "delta1 = (delta2 @ W2.T) * slope(a1)",
)
z = np.array([-8.0, -2.0, 0.0, 2.0, 8.0])
print("slope(z)         ", slope(z).round(3))
print("slope(sigmoid(z))", slope(sigmoid(z)).round(3))

# %% [markdown]
# An activation lies between 0 and 1, and there the sigmoid is nearly a straight line. So the wrong slope is nearly the same everywhere; it claims that no unit is ever saturated. The signs are right, the sizes are not: the loss falls, and here even a bit lower than with the right program. In a deep network, whose units saturate, the same mistake does more harm.

# %% [markdown]
# ### The factors of an outer product swapped {#outer-swapped}
#
# *What came in along the arrow, times the error of the unit that the arrow leads to.* In NumPy that is `x.T @ delta1`, for a single sample `np.outer(x, delta1)`. Whoever learned it in columns, where the error comes first, writes the factors the other way round.
#
# $$
# \grad{\Loss}{\W{1}} = \X^\T \err{1} = ( (\err{1})^\T \X )^\T
# $$

# %%
plant(
    "outer_swapped", plain,
    "dW1 = x.T @ delta1",
    "dW1 = delta1.T @ x",
)

# %% [markdown]
# The result is the transpose of what it should be. With three inputs and three hidden units that fits. If the layer were not square, the shapes would catch it at once. So test with *different* sizes everywhere, and test square layers, too, by another check.

# %% [markdown]
# ### Targets (n,) against outputs (n, 1) {#flat-target}
#
# A file of targets is read as a plain row of eight numbers; the output is a column. `y - t` then is a table of eight by eight: each output minus *each* target. Nothing complains.
#
# Written by hand, the backward pass would now yield a `dW2` of a wrong shape, and you would notice. A program that differentiates by itself does it right: what was broadcast on the way forward, it sums on the way back. To be as fair, we change a second line: here the slope of the mean over the whole table.

# %%
plant(
    "flat_target", plain,
    "e = y - t",
    "e = y - t[:, 0]",
    "delta2 = e / len(x)",
    "delta2 = e.mean(axis=1, keepdims=True) / len(x)",
)
print(f"half the variance of the targets {0.5 * t.var():.3f}")

# %% [markdown]
# Here is the first mistake that differences *cannot* see. The gradient is right, for the loss that this program computes. That loss is the wrong one: each output is compared with everybody's target. Two samples show where it leads.
#
# <!-- equations: plain letters -->
#
# <!-- equation: definitions, with y_1=0.3, y_2=0.9, t_1=1, t_2=0.5, u=0.49, v=0.04, r=0.01, s=0.16, E=0.0875 -->
#
# $$
# \begin{aligned}
# u &= (y_1 - t_1)^2 \\
# v &= (y_1 - t_2)^2 \\
# r &= (y_2 - t_1)^2 \\
# s &= (y_2 - t_2)^2 \\
# E &= \frac{1}{4} \cdot \frac{1}{2} (u + v + r + s)
# \end{aligned}
# $$
#
# $$
# \begin{aligned}
# \grad{E}{y_1} &= \frac{1}{4} ((y_1 - t_1) + (y_1 - t_2)) \\
# &= \frac{1}{2} ( y_1 - \frac{t_1 + t_2}{2} )
# \end{aligned}
# $$
#
# The gradient is zero where $y_1$ is the *mean* of the targets, and the same holds for $y_2$. So the network learns to say the mean, whatever comes in. (The sum over the batch of all these wrong errors is right again: that is why the oracle does not name `b2`.) Its loss falls until it reaches half the variance of the targets, and stays there: compare the two numbers above. This is the curve of a network that "has got stuck".

# %% [markdown]
# ### Six runs, one of them right {#plain-curves}
#
# Cover the legend and choose the one you would trust.

# %%
names = ["no_mean", "twice_mean", "slope_at_a", "outer_swapped",
         "flat_target"]
shown = {name: curves[name] for name in names}
plotting.lines(
    range(201), xlabel="step", ylabel="C", right=right, **shown
);

# %% [markdown]
# ![Six falling curves of the loss over two hundred steps. That of no mean falls fastest and ends lowest. Those of slope at a, of the right program and of outer swapped are close together. That of twice mean falls slowly. That of flat target begins a little lower, falls a little and then runs flat.](figure)
#
# /// figure-caption
# The loss while training, with the right program and with five broken ones. The right one is neither the fastest nor the lowest. (The curves of `update_first` and of the right program would lie on each other.)
# ///

# %% [markdown]
# ## A bench with branches {#branches}
#
# The other six need more: a path that splits and joins, a ReLU, dropout, softmax. The second bench has two inputs, two hidden layers of four units, three classes, and twelve samples. Around its second hidden layer leads a *residual connection*, or *skip*: `s = a1 + a2`, the activations of both hidden layers added up.
#
# *Dropout* switches units off at random while training, so that no unit can rely on another: the activations are multiplied by a *mask* of zeros and ones, and divided by the share of units that is kept, so that their mean stays the same. The mask is drawn once and held, for all runs and all checks. (With a new mask in each call, the loss would jump, and [no difference would mean anything](gradient-check.py#random).)
#
# ![The second test bench as a chain from x through z1, a1, z2, a2, s and z3 to y and C. The part with z2 and a2 lies above; below it an arrow leads from a1 directly to s.](../figures/broken_bench.svg)
#
# /// figure-caption
# The second bench. Two paths lead from `a1` to `s`: one through the second hidden layer, and the skip. On the way back they meet again in `da1`.
# ///

# %%
def softmax(z):
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)

def forward(p, x, t):
    W1, b1, W2, b2, W3, b3 = p
    z1 = x @ W1 + b1
    a1 = np.maximum(z1, 0)
    z2 = a1 @ W2 + b2
    a2 = np.maximum(z2, 0) * mask / keep
    s = a1 + a2
    z3 = s @ W3 + b3
    y = softmax(z3)
    C = -np.mean(np.log((y * t).sum(axis=1)))
    return C, (x, z1, a1, z2, s, z3, y, t)

def backward(p, kept):
    W1, b1, W2, b2, W3, b3 = p
    x, z1, a1, z2, s, z3, y, t = kept
    delta3 = (y - t) / len(x)
    dW3 = s.T @ delta3
    db3 = delta3.sum(axis=0)
    ds = delta3 @ W3.T
    da2 = ds * mask / keep
    delta2 = da2 * (z2 > 0)
    dW2 = a1.T @ delta2
    db2 = delta2.sum(axis=0)
    da1 = ds + delta2 @ W2.T
    delta1 = da1 * (z1 > 0)
    dW1 = x.T @ delta1
    db1 = delta1.sum(axis=0)
    return [dW1, db1, dW2, db2, dW3, db3]

source = inspect.getsource(forward) + inspect.getsource(backward)

# %% [markdown]
# Again the definition, one number at a time, for the oracle. The targets are rows with a single 1, at the right class.

# %%
def relu(z):
    return z if z.real > 0 else 0

def branch_loss(p, x, t):
    W1, b1, W2, b2, W3, b3 = p
    C, units = 0, range(4)
    for n in range(len(x)):
        a = [
            relu(b1[j] + x[n, 0] * W1[0, j] + x[n, 1] * W1[1, j])
            for j in units
        ]
        s = [
            a[k] + mask[n, k] / keep
            * relu(b2[k] + sum(a[j] * W2[j, k] for j in units))
            for k in units
        ]
        powers = [
            np.exp(b3[c] + sum(s[k] * W3[k, c] for k in units))
            for c in range(3)
        ]
        C = C - np.log(powers[t[n].argmax()] / sum(powers))
    return C / len(x)

x = rng.normal(size=(12, 2))
label = (x[:, 0] > 0.3).astype(int) + (x[:, 1] > x[:, 0])
t = np.eye(3)[label]
shapes = [(2, 4), (4,), (4, 4), (4,), (4, 3), (3,)]
p = [rng.normal(0, 0.7, size=shape) for shape in shapes]
keep = 0.5
mask = (rng.random((12, 4)) < keep) * 1.0

branch = Bench(source, p, x, t, branch_loss)
print(head)
right = examine("none", (branch, forward, backward))
print(f"first loss {right[0]:.3f}, last loss {right[-1]:.3f}")

# %% [markdown]
# ### Overwritten where paths join {#overwrite}
#
# `a1` is used twice, so two paths come back to it, and [what they bring is added](../zero/chain-rule.md#twice). In a real program the second assignment to `da1` replaces the first: `=` where `+=` should be.

# %%
plant(
    "overwrite", branch,
    "da1 = ds + delta2 @ W2.T",
    "da1 = delta2 @ W2.T",
)

# %% [markdown]
# What came back along the skip is lost. In plain letters, with one unit, $w$ in the place of the second layer:
#
# <!-- equation: definitions, with a=0.5, w=3, t=0.6, r=1.5, s=2, E=0.98 -->
#
# $$
# \begin{aligned}
# r &= w a \\
# s &= a + r \\
# E &= \frac{1}{2} (s - t)^2
# \end{aligned}
# $$
#
# $$
# \begin{aligned}
# \grad{E}{a} &= \grad{E}{s} \cdot 1 + \grad{E}{s} \cdot w \\
# &= (s - t) (1 + w)
# \end{aligned}
# $$
#
# The 1 is what the overwritten path would have brought. `W1` and `b1` come before the place where the paths part, so their gradients are wrong; all others are right.

# %% [markdown]
# ### ReLU's mask from the wrong tensor {#wrong-mask}
#
# ReLU lets the error of those units pass whose *sum* was positive on the way forward. A program that has only the incoming gradient at hand masks that instead: `da[da < 0] = 0`, or "the backward of relu is relu". The mask has the right shape and consists of zeros and ones.

# %%
plant(
    "wrong_mask", branch,
    "delta2 = da2 * (z2 > 0)",
    "delta2 = da2 * (da2 > 0)",
)
for step in (0, 20, 60, 200):
    print(step, f"{curves['wrong_mask'][step]:.3f}")

# %% [markdown]
# At last the curve catches something, but late. For a good while the loss falls as it should. Then it is no number any more. No error of layer 2 can be negative now, and neither can `a1`, which comes in. So its biases and weights can only go down, even where the unit has long been off and the loss does not care. Nothing tells them to stop, and through `W2` they drag the first layer along.
#
# Another wrong tensor is the activation, together with `>=`: `a2 >= 0` holds for every unit, and the mask does nothing at all. [An exercise](../hand/backward-walk.md#exercises) of an earlier page is about that one.

# %% [markdown]
# ### A transpose missing between square matrices {#no-transpose}
#
# The mistake from the top of the page, in its natural place: two layers of equal size.

# %%
plant(
    "no_transpose", branch,
    "da1 = ds + delta2 @ W2.T",
    "da1 = ds + delta2 @ W2",
)

# %% [markdown]
# With the transpose, unit 1 collects along the arrows that *leave* it:
#
# <!-- equations: a network -->
#
# $$
# \grad{\Lossx}{\a{1}_1} = \err{2}_1 \W{2}_{11} + \err{2}_2 \W{2}_{12}
# $$
#
# Without it, the unit gets $\err{2}_1 \W{2}_{11} + \err{2}_2 \W{2}_{21}$: the second weight belongs to another unit's arrow. [From elements to matrices](../hand/matrix-form.md#transpose) shows why. And once more the broken run ends lower than the right one. With so few steps, luck decides; a low loss is no proof that the gradient is right.

# %% [markdown]
# ### Dropout's scale lost on the way back {#dropout-scale}
#
# Forward multiplies by `mask / keep`. On the way back people remember the mask and forget the number. You can find this in published code: the mask times two on the way forward, where half of the units are kept, and the mask alone on the way back.

# %%
plant(
    "dropout_scale", branch,
    "da2 = ds * mask / keep",
    "da2 = ds * mask",
)

# %% [markdown]
# Whatever was multiplied on the way forward is the local derivative on the way back, all of it. Here everything that comes back through the second hidden layer is half as large as it should be.

# %% [markdown]
# ### Softmax applied twice {#softmax-twice}
#
# The network ends with softmax, so that its outputs are probabilities. The loss of the library expects logits, and applies softmax by itself. Both are right, each alone.
#
# In a library that differentiates by itself the gradient goes back through both. To be as fair, we change a second line: the error passes the [Jacobian of the inner softmax](../equations/softmax.md#jacobian).

# %%
def through_softmax(z, dq):
    q = softmax(z)
    return q * (dq - (dq * q).sum(axis=1, keepdims=True))

plant(
    "softmax_twice", branch,
    "y = softmax(z3)",
    "y = softmax(softmax(z3))",
    "delta3 = (y - t) / len(x)",
    "delta3 = through_softmax(z3, (y - t) / len(x))",
)

# %% [markdown]
# Differences pass, as with `flat_target`: the right gradient of a wrong loss. The oracle objects to all six arrays. The run gives a hint, too, if you know what to look for. The outer softmax is given numbers between 0 and 1. Even if the inner one is as sure as can be, 1 for the right class and 0 for the other two, the outer one says only
#
# <!-- equations: plain letters -->
#
# <!-- equation: definitions, with u_1=2.718281828459045, u_2=1, u_3=1, q_1=0.5761168847658291, E=0.551444713932051 -->
#
# $$
# \begin{aligned}
# u_1 &= e^1 \\
# u_2 &= e^0 \\
# u_3 &= e^0 \\
# q_1 &= \frac{u_1}{u_1 + u_2 + u_3} \\
# E &= -\ln q_1
# \end{aligned}
# $$

# %%
q_1 = np.e / (np.e + 1 + 1)
print(f"highest probability {q_1:.3f}")
print(f"lowest loss         {-np.log(q_1):.3f}")

# %% [markdown]
# So the loss has a floor, and no training gets below it. A classifier whose loss stops far above zero while its accuracy is fine: look for a second softmax.

# %% [markdown]
# ### A kept array changed in place {#in-place}
#
# To save memory, or out of habit, the sum is computed inside an array that exists already. `s = a1` makes no copy: it is a second name for the same array. `s += a2` changes what both names mean.

# %%
plant(
    "in_place", branch,
    "s = a1 + a2",
    "s = a1; s += a2",
)

# %% [markdown]
# The forward pass is right, for nobody uses the old `a1` there any more. On the way back `dW2` needs it, as *what came in*, and finds the sum. One array out of six is wrong, and nothing else shows. The rule: what was kept for the way back belongs to the way back until it has passed.

# %%
names = ["overwrite", "wrong_mask", "no_transpose", "softmax_twice",
         "in_place"]
shown = {"right": right} | {name: curves[name] for name in names}
for name, C in shown.items():
    shown[name] = np.where(np.array(C) < 1.5, C, np.nan)
plotting.lines(
    range(201), xlabel="step", ylabel="C", log="y", **shown
);

# %% [markdown]
# ![Six curves of the loss over two hundred steps on a logarithmic scale. Most fall close together. That of overwrite stays higher, that of softmax twice falls slowly. That of wrong mask falls with the others, turns, rises steeply and leaves the picture.](figure)
#
# /// figure-caption
# The loss of the second bench, on a logarithmic scale, cut off above. In the first steps nobody could tell `wrong_mask` from the others. The curves of `no_transpose` and `in_place` end below that of the right program.
# ///

# %% [markdown]
# ## The table {#generated-table}
#
# All in one table, made by running each of them again (thirteen rows, since the batch mean can be missing or be taken twice):

# %%
print(head)
for name, program in broken.items():
    examine(name, program)

# %% [markdown]
# ## What catches what {#what-catches-what}
#
# Read the table by columns.
#
# - **Shapes** catch one. They cost nothing, so look at them always, and choose sizes that differ wherever they may, for then they catch more: the swapped product and the missing transpose need square matrices to hide in.
# - **The curve** catches one, and late. Several broken programs end lower than the right one. A falling loss says that *some* of the gradient points in *some* good direction.
# - **Differences** catch all but two. Those two are not mistakes of the backward pass: it follows its forward pass faithfully, into the wrong loss.
# - **The oracle** catches all. It costs most, for you have to write the loss a second time, and it is an oracle only if you write it from the definition. If you copy the forward pass, you copy its mistake.
#
# Read it by rows, and the last column says where to look. The error walks from the output back to the input. So a wrong line spoils what is computed from it, which is what comes *before* it in the network. The layers after it keep their right gradients. All gradients wrong: look at the output, at the loss. Only those of the first layers wrong: look at the line that carries the error across to them. A single array wrong: look at its own line, or at what came in.
#
# A check is only as good as its numbers. Here two of the mistakes are examined again with data that flatter them, one sample in the first, a symmetric `W2` in the second. Before you run it, say which checks are left.

# %%
one = plain._replace(x=plain.x[:1], t=plain.t[:1])
_, forward, backward = broken["no_mean"]
print(head)
examine("no_mean", (one, forward, backward))

p = [w.copy() for w in branch.p]
p[2] = (p[2] + p[2].T) / 2
symmetric = branch._replace(p=p)
_, forward, backward = broken["no_transpose"]
examine("no_transpose", (symmetric, forward, backward));

# %% [markdown]
# Nothing is left: with one sample the mean is the number itself, and a symmetric matrix is its own transpose. So check with several samples and with random numbers, as `bp.check_gradients` advises when it sees such data.

# %% [markdown]
# ## A piece of history {#history}
#
# One of the twelve is famous. A worked example of backpropagation, one of the most copied on the web, takes a network of two inputs, two hidden units and two outputs, and computes everything by hand: the loss, eight gradients, and the loss after one step. (One bias serves both units of a layer, and the biases are not moved.) Here are its numbers, and a right step.

# %%
x = np.array([[0.05, 0.10]])
t = np.array([[0.01, 0.99]])
W1, b1 = np.array([[0.15, 0.25], [0.20, 0.30]]), 0.35
W2, b2 = np.array([[0.40, 0.50], [0.45, 0.55]]), 0.60

def loss(W1, W2):
    y = sigmoid(sigmoid(x @ W1 + b1) @ W2 + b2)
    return 0.5 * np.sum((y - t) ** 2)

a1 = sigmoid(x @ W1 + b1)
a2 = sigmoid(a1 @ W2 + b2)
delta2 = (a2 - t) * a2 * (1 - a2)
dW2 = a1.T @ delta2
delta1 = (delta2 @ W2.T) * a1 * (1 - a1)
dW1 = x.T @ delta1

print(f"before    {loss(W1, W2):.8f}")
print(f"after     {loss(W1 - 0.5 * dW1, W2 - 0.5 * dW2):.8f}")
print("published 0.29102792")

# %% [markdown]
# The published number differs in the seventh decimal, and its copies repeat it. Rounding? The text computes with more digits than that. No: a broken backward pass gives exactly this number. Such a small difference says something, too: which of the twelve would change so little? [The last exercise](#exercise-11) lets you find out. How the number came about is told, with the answer, in the [errata](../reference/errata.md#updated-too-early).

# %% [markdown]
# ## Exercises {#exercises}
#
# Every mistake of this page is yours to repair. The wrong line is there behind a `#`; write the right one in the place of the dots. Your program is compared with an oracle, on numbers of its own.
#
# <!-- exercises -->

# %% [markdown]
# ## What comes next {#next}
#
# You have seen which mistakes a backward pass can have, and what finds them. Read [Handwritten digits](digits.py#check) once more with these eyes: which of the twelve would its check have caught? All terms are in the [glossary](../reference/glossary.md).
