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
# title: 그레이디언트는 맞는데 왜 배우지 못할까
# description: 그레이디언트가 맞는데도 신경망이 배우지 못하는 여덟 가지 경우를 다룹니다. 경우마다 증상, 다른 것과 구별하는 측정, 고치는 방법을 살펴보고, 끝에는 차례로 점검할 표가 있습니다.
# keywords:
#   not-learning: 학습이 안 돼요, 학습 안됨, 학습이 안됩니다, 손실이 줄지 않아요, 손실이 안 줄어요, 수렴하지 않음
#   xor: xor
#   equal-weights: 가중치를 모두 0으로, 대칭성
#   rate-too-large: nan, 발산
#   unscaled: 입력 정규화, 표준화
#   dead-relu: 죽은 렐루, 죽은 뉴런, 죽은 유닛, dying relu
# ---

# %% [markdown]
# # 그레이디언트는 맞는데 왜 배우지 못할까 {#not-learning}
#
# 이 페이지를 마치면 역전파가 맞는데도 신경망이 배우지 못하는 이유를 찾을 수 있습니다. 이것저것 바꾸어 보는 대신 정해진 순서로 재어서 찾습니다.
#
# [그레이디언트 검사](gradient-check.py)는 역전파의 결과를 손실의 기울기와 비교합니다. 검사를 통과하면 미분값은 모두 맞습니다. 그러나 그 기울기를 따라간다고 해서 좋은 곳에 이른다는 보장은 없습니다. 지금 있는 곳에서 손실이 평평할 수 있습니다. 걸음이 너무 길 수도 있습니다. 기울기에는 잘못이 없는데 아무도 바라지 않은 손실을 줄이고 있을 수도 있습니다.
#
# 그런 경우 여덟 가지를 봅니다. 경우마다 세 가지를 살펴봅니다. **증상**은 눈에 보이는 것입니다. **측정**은 그 경우를 다른 경우와 구별하는 한두 줄의 코드입니다. **처방**은 고치는 방법이고, 고친 뒤에 같은 것을 다시 실행합니다. 대부분 다음 반복문으로 실행하고, 걸음마다 모든 표본을 한꺼번에 넣습니다.

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
# ## 은닉층 없이 배우는 XOR {#xor}
#
# **증상.** 두 입력 가운데 하나만 1이면 목표값이 1입니다. 이 함수를 **XOR**이라고 합니다. 시그모이드 유닛 하나로 배워 봅시다. 출력을 보세요.

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
# 손실은 0.125에서 멈추고, 출력은 모두 0.5이며, 검사는 통과합니다. 배우다가 중간에 걸린 것이 아닙니다. 이 신경망에는 가까운 곳에 더 나은 자리가 없습니다. 왜 그럴까요?
#
# 잠시 시그모이드를 떼어 놓고 생각합시다. 그러면 유닛의 출력은 표본마다 하나씩 네 개이고, 손실 $\Loss$는 제곱오차의 평균입니다.
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
# 가중치가 무엇이든, 첫째와 넷째 출력의 합은 가운데 두 출력의 합과 같습니다.
#
# $$
# \begin{aligned}
# \y_1 + \y_4 &= \weight_1 + \weight_2 + 2 \bias \\
# &= \y_2 + \y_3
# \end{aligned}
# $$
#
# 목표값은 그렇지 않습니다. 한쪽은 0 더하기 0이고 다른 쪽은 1 더하기 1입니다. 그러므로 출력과 목표값의 차이 네 개가 모두 0이 될 수는 없습니다. 그 가운데 두 개의 부호를 바꾸어 더하면 가중치가 무엇이든 합이 같습니다.
#
# $$
# \y_1 - (\y_2 - 1) - (\y_3 - 1) + \y_4 = 2
# $$
#
# 합이 정해진 수들은 모두 같을 때 제곱의 합이 가장 작습니다. 서로 다른 두 수를 둘의 평균으로 바꾸면 합은 그대로이고 제곱의 합은 줄어들기 때문입니다. 그래서 여기서는 차이의 크기가 모두 0.5이고, 출력도 모두 0.5입니다. 그곳에서 그레이디언트는 어떻게 될까요?
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
# 입력이 1인 표본만 그 가중치의 미분값에 들어갑니다. 출력이 모두 0.5이면 이 값들이 둘씩 짝을 지어 상쇄됩니다. 시그모이드가 있으면 네 표본에 똑같은 기울기가 한 번 더 곱해질 뿐이므로 역시 상쇄됩니다. (가중합 0 근처에서 시그모이드는 거의 직선이므로, 가까운 곳에서는 시그모이드가 없는 유닛보다 나을 것이 없습니다.)
#
# <!-- equations: a network -->
#
# **측정.** 오차를 더하기 전에 표본마다 출력해 보세요. 오차가 모두 0이어서 그레이디언트가 0이면 다 배운 것입니다. 오차가 서로 상쇄되어 0이면 경사하강법이 여기서 멈춘다는 뜻입니다. 유닛이 하나이면, 앞에서 보았듯이 가까운 곳에 더 나은 자리도 없습니다.

