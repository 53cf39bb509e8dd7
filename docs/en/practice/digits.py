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
# title: Handwritten digits
# description: A small network, built from the layers you derived, learns to read real handwritten digits; its gradient is checked before it is trusted, its mistakes are looked at after.
# keywords:
#   data: mnist, handwriting recognition, test set, training set
# ---

# %% [markdown]
# # Handwritten digits {#digits}
#
# After this page you will be able to use the backward pass you derived by hand on real data, and judge what was learned: check the gradient first, train, read the curves, and look at the mistakes one by one. No new principle is needed. The network is larger than [the one with twelve parameters](../hand/every-element.md), it has another activation function and another loss, and its gradients are found in the same way.

# %% [markdown]
# ## Look at the data {#data}
#
# The package ships with small pictures of digits that people wrote by hand: 8 by 8 pixels, from 0 for paper to 1 for ink, and with each picture the digit it is meant to be, its *label*.
#
# The pictures need matplotlib: `pip install matplotlib`. Outside a notebook, `import matplotlib.pyplot as plt` and call `plt.show()` after each picture.

# %%
import numpy as np
import backprop as bp
from backprop import plotting

plotting.use_style()

digits = bp.load_digits()
print("pictures", digits.images.shape)
print("as rows ", digits.x.shape)
print("labels  ", digits.labels[:16])

# %%
titles = [str(label) for label in digits.labels[:16]]
plotting.images(digits.images[:16], titles);

# %% [markdown]
# ![Sixteen small grey pictures of handwritten digits in two rows, each with its label above it. Most are easy to read; some are little more than blots.](figure)
#
# /// figure-caption
# The first pictures of the data, each with its label. At this resolution a person, too, has to look twice.
# ///
#
# For the network each picture is one row of numbers: its pixels, line after line. It is not told which pixels are neighbours.
#
# Before anything is learned, we put a part of the data aside. The network never learns from the *held-out* pictures; at the end they show how well it reads digits it has not seen. (Many books call them *test data*.)

# %%
rng = np.random.default_rng(0)
order = rng.permutation(len(digits.x))
cut = int(0.8 * len(order))
train, test = order[:cut], order[cut:]

x, labels = digits.x[train], digits.labels[train]
x_test, labels_test = digits.x[test], digits.labels[test]
print(len(train), "pictures to learn from,", len(test), "held out")

# %% [markdown]
# !!! warning "What this split does not show"
#
#     Thirteen people wrote these digits, and each of them wrote many. A random split puts some digits of every writer on both sides. So the held-out accuracy answers "can it read more digits of people it knows?", not "can it read a stranger's hand?". The second question needs a split by writer, and the data as they are shipped do not say who wrote which.

# %% [markdown]
# ## Build the network {#network}
#
# One hidden layer with the activation function ReLU, which passes a positive number on and turns a negative one into 0. Its slope is 1 for a positive sum and 0 for a negative one; at exactly 0, where it has a corner, this course takes 0. So the hidden line of the backward pass reads `delta1 = (delta2 @ W2.T) * (z1 > 0)`.
#
# One output for each digit. The output is left as it is: the loss turns these numbers, the *logits*, into probabilities.
#
# The weights start as small random numbers. If they all started equal, all hidden units would receive equal gradients and stay equal for ever. Their spread, $\sqrt{2 / n_\text{in}}$, is chosen so that signals neither die out nor blow up on their way through ReLU layers.

# %%
n_in, n_hidden, n_out = 64, 32, 10

W1 = rng.normal(0, np.sqrt(2 / n_in), (n_in, n_hidden))
b1 = np.zeros(n_hidden)
W2 = rng.normal(0, np.sqrt(2 / n_hidden), (n_hidden, n_out))
b2 = np.zeros(n_out)

net = bp.Network([bp.Dense(W1, b1), bp.ReLU(), bp.Dense(W2, b2)])
print("parameters:", W1.size + b1.size + W2.size + b2.size)

