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
# title: The gradient is right, and yet it does not learn
# description: Eight ailments of networks whose gradient is right, each with its symptom, the measurement that tells it from the others, and its cure; and a table to work through.
# keywords:
#   not-learning: network not learning, not training, loss not decreasing, loss stuck, not converging, debugging
#   xor: xor
#   equal-weights: all weights zero, symmetry breaking
#   rate-too-large: nan, loss is nan, diverges
#   unscaled: normalize inputs, feature scaling, standardization
#   dead-relu: dying relu, dead relu, dead neuron
# ---

# %% [markdown]
# # The gradient is right, and yet it does not learn {#not-learning}
#
# After this page you will be able to find out why a network does not learn although its backward pass is right: by measuring, in a fixed order, instead of trying things out.
#
# The [gradient check](gradient-check.py) compares the backward pass with the slope of the loss. If it passes, each derivative is what it claims to be. The check does not say that following the slope leads anywhere. The loss may be flat where you are. The step may be too long. Or the program may minimise, without any mistake in its slopes, a loss that nobody wanted.
#
# Here are eight such cases. Each has three parts: the *symptom*, what you see; the *measurement*, one or two lines that tell this case from the others; the *cure*, and the same run again. Most of the runs use this loop, on all samples at once:

# %%
import numpy as np
import backprop as bp
from backprop import plotting

plotting.use_style()

def descend(net, loss, x, t, *, lr, steps):
    """Gradient descent on all samples; the loss before each step."""
    optimizer = bp.SGD(net, lr)
    losses = []
    for _ in range(steps):
        y = net.forward(x)
        losses.append(loss(y, t))
        net.backward(loss.gradient(y, t))
        optimizer.step()
    return losses

# %% [markdown]
# ## XOR without a hidden layer {#xor}
#
# **Symptom.** The target is 1 where exactly one of the two inputs is 1; this function is called *XOR*. One sigmoid unit is to learn it. Look at the outputs:

# %%
x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
t = np.array([[0.0], [1.0], [1.0], [0.0]])

rng = np.random.default_rng(0)
unit = bp.Network([bp.Dense.random(2, 1, rng=rng), bp.Sigmoid()])
alone = descend(unit, bp.squared_error, x, t, lr=2.0, steps=500)
print("loss   ", round(alone[-1], 4))
print("outputs", unit.forward(x).ravel().round(3))
print("check  ", bp.check_gradients(unit, bp.squared_error, x, t).passed)

# %% [markdown]
# The loss stops at 0.125, all outputs are 0.5, and the check passes. It is not stuck on the way: for this network there is nothing better nearby. Why?
#
# Leave out the sigmoid for a moment. The unit then has four outputs, one for each sample, and the loss $\Loss$ is the mean of their squared errors:
#
# <!-- equations: plain letters -->
#
# <!-- equation: definitions, with w_1=1, w_2=2, b=3, y_1=3, y_2=5, y_3=4, y_4=6, C=8.75 -->
#
# $$
# \begin{aligned}
# \y_1 &= \bias \\
# \y_2 &= \weight_2 + \bias \\
# \y_3 &= \weight_1 + \bias \\
# \y_4 &= \weight_1 + \weight_2 + \bias \\
# \Loss &= \frac{1}{8} (\y_1^2 + (\y_2 - 1)^2 \\
# &\quad {} + (\y_3 - 1)^2 + \y_4^2)
# \end{aligned}
# $$
#
# Whatever the weights, the first and the last output have the same sum as the two in the middle:
#
# $$
# \begin{aligned}
# \y_1 + \y_4 &= \weight_1 + \weight_2 + 2 \bias \\
# &= \y_2 + \y_3
# \end{aligned}
# $$
#
# The targets do not: zero and zero on one side, one and one on the other. So the four differences from the targets can never all be zero. With two of the signs turned, they add up to the same number for all weights:
#
# $$
# \y_1 - (\y_2 - 1) - (\y_3 - 1) + \y_4 = 2
# $$
#
# Of all numbers with a given sum, equal ones have the smallest sum of squares: wherever two differ, putting their mean in place of both keeps the sum and makes the squares smaller. So here each difference is a half in size, and each output is one half. And the gradient there?
#
# $$
# \begin{aligned}
# \grad{\Loss}{\weight_1} &= \frac{1}{4} ((\y_3 - 1) + \y_4) \\
# \grad{\Loss}{\weight_2} &= \frac{1}{4} ((\y_2 - 1) + \y_4) \\
# \grad{\Loss}{\bias} &= \frac{1}{4} (\y_1 + (\y_2 - 1) \\
# &\quad {} + (\y_3 - 1) + \y_4)
# \end{aligned}
# $$
#
# Only samples whose input is 1 count for a weight. With one half for each output, the contributions cancel in pairs. With a sigmoid all four get the same slope as a further factor, and cancel as before. (Near the sum 0 a sigmoid is almost a straight line, so nearby it does no better than the unit without it.)
#
# <!-- equations: a network -->
#
# **Measurement.** Print the errors one sample at a time, before they are added up. A gradient of zero out of zero errors means "learned". A gradient of zero out of errors that cancel means "gradient descent stands still here", and for a single unit, as we have seen, that there is nothing better nearby:

# %%
y = np.full((4, 1), 0.5)
delta = (y - t) / len(x) * y * (1 - y)
print("errors", delta.ravel())
print("their shares of dW, a row for each weight:")
print(x.T * delta.T + 0.0)        # + 0.0: no minus before a zero
print("dW", (x.T @ delta).ravel(), "db", delta.sum(axis=0))

# %% [markdown]
# **Cure.** The sum of a sigmoid unit obeys the same rule as the outputs above. It would have to be negative for the first and the last sample, positive for the other two, and both pairs have the same sum. So no weights of a single unit get all four right, and no training helps. What helps is a hidden layer: its units make new numbers out of the two inputs, and the activation keeps these from obeying the same rule.

# %%
def xor_network(W1, W2):
    return bp.Network([
        bp.Dense(W1, np.zeros(4)), bp.Tanh(),
        bp.Dense(W2, np.zeros(1)), bp.Sigmoid(),
    ])

rng = np.random.default_rng(1)
net = xor_network(rng.normal(0, 1, (2, 4)), rng.normal(0, 1, (4, 1)))
losses = descend(net, bp.squared_error, x, t, lr=2.0, steps=500)
print("loss   ", round(losses[-1], 4))
print("outputs", net.forward(x).ravel().round(2))

# %% [markdown]
# ## All weights equal {#equal-weights}
#
# **Symptom.** The same network with the hidden layer, but all weights of a layer start at the same number. Something is learned, and then hardly anything more:

# %%
equal = xor_network(np.full((2, 4), 0.5), np.full((4, 1), 0.5))
same = descend(equal, bp.squared_error, x, t, lr=2.0, steps=500)
print("loss   ", round(same[-1], 4))
print("outputs", equal.forward(x).ravel().round(2))
print("check  ", bp.check_gradients(equal, bp.squared_error, x, t).passed)

# %% [markdown]
# Three samples get nearly the same output, 0.66 to 0.68. The check passes here, too. In the formulas of one sample, look for the number $j$ of the hidden unit:
#
# $$
# \begin{aligned}
# \err{1}_j &= \Bigl(\sum_k \err{2}_k \W{2}_{jk}\Bigr) \act'(\z{1}_j) \\
# \grad{\Lossx}{\W{1}_{ij}} &= \x_i \err{1}_j
# \end{aligned}
# $$
#
# It occurs in the outgoing weights and in the sum. If these are the same for every $j$, so are the errors, so are the gradients, and so are the weights after the step. What was equal stays equal. Four units then do the work of one.
#
# **Measurement.** Column $j$ of $\W{1}$ belongs to unit $j$. How far apart are the columns? (`np.ptp`, "peak to peak", is the largest number minus the smallest one.)

# %%
def spread(W):
    """How far apart two units' weights for one input are, at most."""
    return np.ptp(W, axis=1).max()

