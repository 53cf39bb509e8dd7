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
# title: Checking a gradient
# description: How far a slope found by small steps can be trusted, derived and measured, in float64 and float32; what a tolerance means; how a wrong gradient passes a check, and how to prevent it.
# keywords:
#   gradient-check: gradient check, gradient checking, gradcheck, numerical gradient, finite differences
#   kinks: kink, not differentiable
#   random: dropout mask, random seed
#   tolerance: relative error
#   complex-step: complex step
# ---

# %% [markdown]
# # Checking a gradient {#gradient-check}
#
# After this page you will be able to check a backward pass and know what the answer is worth: choose the step, read the relative error, deal with corners and with chance, and choose data with which a wrong gradient hardly ever passes.
#
# A gradient check compares two numbers: a derivative from the backward pass, and the same derivative from small steps, computed with the forward pass alone. If they differ, one of them is wrong. But small steps give only an estimate, and even a right gradient differs a little from it. So the first question is how good an estimate can be.

# %% [markdown]
# ## Three ways to find a slope {#three-slopes}
#
# [Estimating a derivative](../zero/derivative.md#estimate) showed two of them: a step to one side, and a step to each side. The third takes its step in the direction of the imaginary unit, which Python writes `1j`. Why that gives a slope is explained [below](#complex-step).
#
# We begin with a curve whose slope is known, the cube.

# %%
import numpy as np
import backprop as bp
from backprop import plotting

plotting.use_style()

def one_sided(f, x, h):
    return (f(x + h) - f(x)) / h

def two_sided(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)

def complex_step(f, x, h):
    return f(x + 1j * h).imag / h

def f(x):
    return x * x * x

# %%
x = 0.7
print(f"the rule says {3 * x**2:.6f}")
print("h       one-sided   two-sided     complex")
for h in (0.1, 0.01, 0.001):
    print(f"{h:<5}", f"{one_sided(f, x, h):11.6f}"
          f" {two_sided(f, x, h):11.6f} {complex_step(f, x, h):11.6f}")

# %% [markdown]
# All three come nearer to the rule as the step shrinks. The last two are off by the same amount, one above and one below. Let us see what happens with much smaller steps.

# %% [markdown]
# ## The U-curve {#u-curve}
#
# How far an estimate is off varies a lot from one place to the next. So we take the mean over a thousand places, and look for a pattern in it: which way do the numbers go as the step shrinks, and where do they turn?

# %%
rng = np.random.default_rng(0)
places = rng.uniform(0.5, 1.5, 1000)
exact = 3 * places * places

def mean_error(slope, h):
    return np.mean(np.abs(slope(f, places, h) - exact))

print("h      one-sided  two-sided")
for h in (1e-2, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 1e-14):
    off_1, off_2 = mean_error(one_sided, h), mean_error(two_sided, h)
    print(f"{h:.0e}  {off_1:9.0e}  {off_2:9.0e}")

# %% [markdown]
# Each column falls, turns, and rises again. Now as a picture, with three steps for each power of ten, and with the third estimate:

# %%
steps = np.array([
    float(f"{digit}e-{k}") for k in range(16, 0, -1) for digit in (1, 2, 5)
])
errors_1 = np.array([mean_error(one_sided, h) for h in steps])
errors_2 = np.array([mean_error(two_sided, h) for h in steps])
errors_c = np.array([mean_error(complex_step, h) for h in steps])
plotting.lines(
    steps, xlabel="$h$", ylabel="error", log="xy",
    one_sided=errors_1, two_sided=errors_2, complex_step=errors_c,
);

# %% [markdown]
# ![Three lines over the step h, both axes in powers of ten. From right to left all three fall, two_sided and complex_step twice as steeply as one_sided. Then one_sided and two_sided turn and rise; complex_step goes on falling and stays at the bottom.](figure)
#
# /// figure-caption
# How far the three estimates are off, on average, against the step. Read it from right to left. Two of the lines have the shape of a U; the third has no left arm.
# ///
#
# On such axes a straight line is a power of $h$, and its slope is the exponent. (The logarithm of $c h^k$ is the logarithm of $c$ plus $k$ times that of $h$.) Fit a straight line to each arm:

# %%
def exponent(errors, low, high):
    arm = (steps >= low) & (steps <= high)
    line = np.polyfit(np.log10(steps[arm]), np.log10(errors[arm]), 1)
    return line[0]  # the slope of the line

print("            left arm  right arm")
print(f"one-sided   {exponent(errors_1, 1e-14, 1e-10):8.1f}"
      f"  {exponent(errors_1, 1e-6, 1e-2):9.1f}")
print(f"two-sided   {exponent(errors_2, 1e-14, 1e-8):8.1f}"
      f"  {exponent(errors_2, 1e-4, 1e-1):9.1f}")

# %% [markdown]
# On the right the error goes down with $h$ for a step to one side, and with $h^2$ for a step to each side. On the left both go *up* as $1/h$. Two different causes are at work. Both laws can be derived.

# %% [markdown]
# ## The right arm: the curve bends {#truncation}
#
# <!-- equations: plain letters -->
#
# For the cube we can write down exactly how far an estimate is off. Multiply out, and see what is left beside the slope:
#
# <!-- equation: definitions, with x=2, y=8 -->
#
# $$
# \y = \x^3
# $$
#
# $$
# \begin{aligned}
# \frac{(\x + h)^3 - \x^3}{h} &= \frac{3 \x^2 h + 3 \x h^2 + h^3}{h} \\
# &= 3 \x^2 + 3 \x h + h^2 \\
# &= \deriv{\y}{\x} + 3 \x h + h^2
# \end{aligned}
# $$
#
# For a small step the largest of what is left is $3 \x h$: a step ten times smaller gives an error ten times smaller. Now to both sides. The term with $h^2$ is the same on both, so it vanishes from the difference:
#
# $$
# \begin{aligned}
# \frac{(\x + h)^3 - (\x - h)^3}{2 h} &= \frac{6 \x^2 h + 2 h^3}{2 h} \\
# &= 3 \x^2 + h^2 \\
# &= \deriv{\y}{\x} + h^2
# \end{aligned}
# $$
#
# What is left begins with $h^2$: a step ten times smaller gives an error a hundred times smaller. This kind of error is called *truncation error*, because it is the rest of a series that has been cut off. The series is Taylor's. For the smooth functions that we meet here,
#
# <!-- equation: not evaluated: a series without an end, for any function; the next cell measures its terms -->
#
# $$
# f(x + h) = f(x) + f'(x) h + \frac{f''(x)}{2} h^2 + \frac{f'''(x)}{6} h^3 + \ldots
# $$
#
# (Differentiate both sides by $h$, as often as you like, and then set $h$ to 0: they agree every time.) Put the series into the two estimates as we did with the cube. With a step to one side, the first term left over is $\frac{1}{2} f''(x) h$: the *bend* of the curve, $f''$, tells how large it is. With a step to each side, the terms with even powers vanish, and the first one left over is $\frac{1}{6} f'''(x) h^2$. Is that so for a curve that is not a cube? For $e^x$ all derivatives are $e^x$ itself, so it is easy to compare:

# %%
x, h = 0.7, 1e-3
bend = third = np.exp(x)
off_1 = one_sided(np.exp, x, h) - np.exp(x)
off_2 = two_sided(np.exp, x, h) - np.exp(x)
print(f"one-sided  error / h   {off_1 / h:.3f}  f''/2  {bend / 2:.3f}")
print(f"two-sided  error / h^2 {off_2 / h**2:.3f}  f'''/6 {third / 6:.3f}")

# %% [markdown]
# ## The left arm: the computer rounds {#rounding}
#
# The left arm has nothing to do with the bend of the curve. It comes from the limited number of digits that a computer keeps. Let us watch a computer that keeps seven. In the column `difference`, count how many digits are left.

# %%
def kept(value):
    """The value as a computer with seven digits keeps it."""
    return float(f"{value:.6e}")

x = 1.1
print(f"the rule says {3 * x**2:.2f}")
print("h      kept f(x + h)  difference   slope")
for k in range(1, 8):
    h = 10.0**-k
    difference = kept(kept(f(x + h)) - kept(f(x)))
    print(f"{h:.0e}  {kept(f(x + h)):13.6f}"
          f"  {difference:10.6f}  {difference / h:6.3f}")