# %%
y = np.full((4, 1), 0.5)
delta = (y - t) / len(x) * y * (1 - y)
print("errors", delta.ravel())
print("their shares of dW, a row for each weight:")
print(x.T * delta.T + 0.0)        # + 0.0: no minus before a zero
print("dW", (x.T @ delta).ravel(), "db", delta.sum(axis=0))

# %% [markdown]
# **처방.** 시그모이드 유닛의 가중합도 위의 출력과 같은 규칙을 따릅니다. 첫째와 넷째 표본에서는 음수, 나머지 둘에서는 양수여야 하는데, 두 쌍의 합은 서로 같습니다. 그러므로 유닛이 하나이면 네 표본을 모두 맞히는 가중치가 없고, 아무리 학습해도 소용없습니다. 은닉층이 필요합니다. 은닉 유닛은 두 입력으로 새로운 수를 만들고, 활성화 함수 덕분에 이 수들은 같은 규칙에 묶이지 않습니다.

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
# ## 모두 같은 가중치 {#equal-weights}
#
# **증상.** 은닉층이 있는 같은 신경망이지만, 한 층의 가중치를 모두 같은 수로 시작합니다. 조금 배우고 나면 손실이 거의 줄지 않습니다.

# %%
equal = xor_network(np.full((2, 4), 0.5), np.full((4, 1), 0.5))
same = descend(equal, bp.squared_error, x, t, lr=2.0, steps=500)
print("loss   ", round(same[-1], 4))
print("outputs", equal.forward(x).ravel().round(2))
print("check  ", bp.check_gradients(equal, bp.squared_error, x, t).passed)

# %% [markdown]
# 세 표본의 출력이 0.66에서 0.68까지로 거의 같습니다. 여기서도 검사는 통과합니다. 표본 하나의 식에서 은닉 유닛의 번호 $j$가 어디에 있는지 찾아봅시다.
#
# $$
# \begin{aligned}
# \err{1}_j &= \Bigl(\sum_k \err{2}_k \W{2}_{jk}\Bigr) \act'(\z{1}_j) \\
# \grad{\Lossx}{\W{1}_{ij}} &= \x_i \err{1}_j
# \end{aligned}
# $$
#
# 이 번호는 밖으로 나가는 가중치와 가중합에 나옵니다. 이 둘이 모든 $j$에서 같으면 오차도 같고, 그레이디언트도 같고, 한 걸음 뒤의 가중치도 같습니다. 같던 것은 계속 같습니다. 그러면 유닛 네 개가 유닛 하나의 일밖에 하지 못합니다.
#
# **측정.** $\W{1}$의 열 $j$가 유닛 $j$의 가중치입니다. 열끼리 얼마나 다를까요? (`np.ptp`는 “peak to peak”, 곧 가장 큰 수에서 가장 작은 수를 뺀 값입니다.)

# %%
def spread(W):
    """How far apart two units' weights for one input are, at most."""
    return np.ptp(W, axis=1).max()

print(equal.layers[0].W.round(3))
print("spread, equal start ", round(spread(equal.layers[0].W), 6))
print("spread, random start", round(spread(net.layers[0].W), 1))