print(equal.layers[0].W.round(3))
print("spread, equal start ", round(spread(equal.layers[0].W), 6))
print("spread, random start", round(spread(net.layers[0].W), 1))

# %% [markdown]
# **Cure.** Random weights. They need not be far apart: here each is one half plus a little noise.

# %%
rng = np.random.default_rng(2)
W1 = 0.5 + rng.normal(0, 0.1, (2, 4))
W2 = 0.5 + rng.normal(0, 0.1, (4, 1))
apart = xor_network(W1, W2)
losses = descend(apart, bp.squared_error, x, t, lr=2.0, steps=500)
print("loss   ", round(losses[-1], 4))
print("outputs", apart.forward(x).ravel().round(2))

# %%
plotting.lines(
    np.arange(500), xlabel="step", ylabel="loss",
    unit=alone, equal=same, apart=losses,
);

# %% [markdown]
# ![Three curves of the loss over the steps. The one called unit falls a little and is level from then on. The one called equal falls further and is nearly level, at about two thirds of that. The one called apart follows the one called equal at first and then falls to almost zero.](figure)
#
# /// figure-caption
# XOR with one unit, with four units that started equal, and with four that started slightly apart. All three gradients are right.
# ///
#
# Biases may all start at zero: once the weights differ, so do the errors. [How large](slow-learning.py#initialisation) the random numbers should be is a question of its own.
#
# ## A learning rate too large {#rate-too-large}
#
# **Symptom.** The loss jumps up and down, or grows until it is *NaN*, "not a number". To see why, one weight is enough. Its loss is a bowl, and $c$ says how steep the bowl is:
#
# <!-- equations: plain letters -->
#
# <!-- equation: definitions, with w=3, c=4, E=18 -->
#
# $$
# \Lossx = \frac{1}{2} c \weight^2
# $$
#
# $$
# \begin{aligned}
# \grad{\Lossx}{\weight} &= c \weight \\
# \weight - \lr \grad{\Lossx}{\weight} &= \weight - \lr c \weight \\
# &= (1 - \lr c) \weight
# \end{aligned}
# $$
#
# <!-- equations: a network -->
#
# Each step multiplies the weight, its distance from the lowest point, by the same factor $1 - \lr c$. The distance shrinks if this factor lies between −1 and 1, that is, if $\lr$ is below $2 / c$. Watch the factor and the weight, which starts at 1:

# %%
c = 2.0
for lr in (0.1, 0.5, 0.9, 1.0, 1.1):
    w, seen = 1.0, []
    for _ in range(5):
        w = w - lr * c * w
        seen.append(round(w, 3))
    print(f"lr {lr}   factor {1 - lr * c:+.1f}  ", seen)

# %% [markdown]
# As the rate grows, the weight creeps towards 0, lands on it in one step, leaps to and fro across it, and from the limit $2 / c$ on never arrives. Beyond the limit the weight grows without end. But floats do have an end:

# %%
w = np.float64(1.0)
with np.errstate(all="ignore"):
    for step in range(1, 400):
        w = w - 10.0 * c * w
        if step in (1, 2, 3, 10, 100) or not np.isfinite(w):
            print(f"step {step:3}   w {w:.3g}")
        if np.isnan(w):
            break

# %% [markdown]
# First the weight becomes infinite. One step later infinity is subtracted from infinity, and the result is NaN. From then on everything computed from it is NaN.
#
# The slope was right at each of these steps. The package stops before NaN can spread. Here a layer without activation is to learn two hundred of the [handwritten digits](digits.py) by squared error. The target of each picture is a row with 1 at its label and 0 elsewhere:

# %%
digits = bp.load_digits()
pictures, labels = digits.x[:200], digits.labels[:200]
one_hot = np.eye(10)[labels]

linear = bp.Network([bp.Dense(np.zeros((64, 10)), np.zeros(10))])
try:
    descend(linear, bp.squared_error, pictures, one_hot, lr=1.0, steps=500)
except ValueError as error:
    print(error)