# %% [markdown]
# The smaller the step, the more digits the two values share, and what they share is gone when one is subtracted from the other. What is left is one or two digits that were rounded, and the division by $h$ makes their error large. This is called *cancellation*. With the last step both values are kept as the same number, and the estimate is 0.
#
# How large is the error? Let $r$ be how far a value of $f$, as it is kept, may be off. In the difference of two values, both errors may add up to $2 r$. Divide that by the distance between the two places:
#
# $$
# \frac{2 r}{2 h} = \frac{r}{h}
# $$
#
# for a step to each side, and twice as much for a step to one side. That is the left arm: half the step gives twice the error.
#
# And $r$? It is about the size of $f$ times the relative rounding of the number format. That is the *machine epsilon*, written $\varepsilon$: how far it is from 1 to the next number that the format knows. (In truth $r$ is a few times larger: $x + h$ is rounded, too, and so is each step inside $f$.)

# %%
for dtype in (np.float64, np.float32):
    print(f"{dtype.__name__}  epsilon {np.finfo(dtype).eps:.1e}")

# %% [markdown]
# ## The best step {#best-step}
#
# Both errors together, for a step to each side; $c$ is the factor of $h^2$ in the truncation error, and $q$ is how far the estimate may be off:
#
# <!-- equation: definitions, with c=2, r=32, h=2, q=24 -->
#
# $$
# q = c h^2 + \frac{r}{h}
# $$
#
# As $h$ shrinks, the first term falls and the second one rises. The best step is at the lowest point, where the slope of $q$ is zero:
#
# $$
# \deriv{q}{h} = 2 c h - \frac{r}{h^2}
# $$
#
# Set it to 0, multiply by $h^2$, and solve for $h$:
#
# <!-- equation: with c=2, r=32, h=2 -->
#
# $$
# \begin{aligned}
# 2 c h^3 - r &= 0 \\
# h &= \Bigl( \frac{r}{2 c} \Bigr)^{1/3}
# \end{aligned}
# $$
#
# At this step $r / h = 2 c h^2$<!-- equation: with c=2, r=32, h=2 -->: rounding is responsible for exactly twice as much as truncation.
#
# The same for a step to one side. There the error $p$ has $h$ in place of $h^2$ (and another $c$; the factor of two at $r$ we include in $r$):
#
# <!-- equation: definitions, with c=3, r=48, h=4, p=24 -->
#
# $$
# p = c h + \frac{r}{h}
# $$
#
# Its slope is $\deriv{p}{h} = c - r / h^2$. That is 0 where $h = (r / c)^{1/2}$<!-- equation: with c=3, r=48, h=4 -->.
#
# If $f$, its derivatives and $x$ are neither very large nor very small, $c$ hardly matters, and $r$ is about $\varepsilon$. So the best step is about $\varepsilon^{1/2}$ to one side, and about $\varepsilon^{1/3}$ to each side. With these steps $p$ and $q$ are about $\varepsilon^{1/2}$ and $\varepsilon^{2/3}$: that is how far the estimates are off. Compare that with the lowest points of the two curves:

# %%
eps = np.finfo(np.float64).eps
print("           best step            error there")
print("           predicted  measured  predicted  measured")
for name, errors, at, off in (
    ("one-sided", errors_1, eps ** (1 / 2), eps ** (1 / 2)),
    ("two-sided", errors_2, eps ** (1 / 3), eps ** (2 / 3)),
):
    print(f"{name}  {at:9.0e}  {steps[errors.argmin()]:8.0e}"
          f"  {off:9.0e}  {errors.min():8.0e}")

# %% [markdown]
# The order of magnitude is right, and that is all the prediction promises. A step to each side keeps about two thirds of the digits, a step to one side only half of them. That is why a gradient check goes to both sides: it costs one more forward pass for each derivative, and here it is hundreds of times more exact. (The package goes to two places on each side, and so gets rid of the $h^2$ as well: [exercise 2](#exercise-2).)