# %% [markdown]
# **처방.** 가중치를 난수로 시작합니다. 크게 다를 필요는 없습니다. 여기서는 0.5에 작은 난수를 더했습니다.

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
# ![걸음에 따른 손실 곡선 세 개. unit 곡선은 조금 내려간 뒤로 수평입니다. equal 곡선은 더 내려가서 그 삼분의 이쯤에서 거의 수평이 됩니다. apart 곡선은 처음에 equal 곡선과 비슷하다가 거의 0까지 내려갑니다.](figure)
#
# /// figure-caption
# XOR을 유닛 하나, 같은 가중치에서 시작한 유닛 네 개, 조금씩 다른 가중치에서 시작한 유닛 네 개로 배운 결과. 그레이디언트는 셋 다 맞습니다.
# ///
#
# 편향은 모두 0에서 시작해도 됩니다. 가중치가 서로 다르면 오차도 서로 다르기 때문입니다. 난수가 [얼마나 커야 하는지](slow-learning.py#initialisation)는 다른 페이지에서 다룹니다.
#
# ## 너무 큰 학습률 {#rate-too-large}
#
# **증상.** 손실이 위아래로 튀거나, 점점 커지다가 **NaN**(not a number, 수가 아님)이 됩니다. 가중치 하나만 있어도 그 이유를 알 수 있습니다. 손실은 그릇 모양이고, $c$는 그릇이 얼마나 가파른지를 나타냅니다.
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
# 가중치는 가장 낮은 곳까지의 거리이기도 합니다. 걸음마다 여기에 같은 인수 $1 - \lr c$가 곱해집니다. 이 인수가 −1과 1 사이에 있으면, 곧 $\lr$가 $2 / c$보다 작으면 거리가 줄어듭니다. 1에서 출발한 가중치와 인수를 보세요.

# %%
c = 2.0
for lr in (0.1, 0.5, 0.9, 1.0, 1.1):
    w, seen = 1.0, []
    for _ in range(5):
        w = w - lr * c * w
        seen.append(round(w, 3))
    print(f"lr {lr}   factor {1 - lr * c:+.1f}  ", seen)