# %% [markdown]
# ## A loss that mixes the outputs {#softmax}
#
# The loss is the *softmax cross-entropy*. Softmax takes $e$ to the power of each logit and divides by the sum of all ten, so the results are positive and add up to 1, as probabilities do. The loss is minus the natural logarithm of the right label's probability: small when that is close to 1, large when it is close to 0.
#
# What does this loss send back? [An earlier page](../equations/softmax.md) derives it with the table of all slopes. Here is a shorter way, for readers who come straight from the part *By hand*. To save writing, take three classes, and let the first one be right.
#
# <!-- equations: plain letters -->
#
# <!-- equation: definitions, with z_1=2, z_2=1, z_3=0, u_1=7.38905609893065, u_2=2.718281828459045, u_3=1, s=11.107337927389695, p_1=0.6652409557748219, p_2=0.24472847105479767, E=0.4076059644443804 -->
#
# $$
# \begin{aligned}
# u_1 &= e^{\preact_1} \\
# u_2 &= e^{\preact_2} \\
# u_3 &= e^{\preact_3} \\
# s &= u_1 + u_2 + u_3 \\
# p_1 &= \frac{u_1}{s} \\
# p_2 &= \frac{u_2}{s} \\
# \Lossx &= -\ln p_1
# \end{aligned}
# $$
#
# All logits meet in the sum $s$, and each probability is divided by it. So every probability depends on *every* logit. A sigmoid does not do that: there, a sum reaches its own output and no other, and one slope for each unit is enough. Here we have to follow all the paths. First make them short. The logarithm of a quotient is a difference, and the logarithm undoes the power of $e$:
#
# $$
# \begin{aligned}
# \Lossx &= -\ln \frac{u_1}{s} \\
# &= \ln s - \preact_1
# \end{aligned}
# $$
#
# The slope of $\ln s$ is $1 / s$. (Put $r = \ln s$<!-- equation: not evaluated: it only names the logarithm -->. Then $s$ is $e$ to the power of $r$. Its slope is $s$ itself: $s$ moves $s$ times as far as $r$. So $r$ moves $1 / s$ times as far as $s$.)
#
# ![Three logits lead through u1, u2 and u3 into one sum s and from there to the loss; each arrow carries its slope. A second, dashed arrow leads from the first logit directly to the loss, with slope minus one.](../figures/softmax_paths.svg)
#
# /// figure-caption
# From the logits to $\Lossx$, with the slope on each arrow. All logits meet in $s$. Only the logit of the right class has a second path, the dashed one.
# ///
#
# Two paths lead from the right class's own logit to the loss. One goes through $u_1$ and $s$, the other is the last term, with slope $-1$. Multiply along each path, and add (a factor of 1 is left out):
#
# $$
# \begin{aligned}
# \grad{\Lossx}{\preact_1} &= \frac{1}{s} \cdot u_1 - 1 \\
# &= p_1 - 1
# \end{aligned}
# $$
#
# From another logit only the path through the sum $s$ leads to the loss:
#
# $$
# \begin{aligned}
# \grad{\Lossx}{\preact_2} &= \frac{1}{s} \cdot u_2 \\
# &= p_2
# \end{aligned}
# $$
#
# <!-- equations: a network -->
#
# Together: *the probabilities, with 1 taken off at the right label*. For a batch, whose loss is a mean, all of it is divided by the number of samples. ([Exercise 4](#exercise-4) asks for any number of classes.)
#
# There is no other activation between the last sums and the loss, so this *is* $\err{2}$. It takes the place of the first of [the six lines](../hand/matrix-form.md#backward-pass). The other lines use $\err{2}$ wherever it comes from. In code, for three logits:

# %%
logits = np.array([[2.0, 1.0, 0.0]])
label = np.array([0])

probabilities = np.exp(logits) / np.exp(logits).sum()
print("probabilities", probabilities.round(4))
dlogits = bp.softmax_cross_entropy.gradient(logits, label)
print("sent back    ", dlogits.round(4))

# %% [markdown]
# ## Check the gradient before trusting it {#check}
#
# A wrong backward pass often still learns something. It learns a little worse, and nobody knows why. So the check comes before the training: nudge each parameter up and down, and compare the slope of the loss with what the backward pass says. Five pictures are enough for that. None of the parameters is left out, and the gradient with respect to the pixels of the five pictures is compared as well.

# %%
check = bp.check_gradients(net, bp.softmax_cross_entropy, x[:5], labels[:5])
print("passed:", check.passed)
print("elements compared:", check.checked)
print("largest relative error below 1e-6:", check.max_relative_error < 1e-6)

# %% [markdown]
# The *relative error* is the difference of the two slopes, divided by the larger of them; up to a limit, the *tolerance*, rounding explains it.
#
# To see that the check would notice, give it a mistake to find: a ReLU layer that forgets its derivative on the way back.

# %%
class ForgetfulReLU(bp.ReLU):
    def backward(self, da):
        return da  # the factor relu'(z) is missing

forgetful = bp.Network([
    bp.Dense(W1, b1), ForgetfulReLU(), bp.Dense(W2, b2)
])
print(bp.check_gradients(
    forgetful, bp.softmax_cross_entropy, x[:5], labels[:5]
))

# %% [markdown]
# ## Train {#train}
#
# Training repeats four steps: forward, the gradient of the loss, backward, update. Each round uses a *mini-batch*, a handful of pictures, because the mean of the gradients of a few pictures already points in roughly the right direction, and takes far less computing (*stochastic gradient descent*, SGD). One pass over all pictures is an *epoch*. Here is the loop for one epoch:

# %%
optimizer = bp.SGD(net, lr=0.1)
order = rng.permutation(len(x))
for start in range(0, len(x), 20):
    batch = order[start : start + 20]
    y = net.forward(x[batch])
    dy = bp.softmax_cross_entropy.gradient(y, labels[batch])
    net.backward(dy)
    optimizer.step()