# %% [markdown]
# ## No subtraction, no left arm {#complex-step}
#
# The left arm comes from subtracting two numbers that are nearly equal. The third estimate subtracts nothing. Let the computer cube $x + i h$. For any number $i$,
#
# $$
# (\x + i h)^3 = \x^3 + 3 \x^2 i h + 3 \x i^2 h^2 + i^3 h^3
# $$
#
# Now let $i$ be the imaginary unit. Its square is $-1$, and its third power is $-i$. So the first and the third term are real, the other two are imaginary, and the imaginary part is $3 \x^2 h - h^3$. Divide it by $h$:
#
# $$
# \begin{aligned}
# \frac{3 \x^2 h - h^3}{h} &= 3 \x^2 - h^2 \\
# &= \deriv{\y}{\x} - h^2
# \end{aligned}
# $$
#
# For other smooth functions, put $i h$ for $h$ into the series above: the first imaginary term is $f'(x) i h$, and the next one has $h^3$. So for them, too, the error goes down with $h^2$.
#
# A complex number keeps its real and its imaginary part as two numbers, each with all its digits. The value of $f$ is in one, the slope times $h$ in the other, so the small one does not drown in the large one. Nothing keeps us from a step so small that $h^2$ is below any digit:

# %%
for h in (1e-8, 1e-20, 1e-200):
    off = mean_error(complex_step, h)
    print(f"h {h:.0e}   error below 1e-15: {off < 1e-15}")

# %% [markdown]
# This *complex step* is the best of the three, and the tests of this site use it: nearly every derivative in an equation of these pages has been compared with it. Why doesn't everybody use it? Because every line of the forward pass must treat a complex number as it treats a real one, and some do not. The absolute value is one of them:

# %%
def also_f(x):
    return np.abs(x) ** 3  # for a positive x the same curve

print(f"two-sided {two_sided(also_f, 0.7, 1e-5):.4f}")
print(f"complex   {complex_step(also_f, 0.7, 1e-20):.4f}")

# %% [markdown]
# The absolute value of a complex number is its distance from 0, which is real: the imaginary part is lost, and the estimate is 0 without any warning. The same happens in `z.conj() * z`, in a norm, and wherever only the real part is passed on. Where the forward pass compares, as a ReLU does, the real part must decide: `z * (z.real > 0)`. So the complex step suits a forward pass that was written with it in mind. For all others there is the step to each side.

# %% [markdown]
# ## The same on a network {#network}
#
# A loss as a function of one weight is a curve like any other. Here is a small network, with its forward pass, and with its backward pass for $\W{1}$: what came in along the arrow, times the error of the unit that the arrow leads to. The numbers are drawn in float32, so that float32 and float64 can hold exactly the same ones.

# %%
rng = np.random.default_rng(2)

def draw(*shape):
    return rng.normal(size=shape).astype(np.float32)

X, T = draw(5, 3), draw(5, 2)
W1, b1, W2, b2 = draw(3, 4), draw(4), draw(4, 2), draw(2)

def loss(W1, rest):
    X, b1, W2, b2, T = rest
    Y = np.tanh(X @ W1 + b1) @ W2 + b2
    return ((Y - T) ** 2).sum() / (2 * len(X))

def backward(W1, rest):
    X, b1, W2, b2, T = rest
    A1 = np.tanh(X @ W1 + b1)
    delta2 = (A1 @ W2 + b2 - T) / len(X)
    delta1 = (delta2 @ W2.T) * (1 - A1**2)
    return X.T @ delta1

# %% [markdown]
# Now each weight in turn is moved by a step. `one` holds a 1 at the place of this weight, and 0 elsewhere. `np.linalg.norm` measures a whole array: it is the square root of the sum of all its elements squared.

# %%
def along(place, W1, rest):
    one = np.zeros_like(W1)
    one[place] = 1
    return lambda s: loss(W1 + s * one, rest)

def by_steps(slope, W1, rest, h):
    found = np.zeros(W1.shape)
    for place in np.ndindex(W1.shape):
        # 0 * h is a 0 in the format of h
        found[place] = slope(along(place, W1, rest), 0 * h, h)
    return found

def in_format(dtype):
    rest = [array.astype(dtype) for array in (X, b1, W2, b2, T)]
    return W1.astype(dtype), rest

exact = backward(*in_format(np.float64))
found = by_steps(complex_step, *in_format(np.float64), 1e-20)
off = np.linalg.norm(found - exact) / np.linalg.norm(exact)
print("backward and complex step differ by less than 1e-14:", off < 1e-14)