# %% [markdown]
# **Measurement.** Print the first losses, one a step. With a rate far too large they grow within a few steps. If you see NaN, look for the *last finite* loss: what matters happened before it. And compare the length of a step with the size of the weights, as in the next section.
#
# **Cure.** Divide the rate by ten until the first losses fall. Then go up again in small steps. With many weights, the bowl is steeper in some directions than in others, and the steepest one sets the limit for all.
#
# ## A learning rate too small {#rate-too-small}
#
# **Symptom.** The loss falls with every step, and yet after a hundred steps hardly anything has changed. Here are three rates on the same network, for the same two hundred digits:

# %%
cross_entropy = bp.softmax_cross_entropy

def digit_network(activation):
    rng = np.random.default_rng(0)
    return bp.Network([
        bp.Dense.random(64, 16, rng=rng, scheme="he"), activation,
        bp.Dense.random(16, 10, rng=rng, scheme="he"),
    ])

runs = {}
for name, lr in (("small", 0.001), ("good", 0.5), ("large", 5.0)):
    net = digit_network(bp.ReLU())
    runs[name] = descend(
        net, cross_entropy, pictures, labels, lr=lr, steps=100
    )
    print(f"{name:6} lr {lr:5}   first {runs[name][0]:.3f}"
          f"   highest {max(runs[name]):.1f}   last {runs[name][-1]:.3f}")

# %%
plotting.lines(
    np.arange(100), xlabel="step", ylabel="loss", log="y", **runs
);

# %% [markdown]
# ![Three curves of the loss over the steps, with a logarithmic scale. The one called good falls far. The one called small looks level. The one called large leaps up at once, comes down again and then stays level; the two lie on each other.](figure)
#
# /// figure-caption
# The same network with three learning rates. Two curves are level for most of the way, for opposite reasons.
# ///
#
# A level curve alone does not tell which of the two it is. (What became of the large rate after its jump, we will see [below](#dead-relu).)
#
# **Measurement.** How long is a step compared with the weights it changes? The length of an array is the root of the sum of its squares, `np.linalg.norm`:

# %%
net = digit_network(bp.ReLU())
y = net.forward(pictures)
net.backward(cross_entropy.gradient(y, labels))
first = net.layers[0]
relative = np.linalg.norm(first.dW) / np.linalg.norm(first.W)
for lr in (0.001, 0.5, 5.0):
    print(f"lr {lr:5}   step / weights {lr * relative:.5f}")
check = bp.check_gradients(net, cross_entropy, pictures[:5], labels[:5])
print("check   ", check.passed)

# %% [markdown]
# With the good rate the first step is 0.06674 of the length of the weights. With the small one a step is 0.00013 of it: after a hundred steps in one direction, the weights have moved by about a hundredth. With the large one a step is 0.66740 of it, and a single one changes the weights by two thirds of their own size.
#
# **Cure.** Multiply the rate by ten as long as the loss falls. When it grows, take the rate before. As a rule of thumb, steps between a thousandth and a tenth of the weights are worth a try.
#
# ## Inputs from 0 to 255 {#unscaled}
#
# **Symptom.** Picture files hold whole numbers from 0 to 255. If a network with sigmoids gets them as they are, the loss falls a little and then stops. Our digits, multiplied by 255, show it:

# %%
raw = (255 * pictures).round()
unscaled = digit_network(bp.Sigmoid())
start = bp.check_gradients(unscaled, cross_entropy, raw[:5], labels[:5])
raw_losses = descend(
    unscaled, cross_entropy, raw, labels, lr=2.0, steps=100
)
print("inputs from", raw.min(), "to", raw.max())
print("loss at the start", round(raw_losses[0], 2))
print("still above 2.2  ", raw_losses[-1] > 2.2)
found = bp.accuracy(unscaled.forward(raw), labels)
print("accuracy below 20%:", found < 0.2)
print("check            ", start.passed)