# %% [markdown]
# 학습률이 작으면 가중치가 0에 천천히 다가갑니다. 학습률을 키우면 한 걸음에 0에 닿고, 더 키우면 0을 뛰어넘어 왔다 갔다 합니다. 한계 $2 / c$부터는 0에 이르지 못합니다. 한계를 넘으면 가중치가 끝없이 커집니다. 그런데 부동소수점 수의 크기에는 끝이 있습니다.

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
# 먼저 가중치가 무한대가 됩니다. 한 걸음 뒤에는 무한대에서 무한대를 빼게 되고, 그 결과가 NaN입니다. 그다음부터 여기서 계산한 것은 모두 NaN입니다.
#
# 걸음마다 기울기는 맞았습니다. 이 패키지는 NaN이 퍼지기 전에 오류를 냅니다. 다음은 활성화 함수가 없는 층 하나가 [손글씨 숫자](digits.py) 이백 장을 제곱오차로 배우는 예입니다. 그림마다 목표값은 레이블 자리만 1이고 나머지는 0인 행입니다.

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
# **측정.** 처음 몇 걸음의 손실을 걸음마다 출력해 보세요. 학습률이 지나치게 크면 몇 걸음 안에 손실이 커집니다. NaN이 나왔다면 **마지막으로 유한했던** 손실을 찾으세요. 문제는 그전에 생겼습니다. 다음 절처럼 한 걸음의 길이를 가중치의 크기와 비교해 보는 것도 좋습니다.
#
# **처방.** 처음 몇 걸음에서 손실이 줄어들 때까지 학습률을 거듭 10으로 나눕니다. 그런 다음 조금씩 다시 키웁니다. 가중치가 여럿이면 방향에 따라 그릇의 가파른 정도가 다르고, 가장 가파른 방향이 전체의 한계를 정합니다.
#
# ## 너무 작은 학습률 {#rate-too-small}
#
# **증상.** 걸음마다 손실이 줄어들기는 하지만, 백 걸음이 지나도 거의 달라지지 않습니다. 같은 숫자 이백 장을 같은 신경망과 세 가지 학습률로 배워 봅시다.

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
# ![가로축이 걸음이고 세로축이 로그 눈금인 손실 곡선 세 개. good 곡선은 많이 내려갑니다. small 곡선은 거의 수평입니다. large 곡선은 곧장 뛰어올랐다가 내려온 뒤 수평이 되어 small 곡선과 겹칩니다.](figure)
#
# /// figure-caption
# 같은 신경망을 세 가지 학습률로 학습시킨 결과. 두 곡선은 거의 내내 수평이지만, 이유는 서로 반대입니다.
# ///
#
# 수평인 곡선만 보고는 둘 가운데 어느 쪽인지 알 수 없습니다. 학습률이 클 때 뛰어오른 뒤에 무슨 일이 생겼는지는 [아래에서](#dead-relu) 봅니다.
#
# **측정.** 한 걸음은 가중치에 비해 얼마나 긴가요? 배열의 길이는 원소의 제곱을 모두 더한 것의 제곱근이고, `np.linalg.norm`으로 구합니다.

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
# 알맞은 학습률에서는 첫 걸음의 길이가 가중치 길이의 0.06674배입니다. 작은 학습률에서는 한 걸음이 그 길이의 0.00013배입니다. 백 걸음을 같은 쪽으로 가도 가중치는 백분의 일쯤 움직일 뿐입니다. 큰 학습률에서는 0.66740배입니다. 한 걸음에 가중치가 원래 크기의 삼분의 이만큼 바뀝니다.
#
# **처방.** 손실이 줄어드는 동안은 학습률을 열 배씩 키웁니다. 그러다가 손실이 커지면 바로 앞의 학습률을 씁니다. 대략 한 걸음이 가중치의 천분의 일에서 십분의 일 사이가 되는 학습률부터 시험해 볼 만합니다.
#
# ## 0에서 255까지의 입력 {#unscaled}
#
# **증상.** 그림 파일에는 0에서 255까지의 정수가 들어 있습니다. 그대로 시그모이드가 있는 신경망에 넣으면 손실이 조금 줄다가 멈춥니다. 우리 숫자 그림에 255를 곱해서 살펴봅시다.

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
# **측정.** 이런 입력 64개를 더하면 가중치가 작은 난수여도 가중합이 0에서 멀어집니다. 그곳에서 시그모이드는 평평합니다. 곧 유닛이 **포화**(saturation)됩니다. 모든 유닛과 표본에서 기울기가 백분의 일보다 작은 것의 비율을 구합니다. 시그모이드의 기울기는 아무리 커도 사분의 일입니다.

# %%
def saturated(net, x):
    """Share of sigmoids whose slope is below a hundredth."""
    net.forward(x)
    return (bp.sigmoid_derivative(net.layers[1].z) < 0.01).mean()

for name, inputs in (("0 to 255", raw), ("0 to 1  ", raw / 255)):
    share = saturated(digit_network(bp.Sigmoid()), inputs)
    print(name, "saturated at the start:", f"{share:.0%}")

# %% [markdown]
# 은닉 유닛의 오차에는 이 기울기가 인수로 들어 있습니다. 그래서 이 오차의 97%가 거의 0입니다. 그레이디언트는 맞는 값이므로 검사를 통과합니다. 포화된 유닛에서는 가중치를 조금 움직여도 정말로 달라지는 것이 거의 없습니다.
#
# 포화되지 않은 나머지에는 반대로 걸음이 너무 긴 문제가 생깁니다. 가중치 하나와 입력 하나를 생각해 봅시다.
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
# [그릇](#rate-too-large)의 가파른 정도 $c$가 여기서는 입력의 제곱입니다. 화살표를 따라 들어온 값은 출력에 한 번, 그레이디언트에 한 번, 모두 두 번 들어갑니다. 입력이 255배가 되면 학습률은 255의 제곱으로 나눈 만큼 작아야 합니다.
#
# **처방.** 입력이 0과 1 사이에 오도록 나눕니다. 미터와 햇수처럼 열마다 재는 것이 다르면 열마다 평균을 빼고 표준편차로 나눕니다. 테스트 데이터에도 학습 데이터에서 구한 평균과 표준편차를 씁니다.

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
# ![걸음에 따른 손실 곡선 두 개. raw 곡선은 맨 처음에 조금 내려간 뒤로 높은 곳에 머뭅니다. scaled 곡선은 거의 0까지 내려갑니다.](figure)
#
# /// figure-caption
# 신경망도, 처음 가중치도, 학습률도 같습니다. 입력을 나눈 것만 다릅니다.
# ///
#
# ## 모양이 (n,)인 목표값 {#shapes}
#
# **증상.** 직선 `3 * u + 1` 위의 점 쉰 개에 직선을 맞춥니다. NumPy만 씁니다. 손실은 줄다가 멈추고 오류는 나지 않습니다. `w`와 `b`가 어떤 값이 되었는지 보세요.

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
# 목표값의 평균을 배웠고, 입력은 상관없다고 배웠습니다. 기울기가 틀렸을까요? `w = 2`, `b = 0`에서 `w`의 값을 살짝 움직여 봅시다.