# %% [markdown]
# Backward and the complex step agree in almost all digits: two calculations that have nothing in common but the forward pass. So we may take this gradient as the exact one, and measure the two other estimates against it.

# %% [markdown]
# ## In float32 {#float32}
#
# Networks are usually trained in float32, or in formats with even fewer digits. Float32 keeps about seven, so $\varepsilon$ is much larger, and the left arm begins much earlier. What does that do to the lowest point?

# %%
network_steps = np.array([float(f"1e-{k}") for k in range(14, 0, -1)])

def network_errors(slope, dtype):
    found = [by_steps(slope, *in_format(dtype), dtype(h))
             for h in network_steps]
    distances = [np.linalg.norm(each - exact) for each in found]
    return np.array(distances) / np.linalg.norm(exact)

curves = {
    "one_sided_64": network_errors(one_sided, np.float64),
    "one_sided_32": network_errors(one_sided, np.float32),
    "two_sided_64": network_errors(two_sided, np.float64),
    "two_sided_32": network_errors(two_sided, np.float32),
    "complex_64": network_errors(complex_step, np.float64),
    "complex_32": network_errors(complex_step, np.float32),
}
print("              best step  right digits, about")
for name in list(curves)[:4]:  # complex ones have no best step
    best, right = curves[name].argmin(), -np.log10(curves[name].min())
    print(f"{name:13} {network_steps[best]:9.0e}  {right:12.0f}")

# %%
plotting.lines(
    network_steps, xlabel="$h$", ylabel="relative error", log="xy", **curves
);

# %% [markdown]
# ![Six lines over the step. one_sided_64 and two_sided_64 are U-shaped and reach far down, two_sided_64 lower. one_sided_32 and two_sided_32 turn earlier and higher up, and soon reach an error of one. The two complex lines have no left arm.](figure)
#
# /// figure-caption
# The gradient of twelve weights, estimated by steps in float64 and in float32. The stronger lines are float64, the paler ones float32. At an error of 1 nothing of the gradient is left.
# ///
#
# The laws are the same: the right arms coincide, because the curve bends in the same way; only rounding has grown. The complex step has no left arm in either format. But for the others, the step that is best in float64 is useless in float32. There even the best estimate has only a few right digits, and a slip in the backward pass may be smaller than its error.
#
# There are two ways out. One is a larger step together with a larger tolerance. The other is better: compute the *gradient* in float32, because that is what is to be checked, but the *losses* for the estimate in a copy of the network in float64. `bp.check_gradients` does that. What remains is the rounding inside the backward pass itself. How large is it, on real data? The gradient of the first layer of a network for [digits](digits.py), computed in both formats:

# %%
digits = bp.load_digits()
rng = np.random.default_rng(0)
weights = [rng.normal(0, 0.2, shape) for shape in ((64, 32), (32, 10))]

def first_gradient(dtype):
    V, W = (each.astype(np.float32).astype(dtype) for each in weights)
    net = bp.Network([bp.Dense(V), bp.ReLU(), bp.Dense(W)])
    y = net.forward(digits.x[:20].astype(dtype))
    net.backward(bp.softmax_cross_entropy.gradient(y, digits.labels[:20]))
    return net.layers[0].dW.astype(np.float64)

in_64, in_32 = first_gradient(np.float64), first_gradient(np.float32)
some = in_64 != 0  # we cannot divide by 0
size = np.abs(in_64)[some]
off = np.abs(in_32 - in_64)[some]
print("relative to the element itself")
print("  half are off by less than 1e-6:", np.median(off / size) < 1e-6)
print("  all are off by less than 1e-6: ", (off / size).max() < 1e-6)
print("relative to the largest element")
print("  all are off by less than 1e-6: ", off.max() / size.max() < 1e-6)

# %% [markdown]
# Most elements keep nearly all their digits. A few are sums in which large terms cancel; what is left is small, and has lost digits. The backward pass is right, and yet a check in float32 must not ask for `1e-6` of each element. So the package does two things. It divides the difference by at least a certain part of the largest element, even where the element itself is smaller. And its tolerance is `1e-4` for float32, which leaves room for deeper networks, where rounding adds up from layer to layer.