# %% [markdown]
# **Measurement.** A sum over 64 inputs of this size is far from 0, even with small random weights. There the sigmoid is flat: the unit is *saturated*. Over all units and samples, count the slopes below a hundredth; the largest slope of a sigmoid is a quarter:

# %%
def saturated(net, x):
    """Share of sigmoids whose slope is below a hundredth."""
    net.forward(x)
    return (bp.sigmoid_derivative(net.layers[1].z) < 0.01).mean()

for name, inputs in (("0 to 255", raw), ("0 to 1  ", raw / 255)):
    share = saturated(digit_network(bp.Sigmoid()), inputs)
    print(name, "saturated at the start:", f"{share:.0%}")

# %% [markdown]
# The error of a hidden unit has this slope as a factor. So 97% of these errors are almost zero, and rightly so: the check passes. Where a unit is saturated, a small move of its weights really changes almost nothing.
#
# The few that are not saturated suffer from the opposite: steps too long. Take one weight and one input:
#
# <!-- equations: plain letters -->
#
# <!-- equation: definitions, with w=2, x=3, t=1, E=12.5 -->
#
# $$
# \Lossx = \frac{1}{2} (\weight \x - \t)^2
# $$
#
# $$
# \begin{aligned}
# \grad{\Lossx}{\weight} &= \x (\weight \x - \t) \\
# &= \x^2 \weight - \x \t \\
# \weight - \lr \grad{\Lossx}{\weight} &= (1 - \lr \x^2) \weight + \lr \x \t
# \end{aligned}
# $$
#
# <!-- equations: a network -->
#
# The steepness $c$ of [the bowl](#rate-too-large) is the square of the input. What came in along the arrow enters twice: once into the output, once into the gradient. If the inputs are 255 times as large, the rate has to be smaller by the square of that.
#
# **Cure.** Divide, so that the inputs lie between 0 and 1. Where the columns measure different things, say metres and years, subtract from each column its mean and divide by its standard deviation. For the test data, too, use the mean and the standard deviation of the training data.

# %%
scaled = digit_network(bp.Sigmoid())
scaled_losses = descend(
    scaled, cross_entropy, raw / 255, labels, lr=2.0, steps=100
)
print("loss    ", round(scaled_losses[-1], 2))
print("accuracy", bp.accuracy(scaled.forward(raw / 255), labels))

# %%
plotting.lines(
    np.arange(100), xlabel="step", ylabel="loss",
    raw=raw_losses, scaled=scaled_losses,
);

# %% [markdown]
# ![Two curves of the loss over the steps. The one called raw falls a little at the very beginning and then stays high. The one called scaled falls almost to zero.](figure)
#
# /// figure-caption
# The same network, the same first weights, the same rate: only the inputs have been divided.
# ///
#
# ## Targets of shape (n,) {#shapes}
#
# **Symptom.** A straight line is to be fitted to fifty points on the line `3 * u + 1`, in plain NumPy. The loss falls and settles, and nothing fails. Compare `w` and `b` with what they should be:

# %%
rng = np.random.default_rng(0)
u = rng.uniform(-1, 1, (50, 1))
v = 3 * u[:, 0] + 1               # shape (50,): the targets

def fit(u, v, steps=300, lr=0.3):
    w, b = 0.0, 0.0
    for _ in range(steps):
        y = w * u + b             # shape (50, 1): the outputs
        difference = y - v
        w -= lr * np.mean(difference * u)
        b -= lr * np.mean(difference)
    return w, b, 0.5 * np.mean(difference**2)

w, b, C = fit(u, v)
print(f"w {w:.3f}   b {b:.3f}   loss {C:.3f}   mean of v {v.mean():.3f}")

# %% [markdown]
# It has learned the mean of the targets, and that the input does not matter. Is the slope wrong? Nudge `w`, at `w = 2` and `b = 0`:

# %%
def loss_at(w, b):
    return 0.5 * np.mean((w * u + b - v) ** 2)

h = 1e-5
nudged = (loss_at(2 + h, 0) - loss_at(2 - h, 0)) / (2 * h)
computed = np.mean((2 * u + 0 - v) * u)
print(f"nudged {nudged:.6f}   computed {computed:.6f}")