# %%
def loss_at(w, b):
    return 0.5 * np.mean((w * u + b - v) ** 2)

h = 1e-5
nudged = (loss_at(2 + h, 0) - loss_at(2 - h, 0)) / (2 * h)
computed = np.mean((2 * u + 0 - v) * u)
print(f"nudged {nudged:.6f}   computed {computed:.6f}")

# %% [markdown]
# 기울기는 맞습니다. 다만 **실제로 계산되는** 손실의 기울기입니다. **측정.** 차이의 모양을 출력해 보세요.

# %%
y = w * u + b
print("outputs", y.shape, "targets", v.shape, "difference", (y - v).shape)
try:
    bp.squared_error(y, v)
except ValueError as error:
    print(error)

# %% [markdown]
# 출력은 열 하나이고, 목표값은 축이 하나뿐이어서 행처럼 다루어지는 배열입니다. NumPy는 **브로드캐스팅**(broadcasting)으로 둘을 표로 늘립니다. 그래서 모든 출력을 **모든** 목표값과 비교합니다. 표본이 두 개일 때 목표값의 평균을 $m$으로 쓰면 다음과 같습니다.
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
# 그 표본의 목표값이 있어야 할 자리에 모든 목표값의 평균이 있습니다. 그래서 평균을 배웁니다. 패키지는 이런 짝을 받으면 두 모양을 알려 주며 오류를 냅니다.
#
# **처방.** 목표값을 출력과 같은 모양, 곧 열 하나로 만듭니다.

# %%
w, b, C = fit(u, v[:, np.newaxis])
print(f"w {w:.3f}   b {b:.3f}   loss {C:.3f}")

# %% [markdown]
# 직접 짜는 프로그램에 `assert y.shape == t.shape` 한 줄을 넣어 두면 이런 실수를 찾을 수 있습니다. (숫자 그림의 레이블은 다릅니다. `softmax_cross_entropy` 함수는 표본마다 수 하나, 곧 모양이 (n,)인 레이블을 받습니다.)
#
# ## 정수 배열 {#integers}
#
# **증상.** 유닛 하나의 가중치를 정수로 시작합니다. 오류는 나지 않는데 가중치가 움직이지 않습니다. 같은 수를 소수점을 붙여 쓰면 배웁니다.

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
# **측정.** 배열에는 수의 종류가 하나씩 있고, `dtype.kind`로 알 수 있습니다. `i`는 부호 있는 정수, `u`는 부호 없는 정수, `f`는 부동소수점 수입니다. 배열의 원소에 **써 넣는** 값은 그 배열의 종류로 바뀝니다.

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
# 그레이디언트는 부동소수점 수이고 맞는 값입니다. 새 가중치도 그렇습니다. 그런데 원래 배열에 써 넣을 때 소수점 아래가 아무 말 없이 잘립니다. `-=` 연산만 오류를 냅니다. 한 걸음이 1보다 짧으면 가중치는 제자리에 있거나, 0 쪽으로 1만큼 움직입니다.
#
# 그림은 바이트(`uint8`)로 저장할 때가 많습니다. 바이트는 음수가 될 수 없으므로 뺄셈부터 틀립니다.

# %%
pixel, target = np.array([3], dtype=np.uint8), np.array([5], dtype=np.uint8)
print("3 - 5 in bytes:", pixel - target)
print("as decimals   :", pixel.astype(float) - target)