# %% [markdown]
# ## What a tolerance means {#tolerance}
#
# When do two derivatives agree? The difference alone says nothing. Measure the loss in another unit, and every derivative changes by the same factor, and so does the difference. A limit for it would be too strict in one unit and too lax in the other. So we divide by the size of the numbers. This is the *relative error*:

# %%
def relative_error(a, b):
    return np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))

# %% [markdown]
# Between a right gradient and a wrong one there is a wide gap. Look at the largest relative error of all twelve weights, for the right gradient and for four mistakes:

# %%
estimate = by_steps(two_sided, *in_format(np.float64), 1e-5)
last = exact.copy()
last[2, 3] *= 1.001  # one of twelve, and by very little
for name, gradient in (
    ("right", exact),
    ("last one 0.1 % too large", last),
    ("half as large", exact / 2),
    ("without 1/n", exact * len(X)),
    ("sign", -exact),
):
    error = relative_error(gradient, estimate).max()
    print(f"{name:25} {round(error, 4):<5}  below 1e-6: {error < 1e-6}")

# %% [markdown]
# The right one is off by what the U-curve says. A mistake is off by as much as it changes the gradient: half as large gives 0.5, a wrong sign 2.0, whatever the network. A tolerance of `1e-6` lies in between. Of the ten digits that the best step gave, it asks for six: that leaves room for a loss that bends more, or is larger, than in our example. And hardly any mistake in a formula is smaller than that. What lies only a little above the tolerance is more often a step that does not fit than a wrong formula: look for a kink, for float32, for a loss that is huge beside its slope.
#
# There is one trap. If the derivative itself is tiny, rounding is not tiny beside it. Take a sigmoid unit that is *saturated*: its sum is so large that the curve is almost flat there.

# %%
saturated = bp.Network([bp.Dense([[40.0]], [0.0]), bp.Sigmoid()])
one, zero = np.array([[1.0]]), np.array([[0.0]])

y = saturated.forward(one)
saturated.backward(bp.squared_error.gradient(y, zero))
by_backward = saturated.layers[0].db[0]

def loss_at(b):
    return 0.5 / (1 + np.exp(-(40 + b))) ** 2

by_two_steps = two_sided(loss_at, 0.0, 1e-5)
print(f"backward {by_backward:.0e}, steps {by_two_steps:.0f}")
print(f"relative error {relative_error(by_backward, by_two_steps):.0f}")
check = bp.check_gradients(saturated, bp.squared_error, one, zero)
print("the package says passed:", check.passed)

# %% [markdown]
# Backward is right. But the loss changes by less than its last digit, so the steps find 0, and the relative error is as large as for a gradient that is missing altogether. No pair of losses can tell this derivative from 0. Therefore the package does not divide by less than a *floor*: the size at which the rounding of the loss, divided by $h$, is just within the tolerance. The price: such a derivative is not really checked. Data for a check should not saturate the units.

# %% [markdown]
# ## Kinks {#kinks}
#
# Everything so far holds for smooth curves. A ReLU has a *kink*: at 0 its slope jumps from 0 to 1. If a step reaches across the kink, the estimate mixes the two slopes:

# %%
def relu(z):
    return np.maximum(0, z)

print("            h = 1e-4  h = 1e-6")
for z in (0.0, 1e-5):
    coarse, fine = two_sided(relu, z, 1e-4), two_sided(relu, z, 1e-6)
    print(f"at z = {z:.0e} {coarse:9.2f} {fine:9.2f}")

# %%
z = np.linspace(-3, 3, 601)
plotting.lines(
    z, xlabel="$z$", ylabel="slope", relu_derivative=bp.relu_derivative(z),
    two_sided=two_sided(relu, z, 1.0), one_sided=one_sided(relu, z, 1.0),
);

# %% [markdown]
# ![Three lines over z. relu_derivative jumps from 0 to 1 at 0. two_sided climbs from 0 to 1 in a straight line from minus one to one, one_sided from minus one to zero. Elsewhere all three agree.](figure)
#
# /// figure-caption
# The slope of a ReLU, and two estimates of it with the step 1. Where a step reaches across the kink, the estimate is wrong; elsewhere it is exact.
# ///
#
# There are two cases. *Near* a kink a smaller step helps: it no longer reaches across. *At* the kink no step helps. There the two-sided estimate is one half at every step, which is neither of the slopes; backward takes 0, a choice that this course made; and both sides have a slope that is right for them. So a check must ask both sides.
#
# When does a sum come to exactly 0? More often than one would think: whenever a sample is all zeros and the biases still are, too.