# %% [markdown]
# It is right: right for the loss that is computed. **Measurement.** Print the shape of the difference:

# %%
y = w * u + b
print("outputs", y.shape, "targets", v.shape, "difference", (y - v).shape)
try:
    bp.squared_error(y, v)
except ValueError as error:
    print(error)

# %% [markdown]
# A column of outputs and targets with a single axis, which count as a row: NumPy stretches both to a table, by *broadcasting*. Every output is compared with *every* target. For two samples, with $m$ for the mean of the targets:
#
# <!-- equations: plain letters -->
#
# <!-- equation: definitions, with y_1=1, y_2=2, t_1=3, t_2=5, m=4, C=3.75 -->
#
# $$
# \begin{aligned}
# m &= \frac{1}{2} (\t_1 + \t_2) \\
# \Loss &= \frac{1}{8} ((\y_1 - \t_1)^2 + (\y_1 - \t_2)^2 \\
# &\quad {} + (\y_2 - \t_1)^2 + (\y_2 - \t_2)^2)
# \end{aligned}
# $$
#
# $$
# \begin{aligned}
# \grad{\Loss}{\y_1} &= \frac{1}{4} ((\y_1 - \t_1) + (\y_1 - \t_2)) \\
# &= \frac{1}{2} (\y_1 - m)
# \end{aligned}
# $$
#
# <!-- equations: a network -->
#
# Where the target of the sample should be, there is the mean of all. That is why the mean is learned. The package refuses such a pair and names both shapes.
#
# **Cure.** Give the targets the shape of the outputs, a column:

# %%
w, b, C = fit(u, v[:, np.newaxis])
print(f"w {w:.3f}   b {b:.3f}   loss {C:.3f}")

# %% [markdown]
# In your own programs, one line finds this mistake: `assert y.shape == t.shape`. (The labels of the digits are another matter: `softmax_cross_entropy` expects one number for each sample, of shape (n,).)
#
# ## Whole-number arrays {#integers}
#
# **Symptom.** One unit, weights that start at whole numbers, and no error message. The weights do not move. Written with decimal points, the same numbers learn:

# %%
x1 = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])
t1 = x1 @ np.array([[1.5], [-0.5]])    # what the weights should become

def train_unit(W, lr=0.1, steps=100):
    for _ in range(steps):
        dW = x1.T @ (x1 @ W - t1) / len(x1)
        W[:] = W - lr * dW
    return W

for start in ([[1], [0]], [[1.0], [0.0]]):
    W = train_unit(np.array(start))
    print("from", start, "to", W.ravel().round(2))

# %% [markdown]
# **Measurement.** Each array has one kind of number, `dtype.kind`: `i` for whole numbers with a sign, `u` for those without, `f` for floats. What is written *into* an array takes on the array's kind:

# %%
W = np.array([[1], [0]])
dW = x1.T @ (x1 @ W - t1) / len(x1)
print("kind of W:", W.dtype.kind, "  kind of dW:", dW.dtype.kind)
print("wanted", (W - 0.1 * dW).ravel().round(3))
W[:] = W - 0.1 * dW
print("stored", W.ravel())
try:
    W -= 0.1 * dW
except TypeError as error:
    print(type(error).__name__)

# %% [markdown]
# The gradient is a float, and right. So are the new weights, but writing them into the old array cuts off everything behind the point, without a word. Only `-=` complains. A step that changes a weight by less than 1 leaves it where it is, or moves it by a whole 1 towards zero.
#
# Pictures are often stored in bytes, `uint8`. There even a difference goes wrong, because a byte can't be negative:

# %%
pixel, target = np.array([3], dtype=np.uint8), np.array([5], dtype=np.uint8)
print("3 - 5 in bytes:", pixel - target)
print("as decimals   :", pixel.astype(float) - target)

# %% [markdown]
# **Cure.** Turn arrays into floats where they enter: `np.asarray(W, dtype=float)`. The package does so with what it is given, in a copy of its own:

# %%
layer = bp.Dense(np.array([[1], [0]]), np.array([0]))
print("kind of W in the package:", layer.W.dtype.kind)

# %% [markdown]
# ## ReLUs that died {#dead-relu}
#
# **Symptom.** The loss is constant, and the outputs are the same for every input. Here with a rate a little too large, for ReLU units:

# %%
dead = digit_network(bp.ReLU())
losses = descend(dead, cross_entropy, pictures, labels, lr=2.0, steps=200)
print("loss", round(losses[0], 3), "->", round(losses[-1], 3))
outputs = dead.forward(pictures)
print("same outputs for every picture:", np.ptp(outputs, axis=0).max() == 0)
check = bp.check_gradients(dead, cross_entropy, pictures[:5], labels[:5])
print("check", check.passed)

# %% [markdown]
# **Measurement.** Count the hidden units whose sum is not positive for *any* sample:

# %%
def dead_units(net, x):
    """How many ReLU units are 0 for every sample."""
    net.forward(x)
    return int((net.layers[1].z <= 0).all(axis=0).sum())

print("dead at the start:", dead_units(digit_network(bp.ReLU()), pictures))
print("dead at the end  :", dead_units(dead, pictures), "of 16")
y = dead.forward(pictures)
dead.backward(cross_entropy.gradient(y, labels))
print("gradient of W1 all zero:", not dead.layers[0].dW.any())
print("gradient of b2 all zero:", not dead.layers[2].db.any())

# %% [markdown]
# <!-- equations: a network, hidden=relu, outputs=softmax, loss=cross-entropy -->
#
# $$
# \begin{aligned}
# \err{1} &= (\err{2} (\W{2})^\T) \had \act'(\Z{1}) \\
# \grad{\Loss}{\W{1}} &= \X^\T \err{1} \\
# \grad{\Loss}{\W{2}} &= (\A{1})^\T \err{2}
# \end{aligned}
# $$
#
# <!-- equations: a network -->
#
# The slope of the ReLU is 0 wherever its sum is not positive. A unit for which that holds in every sample has only zeros in its column of $\err{1}$. So neither its weights nor its bias get a gradient. It also puts out only zeros, so its outgoing weights get none. Not a small gradient, as with saturation: exactly zero. The next step changes nothing, and the step after that finds the same. The unit is *dead*. If all are dead, only $\b{2}$ learns, and it learns how frequent each digit is.
#
# How does a unit get there? One step that is too long moves its bias and weights so far that the sum is negative for every sample.
#
# **Cure.** A dead unit of the first layer does not come back by itself, as its inputs stay the same; one further on may, when what comes in changes. Start again, with a smaller rate. One or two dead units among many do little harm.

# %%
for lr in (0.5, 2.0):
    net = digit_network(bp.ReLU())
    losses = descend(net, cross_entropy, pictures, labels, lr=lr, steps=100)
    count = dead_units(net, pictures)
    print(f"lr {lr}   dead {count:2}   loss {losses[-1]:.3f}")

# %% [markdown]
# The other cure is an activation that lets something through below 0 as well, the *leaky ReLU*, whose slope is small there, here a tenth. In the package it is `bp.LeakyReLU(0.1)`; as [a layer of your own](own-layer.py) it takes a few lines. To make it hard, all biases of layer 1 start far below 0:

# %%
class LeakyReLU:
    def forward(self, z):
        self.z = z
        return np.where(z > 0, z, 0.1 * z)

    def backward(self, da):
        return da * np.where(self.z > 0, 1, 0.1)

for name, activation in (("ReLU", bp.ReLU()), ("leaky", LeakyReLU())):
    net = digit_network(activation)
    net.layers[0].b[:] = -10.0
    print(name, "below 0 at the start:", dead_units(net, pictures))
    losses = descend(
        net, cross_entropy, pictures, labels, lr=0.5, steps=200
    )
    print(f"      loss {losses[0]:.3f} -> {losses[-1]:.3f}")