# %% [markdown]
# **처방.** 배열을 받는 곳에서 부동소수점 수로 바꿉니다. `np.asarray(W, dtype=float)`로 쓰면 됩니다. 패키지는 받은 배열을 복사하면서 그렇게 바꿉니다.

# %%
layer = bp.Dense(np.array([[1], [0]]), np.array([0]))
print("kind of W in the package:", layer.W.dtype.kind)

# %% [markdown]
# ## 죽은 ReLU {#dead-relu}
#
# **증상.** 손실이 변하지 않고, 어떤 입력을 넣어도 출력이 같습니다. ReLU 유닛이 있고 학습률이 조금 큰 경우입니다.

# %%
dead = digit_network(bp.ReLU())
losses = descend(dead, cross_entropy, pictures, labels, lr=2.0, steps=200)
print("loss", round(losses[0], 3), "->", round(losses[-1], 3))
outputs = dead.forward(pictures)
print("same outputs for every picture:", np.ptp(outputs, axis=0).max() == 0)
check = bp.check_gradients(dead, cross_entropy, pictures[:5], labels[:5])
print("check", check.passed)

# %% [markdown]
# **측정.** **어느** 표본에서도 가중합이 양수가 아닌 은닉 유닛을 셉니다.

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
# 가중합이 양수가 아니면 ReLU의 기울기는 0입니다. 모든 표본에서 그런 유닛은 $\err{1}$의 열이 모두 0입니다. 그래서 그 유닛의 가중치와 편향에는 그레이디언트가 오지 않습니다. 출력도 모두 0이므로 밖으로 나가는 가중치에도 오지 않습니다. 포화처럼 작은 값이 아니라 정확히 0입니다. 다음 걸음에서도 바뀌는 것이 없고, 그다음 걸음도 마찬가지입니다. 이런 유닛을 **죽은 유닛**(dead unit)이라고 합니다. 모두 죽으면 $\b{2}$만 배우고, 배우는 것은 숫자마다 얼마나 자주 나오는지뿐입니다.
#
# 유닛은 어쩌다 죽을까요? 너무 긴 걸음 하나로 편향과 가중치가 멀리 움직여, 모든 표본에서 가중합이 음수가 되기 때문입니다.
#
# **처방.** 첫째 층의 죽은 유닛은 입력이 변하지 않으므로 저절로 살아나지 않습니다. 뒤쪽 층의 유닛은 들어오는 값이 바뀌면 살아나기도 합니다. 학습률을 줄여 처음부터 다시 학습시킵니다. 많은 유닛 가운데 한두 개가 죽은 것은 큰 문제가 아닙니다.

# %%
for lr in (0.5, 2.0):
    net = digit_network(bp.ReLU())
    losses = descend(net, cross_entropy, pictures, labels, lr=lr, steps=100)
    count = dead_units(net, pictures)
    print(f"lr {lr}   dead {count:2}   loss {losses[-1]:.3f}")