# %%
def dense(n_in, n_out):
    return bp.Dense.random(n_in, n_out, rng=rng)  # biases 0

x = rng.normal(size=(5, 3))
t = rng.normal(size=(5, 2))
x_zero = x.copy()
x_zero[0] = 0

net = bp.Network([dense(3, 4), bp.ReLU(), dense(4, 2)])
check = bp.check_gradients(net, bp.squared_error, x_zero, t)
print("passed:", check.passed)
print("elements compared:", check.checked, " at a kink:", check.at_kinks)

# %% [markdown]
# At a kink are the biases of the first layer and the inputs of the sample that is all zeros: move one of them, and a sum leaves 0. The package estimates the slope from above and from below. If they disagree, it makes the step smaller; if they still disagree, the element is at a kink, and any gradient between the two slopes is accepted. So check with data that do not lie at kinks, and look at `at_kinks`: the larger it is, the less was checked.

# %% [markdown]
# ## When the forward pass is random {#random}
#
# A *dropout* layer sets some activations to 0 at random while the network is trained, and makes the others larger, so that the mean stays the same. The package has none, so we write one. A layer needs `forward`, `backward` and, in `parameters`, the names of what it learns; here that is nothing. ([The next page](own-layer.py) has more on that.) The backward pass is right: it multiplies by the *mask* of the last forward pass, the array that is 0 where an activation was set to 0.

# %%
class Dropout:
    parameters = ()

    def __init__(self, keep, rng):
        self.keep, self.rng, self.held = keep, rng, False

    def forward(self, x):
        if not self.held:
            kept = self.rng.random(x.shape) < self.keep
            self.mask = kept / self.keep
        return x * self.mask

    def backward(self, dy):
        return dy * self.mask

# %%
dropout = Dropout(0.5, np.random.default_rng(0))
net = bp.Network([dense(3, 4), bp.Tanh(), dropout, dense(4, 2)])

def loss_at(s):
    net.layers[0].b[0] = s
    return bp.squared_error(net.forward(x), t)

for _ in range(3):
    print(f"slope by steps {two_sided(loss_at, 0.0, 1e-5):8.0f}")
net.layers[0].b[0] = 0
print(bp.check_gradients(net, bp.squared_error, x, t))

# %% [markdown]
# The two forward passes of a step drew different masks, so they belong to two different networks. The difference of their losses has nothing to do with $h$, and the division by $h$ makes it enormous. The package notices: before it compares anything, it goes forward twice with the same input.
#
# The remedy is to hold what is random. Then the network is an ordinary one, with a fixed mask:

# %%
net.forward(x)  # draws a mask
dropout.held = True
check = bp.check_gradients(net, bp.squared_error, x, t)
print("passed:", check.passed, " elements compared:", check.checked)
dropout.held = False

# %% [markdown]
# Another way: while you check, let `forward` begin with a new generator from the same seed each time. What you must not do is take the dropout layer out: then its backward pass is not checked.

# %% [markdown]
# ## How a wrong gradient passes {#fooled}
#
# A check that fails clearly has found something: the two numbers do differ, by a mistake, a kink, chance or saturation. A passed one says only that they agreed *with these data*. Here are four ways in which a wrong backward pass gets through. All four happen in practice.
#
# **One sample.** This layer takes the error of the first sample for the gradient of the biases, where it should add up those of all samples:

# %%
def judge(net, x, t):
    check = bp.check_gradients(net, bp.squared_error, x, t)
    print("passed" if check.passed else f"FAILED: {check.reason}")
    for doubt in check.doubts:
        print("  note:", doubt)

class FirstSample(bp.Dense):
    def backward(self, delta):
        self.dW = self.x.T @ delta
        self.db = delta[0]  # delta.sum(axis=0)
        return delta @ self.W.T