loss = bp.softmax_cross_entropy(net.forward(x), labels)
print(f"loss after one epoch {loss:.4f}")

# %% [markdown]
# `bp.train` is the same loop with a record of what happened. It continues with the network as it is now: its first epoch is this network's second pass over the pictures. So its curves begin lower than the loss printed above.

# %%
history = bp.train(
    net, bp.softmax_cross_entropy, x, labels,
    epochs=30, batch_size=20, lr=0.1, rng=rng,
    x_test=x_test, t_test=labels_test,
)
print(f"accuracy on what it learned from {history.accuracy[-1]:.1%}")
print(f"accuracy on held-out pictures    {history.test_accuracy[-1]:.1%}")

# %%
plotting.curves(
    loss=history.loss, test_loss=history.test_loss,
    accuracy=history.accuracy, test_accuracy=history.test_accuracy,
);

# %% [markdown]
# ![Two charts over the epochs. On the left two loss curves fall steeply, nearly as one; at the end the solid one still falls, the dashed one no longer does. On the right two accuracy curves rise steeply and then slowly; the dashed one jumps up and down, at first mostly above the solid one, at the end below it.](figure)
#
# /// figure-caption
# Loss and accuracy after each epoch of `bp.train`, on the pictures it learns from (solid) and on the held-out ones (dashed). Towards the end the training loss keeps falling while the held-out loss levels off. The dashed accuracy jumps because so few pictures are held out that one more or less shows; that is also why it can lie above the solid one.
# ///

# %% [markdown]
# ## Which digits does it confuse? {#confusion}
#
# One number hides a lot. The *confusion matrix* counts, for each true digit, what the network said.

# %%
said = net.forward(x_test).argmax(axis=1)
confusion = np.zeros((10, 10), dtype=int)
np.add.at(confusion, (labels_test, said), 1)
plotting.matrix(confusion, rows="label", columns="prediction");

# %% [markdown]
# ![A table of ten by ten cells. Large counts are on the diagonal; there are a few small ones off it, most cells are empty.](figure)
#
# /// figure-caption
# Rows are the true digits, columns the predictions, empty cells mean never. The diagonal is right; each number off it is a mistake with a direction: *this* was read as *that*.
# ///

# %% [markdown]
# ## Look at the mistakes {#mistakes}

# %%
wrong = np.flatnonzero(said != labels_test)
titles = [f"{labels_test[i]} → {said[i]}" for i in wrong]
print(len(wrong), "of", len(x_test), "wrong")
plotting.images(x_test[wrong].reshape(-1, 8, 8), titles);

# %% [markdown]
# ![The misread held-out pictures, each titled with its label, an arrow, and what the network said. Several are smeared or lack a stroke.](figure)
#
# /// figure-caption
# Every held-out picture the network got wrong: label → prediction. Cover the titles and read them yourself before you judge.
# ///

# %% [markdown]
# ## What did the hidden units learn? {#hidden-units}
#
# A hidden unit has one weight for each pixel, so its weights can be laid out as a picture: column $j$ of $\W{1}$ belongs to hidden unit $j$. The weights began as noise, so we look at what training has *added*: the weights now, minus the weights at the start. Where a weight was raised, ink at that pixel adds more to the unit's sum than before; where it was lowered, it adds less.

# %%
learned = net.layers[0].W
plotting.images((learned - W1).T.reshape(-1, 8, 8), signed=True);

# %% [markdown]
# ![Thirty-two small pictures in four rows, one for each hidden unit. Most show blue and red patches, each unit others; some are almost white. In all of them the left edge is white.](figure)
#
# /// figure-caption
# What training has added to the weights into each hidden unit. Blue was raised, red lowered; the paler, the smaller the change.
# ///
#
# Most hidden units now react to a pattern of ink and no ink, each to its own. Nobody prescribed these patterns; they come from the error at the output, carried back through $(\W{2})^\T$. Some pictures are almost white: their units happened to start with a sum below 0 for nearly every digit. There the slope of the ReLU is 0, so nothing comes back, and hardly anything is learned.
#
# The left edge stays white everywhere: those pixels are almost always paper, their input is 0, and so is the gradient of their weights. Those weights are as random as at the start.

# %%
drift = np.abs(learned - W1).mean(axis=1).reshape(8, 8)
print("how far the weights of each pixel have moved, on average")
print(drift.round(2))

# %% [markdown]
# ## Exercises {#exercises}
#
# <!-- exercises -->

# %% [markdown]
# ## What comes next {#next}
#
# You trained a network whose every gradient you can derive. Its gradient was checked in one line, and we took the answer on trust. [Checking a gradient](gradient-check.py) looks into that line: which step, which tolerance, and how a wrong gradient can pass.