# %% [markdown]
# At the start, all 16 sums are below 0 for every picture in both networks. The one with the leaky ReLU learns all the same.
#
# ## The table {#table}
#
# From the top: what comes first is quicker to look at, and spoils everything after it. The links lead back to the case.
#
# | measure | you see | it says → cure |
# |---|---|---|
# | the gradient check | it fails | the backward pass is wrong → [the failure lab](broken-backward.py) |
# | `W.dtype`, `x.dtype` | `i` or `u` | numbers are cut off → [floats](#integers) |
# | `y.shape`, `t.shape` | they differ, and `t` is not labels | each output meets every target → [a column](#shapes) |
# | `x.min()`, `x.max()` | hundreds, or very different columns | sums too far from 0 → [divide](#unscaled) |
# | the first losses | they grow, NaN | steps too long → [a smaller rate](#rate-too-large) |
# | length of a step ÷ length of the weights | far below a thousandth | steps too short, or a flat place: read on → [a larger rate](#rate-too-small) |
# | outputs, from sample to sample | no difference | they ignore the inputs → [shapes](#shapes), [dead ReLUs](#dead-relu) |
# | spread of the columns of `W1` | zero | all units do the same → [random weights](#equal-weights) |
# | slopes of the hidden units | nearly all tiny | saturated → [scale the inputs](#unscaled), [smaller weights](slow-learning.py#initialisation) |
# | sums of ReLUs, largest of each column | none above 0 | dead → [start again](#dead-relu) |
# | errors, sample by sample | large, yet they cancel | gradient descent stands still → [a hidden layer](#xor) |
#
# The rates depend on everything above them. So do not change the rate before you have looked at inputs, shapes and kinds of numbers.
#
# ## A check-up {#check-up}
#
# Most of the table as a function. Two lines need a word. Line 4 shows how far the outputs of different samples are apart: zero means that they do not depend on the sample. In line 6 the first number is for sigmoids, whose slope beyond −5 and 5 is below a hundredth; the second is for ReLUs, and counts units. The patient is the network with the inputs from 0 to 255, before its first step:

# %%
def check_up(net, loss, x, t, lr):
    first = net.layers[0]
    y = net.forward(x)
    net.backward(loss.gradient(y, t))
    z1 = net.layers[1].z
    print("1 kinds        x", x.dtype.kind, "  W1", first.W.dtype.kind)
    print("2 shapes       outputs", y.shape, "  targets", t.shape)
    print(f"3 inputs       from {x.min():.0f} to {x.max():.0f}")
    print(f"4 outputs      spread {np.ptp(y, axis=0).max():.2f}")
    print(f"5 units        spread of W1 {spread(first.W):.2f}")
    print(f"6 sums         beyond -5 and 5: {(np.abs(z1) > 5).mean():.0%}"
          f"   never above 0: {(z1 <= 0).all(axis=0).sum()}")
    step = lr * np.linalg.norm(first.dW) / np.linalg.norm(first.W)
    print(f"7 step of W1   {step:.5f} of the weights")

patient = digit_network(bp.Sigmoid())
check_up(patient, cross_entropy, raw, labels, lr=2.0)

# %% [markdown]
# The two shapes differ, as they should: the targets are labels. Line 3 shows the cause and line 6 the effect. In line 7, the few sums that are not saturated make a step longer than the weights themselves. The second patient is the network whose ReLUs died:

# %%
check_up(dead, cross_entropy, pictures, labels, lr=2.0)

# %% [markdown]
# Inputs and units look healthy, but the outputs no longer depend on the sample, no sum is ever above 0, and the step is exactly zero. A larger rate would not help: any rate times zero is zero.
#
# ## Exercises {#exercises}
#
# <!-- exercises -->
#
# A network for XOR, small enough to look at every number in it, [waits in the laboratory](../lab/your-network.md?preset=xor): spoil its weights, and watch what becomes of its gradients.

# %% [markdown]
# ## What comes next {#next}
#
# A network that learns keeps what came in along every arrow until the way back has passed. How much memory that takes, and how to trade it for time, is measured in [Memory](memory.py).