# %% [markdown]
# 다른 처방은 0 아래에서도 조금은 통과시키는 활성화 함수를 쓰는 것입니다. 0 아래에서 기울기가 작은 **leaky ReLU**입니다. 여기서는 십분의 일로 합니다. 패키지에는 `bp.LeakyReLU(0.1)`로 들어 있고, [직접 만드는 층](own-layer.py)으로도 몇 줄이면 됩니다. 어려운 조건을 주기 위해 층 1의 편향을 모두 0보다 훨씬 작은 값에서 시작합니다.

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
# 두 신경망 모두 처음에는 어느 그림에서나 유닛 16개의 가중합이 전부 0보다 작습니다. 그래도 leaky ReLU를 쓴 쪽은 배웁니다.
#
# ## 점검표 {#table}
#
# 위에서부터 차례로 봅니다. 앞에 있는 것일수록 빨리 확인할 수 있고, 잘못되어 있으면 뒤의 것을 모두 망칩니다. 링크를 따라가면 그 경우로 돌아갑니다.
#
# | 잴 것 | 결과 | 뜻 → 처방 |
# |---|---|---|
# | 그레이디언트 검사 | 통과하지 못함 | 역전파가 틀림 → [고장 난 역전파 열두 가지](broken-backward.py) |
# | `W.dtype`, `x.dtype` | `i` 또는 `u` | 소수점 아래가 잘림 → [부동소수점 수로](#integers) |
# | `y.shape`, `t.shape` | 서로 다름(`t`가 레이블이면 제외) | 출력을 모든 목표값과 비교함 → [열 하나로](#shapes) |
# | `x.min()`, `x.max()` | 몇백, 또는 열마다 크게 다름 | 가중합이 0에서 너무 멂 → [나누기](#unscaled) |
# | 처음 몇 걸음의 손실 | 커짐, NaN | 걸음이 너무 김 → [더 작은 학습률](#rate-too-large) |
# | 한 걸음의 길이를 가중치의 길이로 나눈 값 | 천분의 일보다 훨씬 작음 | 걸음이 너무 짧거나 평평한 곳임. 아래도 볼 것 → [더 큰 학습률](#rate-too-small) |
# | 신경망의 출력이 표본에 따라 다른 정도 | 0 | 출력이 입력과 상관없음 → [모양](#shapes), [죽은 ReLU](#dead-relu) |
# | `W1`의 열끼리의 차이 | 0 | 모든 유닛이 같은 일을 함 → [난수로 시작](#equal-weights) |
# | 은닉 유닛의 기울기 | 거의 모두 아주 작음 | 포화 → [입력 나누기](#unscaled), [더 작은 가중치](slow-learning.py#initialisation) |
# | ReLU의 가중합, 열마다 가장 큰 값 | 0보다 큰 것이 없음 | 죽은 유닛 → [다시 시작](#dead-relu) |
# | 표본마다 출력한 오차 | 크지만 상쇄됨 | 경사하강법이 멈춤 → [은닉층](#xor) |
#
# 알맞은 학습률은 그 위에 있는 모든 것에 따라 달라집니다. 그러니 입력과 모양과 수의 종류를 살펴보기 전에는 학습률을 바꾸지 마세요.
#
# ## 한 번에 점검하기 {#check-up}
#
# 점검표의 대부분을 함수 하나로 만들었습니다. 두 줄에는 설명이 필요합니다. 4번 줄은 표본에 따라 출력이 얼마나 다른지를 나타냅니다. 0이면 출력이 표본에 따라 달라지지 않는 것입니다. 6번 줄의 첫째 수는 시그모이드에서 봅니다. −5보다 작거나 5보다 큰 곳에서는 기울기가 백분의 일보다 작습니다. 둘째 수는 ReLU에서 보며, 유닛의 개수를 나타냅니다. 먼저 0에서 255까지의 입력을 받는 신경망을 첫 걸음 전에 점검합니다.

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
# 두 모양이 다른 것은 목표값이 레이블이기 때문이므로 괜찮습니다. 3번 줄에는 원인이, 6번 줄에는 결과가 보입니다. 7번 줄을 보면, 포화되지 않은 몇 개 때문에 한 걸음이 가중치 자체보다도 깁니다. 다음은 ReLU가 죽은 신경망입니다.

# %%
check_up(dead, cross_entropy, pictures, labels, lr=2.0)

# %% [markdown]
# 입력과 유닛은 멀쩡해 보입니다. 그러나 출력은 표본에 따라 달라지지 않고, 0보다 큰 가중합이 하나도 없으며, 걸음은 정확히 0입니다. 학습률을 키워도 소용없습니다. 0에는 무엇을 곱해도 0입니다.
#
# ## 연습 문제 {#exercises}
#
# <!-- exercises -->
#
# 모든 수를 들여다볼 수 있을 만큼 작은 XOR 신경망이 [실험실](../lab/your-network.md?preset=xor)에 있습니다. 가중치를 일부러 나쁘게 바꾸고 그레이디언트가 어떻게 되는지 지켜보세요.

# %% [markdown]
# ## 다음 페이지 {#next}
#
# 학습하는 신경망은 화살표마다 들어온 값을 거꾸로 가는 계산이 지나갈 때까지 보관합니다. 그 메모리가 얼마나 되는지, 메모리 대신 시간을 쓰려면 어떻게 하는지는 [메모리](memory.py) 페이지에서 재어 봅니다.