W, b = rng.normal(size=(3, 2)), rng.normal(size=2)
net = bp.Network([FirstSample(W, b), bp.Tanh()])
judge(net, x[:1], t[:1])
judge(net, x, t)

# %% [markdown]
# With one sample the first is all there is, and a sum, a mean and a single row are the same number. The check passes, but the package adds a note: these data could not show such a mistake. With five samples it is caught.
#
# **Zeros.** Whatever a zero is multiplied by, it stays zero. This layer gives twice the gradient of its weights. In front of it is a ReLU layer, once with biases so low that all of its units are off:

# %%
class Twice(bp.Dense):
    def backward(self, delta):
        self.dW = 2 * self.x.T @ delta  # self.x.T @ delta
        self.db = delta.sum(axis=0)
        return delta @ self.W.T

W1, W2 = rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
for bias in (-20.0, 0.0):
    first, last = bp.Dense(W1, np.full(4, bias)), Twice(W2, b)
    judge(bp.Network([first, bp.ReLU(), last]), x, t)

# %% [markdown]
# Nothing comes in along the arrows, so the gradient of the weights is 0, and twice 0 is 0. Zeros on the way back hide as much: if the weights of the last layer begin at 0, as they sometimes do, nothing comes back through them, and all layers before it could be wrong. The package warns if *all* that comes in or comes back is zero. It says nothing about a single silent unit; there, look at the activations yourself.
#
# **A symmetric matrix.** [Square matrices hide a missing transpose](../zero/matrices.md#only-order) from those who go by shapes. Symmetric ones hide it from the check as well:

# %%
class NoTranspose(bp.Dense):
    def backward(self, delta):
        self.dW = self.x.T @ delta
        self.db = delta.sum(axis=0)
        return delta @ self.W  # self.W.T

S, b = rng.normal(size=(3, 3)), np.zeros(3)
target = rng.normal(size=(5, 3))
for W in (S + S.T, S):
    judge(bp.Network([bp.Tanh(), NoTranspose(W, b)]), x, target)

# %% [markdown]
# The identity matrix is symmetric, too, and so is a square matrix whose entries are all equal. People like to use just these in an example. Random numbers, and different numbers of inputs and units, leave a mistake no such place to hide.
#
# **A parameter that the check does not know.** A check moves the parameters it is told of. This layer has a learned factor for each unit, `gamma`, but does not say so. It computes no gradient for it either:

# %%
class Scale:
    parameters = ()  # ("gamma",)

    def __init__(self, gamma):
        self.gamma = np.array(gamma)

    def forward(self, x):
        return x * self.gamma

    def backward(self, dy):
        return dy * self.gamma

net = bp.Network([dense(3, 4), Scale([1.0, 2.0, 0.5, 3.0]), dense(4, 2)])
judge(net, x, t)
check = bp.check_gradients(net, bp.squared_error, x, t)
print("elements compared:", check.checked)
W_and_b = 3 * 4 + 4 + 4 * 2 + 2
print("x, W and b, gamma:", x.size, "+", W_and_b, "+", 4)

# %% [markdown]
# It passes without a note: what the package is not told, it cannot miss. The count gives it away. It is too small by the four elements of `gamma`. So count how many elements there should be, and compare.
#
# All of it in one table:
#
# | what hides a mistake | which mistake | instead |
# |---|---|---|
# | one sample | a sum or mean over the batch that is missing | a batch of several |
# | zeros in weights, activations, errors | whatever multiplies them | random numbers, biases too |
# | symmetric or equal entries | a missing transpose, swapped indices | random numbers, all sizes different |
# | a parameter not named | its whole gradient | count the elements |
# | saturated units, kinks | a slope that is too small to see, or has two values | inputs of moderate size |
#
# And one thing no gradient check can see: a forward pass that computes something other than what you meant. Backward is compared with *that* forward pass. If both belong to the same wrong function, they agree.

# %% [markdown]
# ## Exercises {#exercises}
#
# <!-- exercises -->

# %% [markdown]
# ## What comes next {#next}
#
# You know how to check a gradient and how far to trust the answer. On [the next page](own-layer.py) you write a layer of your own, with parameters that the package has never heard of, and let it be checked and trained like any other. Later, [Twelve broken backward passes](broken-backward.py) shows which check catches which mistake.
