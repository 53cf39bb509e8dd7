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
# title: 왜 어떤 가중치는 느리게 배울까
# description: 들어오는 활성값이 작거나, 유닛이 포화되었거나, 층이 많거나, 첫 가중치의 크기가 맞지 않으면 학습이 얼마나 느려지는지 숫자로 보고, 무엇이 도움이 되는지 유도하고 재어 봅니다.
# keywords:
#   layer-by-layer: 기울기 소실, 그래디언트 소실, 그라디언트 소실, 경사 소실, 기울기 폭주, 그래디언트 폭주, vanishing gradient
#   saturated: 포화, saturation
#   initialisation: 초기화, 가중치 초기화, 초깃값, 초기값, initialization, xavier, he, glorot, kaiming
# ---

# %% [markdown]
# # 왜 어떤 가중치는 느리게 배울까 {#slow-learning}
#
# 이 페이지를 마치면 네 방정식만 보고 신경망의 어느 가중치가 거의 움직이지 않을지 말할 수 있습니다. 첫 가중치가 얼마나 커야 하는지, 교차 엔트로피를 쓰면 포화된 출력 유닛이 왜 다시 배우는지도 유도할 수 있습니다.
#
# 가중치의 미분값은 [한 문장](../hand/one-path.md)으로 말할 수 있습니다. **화살표를 따라 들어온 값에 그 값이 향하는 유닛의 오차를 곱한 것**입니다. 이것은 곱입니다. 첫째 인수가 작으면 곱이 작고, 둘째 인수가 작아도 곱이 작습니다. 이 페이지의 내용은 모두 여기에서 나옵니다.

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
# 세 가중치는 같은 유닛으로 들어가고, 세 가중치에 곱해지는 오차도 같습니다. 그런데도 미분값은 크게 다릅니다. 마지막 가중치의 미분값은 거의 0입니다. 화살표를 따라 들어온 값이 거의 없기 때문입니다. 편향에는 이런 인수가 없습니다. 편향의 미분값은 오차 그 자체입니다.
#
# 그러므로 그레이디언트가 옳아도 별 쓸모가 없을 수 있습니다. 시간은 얼마나 더 걸릴까요?

# %% [markdown]
# ## 들어오는 활성값이 작을 때 {#small-input}
#
# 가중치 하나만 학습시켜 봅시다. 유닛 하나가 $x$를 받아 1을 내보내야 합니다. 편향도 활성화 함수도 없습니다. 실행할 때마다 $x$만 바꿉니다. 출력이 십분의 구를 넘기까지 몇 걸음이 걸리는지 보세요.

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
# ![걸음 수를 로그 눈금으로 나타낸 가로축 위에서 0에서 1을 향해 올라가는 곡선 세 개. 모양은 모두 같습니다. 입력이 작을수록 오른쪽에 있고, 가장 작은 입력의 곡선은 약 백 배 먼 곳에 있습니다.](figure)
#
# /// figure-caption
# 입력 세 가지에 대해 가중치 하나가 배우는 동안의 출력. 어느 곡선이나 첫째 곡선을 옆으로 늘인 것입니다.
# ///
#
# 입력이 십분의 일이면 걸음 수는 열 배가 아니라 약 백 배가 됩니다. 왜 그럴까요? 입력이 작으면 두 번 손해를 보기 때문입니다. 미분값이 십분의 일이 됩니다. **그리고** 가중치가 갈 길은 열 배로 멉니다. 1을 내보내려면 가중치가 $1 / x$이 되어야 합니다. 문자로 써 봅시다. 한 걸음 뒤의 가중치를 $v$로 씁니다.
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
# 1. 활성화 함수가 없으므로 오차는 출력에서 목표값을 뺀 것입니다.
# 2. 들어온 값에 오차를 곱합니다.
# 3. 새 출력에서 목표값을 뺍니다. $v$의 자리에 위의 식을 넣고 $x$를 곱합니다.
# 4. $z - t$가 있는 항을 모읍니다. 그 앞의 괄호가 걸음마다 한 번씩 곱해지는 인수입니다.
#
# 한 걸음마다 남은 거리가 그 $\lr \x^2$배만큼 줄어듭니다. 입력이 제곱으로 들어갑니다. 그래서 두 입력의 크기가 많이 달라서는 안 됩니다. 둘 다에 맞는 학습률이 없기 때문입니다. 입력의 크기를 맞추는 방법은 [다음 페이지](not-learning.py#unscaled)에 있습니다. 은닉층의 활성값이 늘 0에 가까우면 그 유닛에서 **나가는** 가중치에 같은 일이 일어납니다. 거의 죽은 유닛이고, 거기서 나가는 가중치는 아주 작은 입력을 받을 때처럼 느리게 배웁니다.

# %% [markdown]
# ## 포화된 유닛 {#saturated}
#
# 이제 둘째 인수인 오차를 봅시다. 출력 유닛이 시그모이드이고 손실이 제곱오차이면, BP1에 따라 오차는 $(a - t) \cdot \sigma'(z)$입니다. 목표값은 0인데 가중합이 너무 크다고 합시다. 점점 더 키워 봅니다.

# %%
print("  z        a    a - t    slope    delta")
for z in (0.0, 2.0, 4.0, 6.0, 8.0):
    a = bp.sigmoid(z)
    slope = bp.sigmoid_derivative(z)
    delta = (a - 0) * slope
    print(f"{z:3} {a:8.4f} {a - 0:8.4f} {slope:8.4f} {delta:8.4f}")

# %% [markdown]
# 뒤의 세 열을 위에서 아래로 읽어 보세요. 답은 점점 더 틀리는데, 오차는 점점 작아집니다. 마지막 행에서는 더 틀릴 수 없을 만큼 틀렸는데도 거의 배우지 못합니다. 출력이 시그모이드의 평평한 곳에 있기 때문입니다. 이런 유닛을 **포화**(saturated)되었다고 합니다.
#
# 얼마나 평평할까요? 시그모이드를 $a = 1 / (1 + e^{-z})$<!-- equation: definitions, with z=1, a=0.7310585786300049 -->로 씁시다. $a$가 1이 되기까지 모자라는 값은 $e^{-z} a$입니다.
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
# 평평한 곳에서는 $a^2$이 거의 1이므로 기울기는 거의 $e^{-z}$입니다. $z$가 1만큼 커질 때마다 기울기는 $e$로 나누어집니다. 이런 유닛이 돌아오는 데에는 얼마나 걸릴까요? 가중치 하나와 편향이 있는 유닛을 학습시킵니다. 입력은 1입니다. 그래서 두 미분값이 같고, 둘 다 오차와 같습니다. 출력이 0.1보다 작아질 때까지 걸음을 셉니다.

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
# ![걸음 수를 로그 눈금으로 나타낸 가로축 위에서 1 가까이에서 0.1까지 내려가는 곡선 네 개. 처음에는 평평하다가 갑자기 가파르게 떨어집니다. 처음 가중합이 클수록 평평한 부분이 길고, 걸음의 거의 전부를 차지합니다.](figure)
#
# /// figure-caption
# 0을 내보내야 하는 유닛의 출력. 처음 가중합이 네 가지입니다. 걸음의 거의 전부를 평평한 곳에서 씁니다.
# ///
#
# 끝에서 두 번째 출발점에서 마지막 출발점으로 가면 $z$는 둘만큼 커지고, 걸음 수는 약 여섯 배가 됩니다. 평평한 곳에서는 한 걸음에 $z$가 기울기의 약 두 배만큼 움직입니다. 그러므로 기울기가 $e$로 나누어지면 같은 길에 약 $e$배의 걸음이 듭니다. 더 먼 곳으로 가면, 둘만큼 커질 때의 배수가 $e^2$에 가까워집니다. 이 유닛에 고장 난 곳은 없습니다. 미분값은 옳고, 다만 작습니다.
#
# tanh도 양쪽이 평평합니다. ReLU는 한쪽만 평평합니다. 그런데 그곳의 기울기는 정확히 0이어서 [기다려도 소용이 없습니다](not-learning.py#dead-relu).

# %% [markdown]
# ## 층을 하나씩 지나며 {#layer-by-layer}
#
# 유닛이 평평한 곳에 있으면 그 유닛의 오차가 작아집니다. 깊은 신경망에서는 오차가 거슬러 가는 동안 층마다 한 번씩, 여러 번 기울기가 곱해집니다. 층마다 BP2를 한 번씩 적용하는 것입니다.
#
# <!-- equations: a network -->
#
# $$
# \err{l} = (\err{l+1} (\W{l+1})^\T) \had \act'(\Z{l})
# $$
#
# 그 결과를 재어 봅시다. 유닛 64개로 된 층이 열 개이고, 가중치는 난수이며, 편향은 없습니다. 표본도 난수이고, 마지막 층에 도착하는 그레이디언트도 난수입니다. 알고 싶은 것은 **층**이 하는 일이기 때문입니다. 여기서 배열의 **크기**(size)란 원소를 제곱하여 평균을 내고 제곱근을 취한 값입니다. 원소 하나의 대표적인 크기라고 볼 수 있습니다.

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
# 같은 난수 가중치에 활성화 함수만 세 가지로 바꿉니다. 가중치의 표준편차(standard deviation)는 $\sqrt{1 / n}$입니다. 이유는 다음 절에서 밝힙니다. 층 10에서 층 1까지 거슬러 가면 층을 아홉 번 넘어갑니다. 한 번 넘어갈 때 곱해지는 인수의 평균은 아홉 번 모두 곱한 값의 아홉제곱근입니다.

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
# ![층 1에서 층 10까지, 세로축이 로그 눈금인 그림에 거의 곧은 선 세 개. 모두 오른쪽으로 올라갑니다. 시그모이드의 선이 훨씬 가파르고 백만분의 일보다 아래에서 시작합니다. ReLU의 선은 덜 가파르고, tanh의 선은 거의 수평입니다.](figure)
#
# /// figure-caption
# 층마다 잰 오차의 크기. 로그 눈금에서는 일정한 인수가 곧은 선으로 나타납니다. 오차가 가는 방향대로 오른쪽에서 왼쪽으로 읽으세요.
# ///
#
# 선은 거의 곧습니다. 어느 층에서나 거의 같은 인수가 곱해집니다. 시그모이드에서는 이 인수가 사분의 일보다 작습니다. 우연이 아닙니다. 시그모이드의 기울기는 이보다 커질 수 없습니다.
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
# 사분의 일에서 제곱을 뺀 값이고, 제곱은 음수가 아닙니다. 그러므로 기울기는 아무리 커도 사분의 일이고, $a$가 이분의 일일 때만 사분의 일이 됩니다. 지나가는 값의 크기를 가중치가 그대로 두더라도, 시그모이드 층을 지날 때마다 남는 것은 많아야 사분의 일입니다. tanh는 한가운데의 기울기가 1이므로 훨씬 적게 잃습니다. ReLU는 유닛의 절반에서 기울기가 1이고 나머지 절반에서 0입니다. 제곱의 평균이 절반이 되므로, 크기에는 이분의 일의 제곱근, 약 십분의 칠이 곱해집니다. 세 인수는 모두 위의 출력에 있습니다.
#
# 시그모이드 층을 열 개 지나면 첫 층에는 거의 아무것도 남지 않습니다. 이것이 **기울기 소실**(vanishing gradient)입니다. 마지막 층들은 배우지만, 처음 층들은 여전히 난수 그대로입니다. 처음 층에 맞게 학습률을 키우면 마지막 층에는 너무 커집니다.
#
# 인수가 1보다 크면 반대의 일이 일어납니다. 층을 지날 때마다 오차가 커지는 **기울기 폭주**(exploding gradient)입니다. 그러므로 층 하나의 인수가 모든 것을 정하고, 그 인수에는 가중치도 들어 있습니다. 가중치는 얼마나 커야 할까요?

# %% [markdown]
# ## 첫 가중치는 얼마나 커야 할까 {#initialisation}
#
# 가중치의 첫 값을 정하는 일을 초기화(initialisation)라고 합니다. 같은 열 층에 tanh를 쓰고, 가중치의 표준편차를 세 가지로 합니다. $\sqrt{1 / n}$의 절반, 이 값 그대로, 그리고 네 배입니다. 순전파에서 활성값의 크기가 어떻게 되는지 보세요.

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
# ![세로축이 로그 눈금인 그림에, 층을 따라가는 선 세 개. 표준편차가 절반일 때의 선은 천분의 일까지 곧게 떨어집니다. 그대로일 때의 선은 천천히 내려갑니다. 네 배일 때의 선은 1 가까이에서 수평입니다.](figure)
#
# /// figure-caption
# tanh 신경망에서 층마다 잰 활성값의 크기. 가중치의 표준편차가 세 가지입니다. 범례의 수는 $\sqrt{1 / n}$의 몇 배인지를 나타냅니다.
# ///
#
# 가중치가 너무 작으면 신호가 층을 지날 때마다 절반으로 줄어듭니다. 마지막 층들에는 거의 0이 들어오고, [첫째 절](#small-input)에서 본 대로 그 가중치의 미분값은 거의 0입니다. 가중치가 너무 크면 어느 층에서나 활성값의 대부분이 1이나 −1에 가깝습니다. [둘째 절](#saturated)에서 본 포화된 유닛입니다. 거슬러 가는 오차는 어떨까요?

# %%
print("spread   layer 10   layer 1   a layer")
for name in spreads:
    first, last = back[name][0], back[name][-1]
    factor = a_layer(last, first)
    print(f"x {name:4}   {last:8.3f}   {first:.1e}   {factor:7.2f}")

# %% [markdown]
# 가중치가 작으면 오차가 사라집니다. 가중치가 크면, 포화된 유닛의 기울기가 작아서 처음에는 오차가 더 작습니다. 그러다가 **커집니다**. 큰 가중치가 작은 기울기를 채우고도 남기 때문입니다. 둘 다 좋지 않습니다. 그 사이에 신호의 크기를 그대로 두는 표준편차가 있을 것입니다. 그 값은 계산할 수 있습니다.

# %% [markdown]
# ## 1/n은 어디에서 올까 {#one-over-n}
#
# 유닛은 가중치와 활성값의 곱을 더합니다. 가중치가 난수이면 그 합은 얼마나 클까요? 입력을 두 개로 하고, 가중치의 부호를 동전으로 정합시다. 가중치는 $s$ 아니면 $-s$입니다. 네 가지 경우가 있고, 모두 확률이 같습니다.
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
# 넷의 평균은 0입니다. 어느 경우에나 부호가 반대인 경우가 있기 때문입니다. 그러므로 평균으로는 크기를 알 수 없습니다. **제곱**의 평균으로는 알 수 있습니다. 이것을 $q$로 쓰고, 무엇을 제곱했는지 첨자로 나타냅니다. 가중합은 $q_z$, 가중치는 $q_w$, 들어오는 활성값은 $q_a$입니다. (평균이 0이면 제곱의 평균을 **분산**(variance)이라고 합니다. 그 제곱근이 앞 절에 나온 **표준편차**입니다.)
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
# 1. 뒤의 두 경우는 앞의 두 경우와 부호만 반대입니다. 제곱하면 같습니다.
# 2. 가중합의 식을 넣습니다.
# 3. 제곱을 전개합니다. 서로 다른 것끼리 곱한 항 $2 \activ_1 \activ_2$는 더하기로 한 번, 빼기로 한 번 나와서 없어집니다.
# 4. 괄호 안은 $q_a$의 두 배입니다.
#
# 핵심은 이것이 전부입니다. **부호가 서로 독립이므로 서로 다른 것끼리 곱한 항은 없어지고, 입력마다 하나씩 제곱만 남습니다.** 입력이 더 많아도 두 입력씩 짝지은 항은 모두 똑같이 없어집니다. 마지막 줄의 두 배는 입력의 수를 곱한 것, 곧 $n_\text{in}$배가 됩니다. 가중치의 크기가 $s$ 하나가 아니면 $s^2$의 자리에 제곱의 평균 $q_w$가 들어갑니다. 입력이 열 개일 때, 부호를 고르는 방법 1024가지를 모두 써서 확인해 봅시다.

# %%
n_in, s = 10, 0.3
a = np.linspace(0.1, 1.0, n_in)
choices = np.arange(2**n_in)[:, None] >> np.arange(n_in) & 1
z = (s * (2 * choices - 1)) @ a

q_z, q_w, q_a = np.mean(z**2), s**2, np.mean(a**2)
print("choices", len(z))
print(f"q_z {q_z:.4f}   n_in q_w q_a {n_in * q_w * q_a:.4f}")

# %% [markdown]
# 마지막 자리까지 같습니다.
#
# <!-- equation: definitions, with q_z=0.3465, n_in=10, q_w=0.09, q_a=0.385 -->
#
# $$
# q_z = n_\text{in} \cdot q_w \cdot q_a
# $$
#
# 층을 지나면 제곱의 평균에 $n_\text{in} q_w$가 곱해집니다. tanh는 0 근처에서 항등 함수와 거의 같으므로, 활성값은 가중합과 크기가 비슷합니다. 곱해지는 인수가 1이면 신호의 크기가 그대로입니다. 그러므로 가중치의 제곱의 평균은 $1 / n_\text{in}$, 표준편차는 그 제곱근이어야 합니다.
#
# **거꾸로 갈 때**에도 역할만 바꾼 같은 합이 나옵니다. 유닛에 도착하는 오차는 그 유닛이 이어지는 다음 층 유닛들에 대한 합입니다. BP2에는 그 유닛마다 곱이 하나씩 있으므로 모두 $n_\text{out}$개입니다. 그래서 거꾸로 갈 때는 제곱의 평균에 $n_\text{out} q_w$가 곱해지고, 가중치의 제곱의 평균은 $1 / n_\text{out}$이어야 합니다. (BP2의 다른 인수인 기울기는 tanh의 0 근처에서 약 1입니다.) 층의 입력과 유닛의 수가 같으면 두 조건이 한꺼번에 맞습니다. 다르면 서로 어긋납니다. 그럴 때는 절충하여 분모에 두 수의 평균, 곧 $n_\text{in} + n_\text{out}$의 절반을 넣습니다.
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
# 이제 한 인수가 1보다 큰 만큼 다른 인수는 1보다 작습니다. 입력이 유닛보다 네 배 많은 층에서 재어 봅시다.

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
# 첫째 행에서는 순전파의 인수가 약 1이고, 둘째 행에서는 역전파의 인수가 약 1입니다. 셋째 행에서는 둘 다 1이 아니지만 크게 벗어나지도 않습니다. 이 절충이 패키지의 `"xavier"` 방식입니다. 이 방식을 내놓은 논문의 첫째 저자 Xavier Glorot의, 성이 아니라 이름에서 왔습니다(Glorot과 Bengio, 2010).

# %% [markdown]
# ## ReLU에는 왜 두 배가 필요할까 {#two-over-n}
#
# ReLU를 지나면 활성값은 가중합만큼 크지 않습니다. 음수가 모두 0이 되었기 때문입니다. 제곱의 평균은 얼마나 남을까요? 부호를 고르는 방법이 이번에도 도움이 됩니다. 어떤 방법에나 부호를 모두 바꾼 방법이 있고, 그때 가중합의 부호도 바뀝니다. 둘 가운데 하나는 지나가고 다른 하나는 지나가지 못합니다.
#
# $$
# \relu(\preact)^2 + \relu(-\preact)^2 = \preact^2
# $$
#
# 그러므로 한 쌍의 두 제곱 가운데 하나만 남고, 제곱의 평균은 절반이 됩니다. 앞에서 쓴 열 개의 입력으로 확인해 봅시다.

# %%
print(f"mean square before ReLU {np.mean(z**2):.5f}")
print(f"mean square after       {np.mean(bp.relu(z) ** 2):.5f}")

# %% [markdown]
# 정확히 절반입니다. 그러면 ReLU까지 지날 때 층 하나에서 제곱의 평균에 곱해지는 것은 $n_\text{in} q_w$의 절반입니다. 이것을 채우려면 가중치의 제곱의 평균이 두 배여야 합니다.
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
# 거꾸로 갈 때에도 같은 절반입니다. 오차는 기울기가 1인 곳을 지나가고, 나머지 절반의 경우에는 0이 됩니다. 이것이 He 등(2015)이 내놓은 `"he"` 방식입니다. [손글씨 숫자](digits.py#network)에서도 이 표준편차로 시작했습니다.
#
# 여기에는 왜 $n_\text{out}$과의 절충이 없을까요? 신경망에서 한 층의 출력은 다음 층의 입력입니다. 그래서 모든 층에서 거꾸로 갈 때의 인수 $n_\text{out} / n_\text{in}$을 곱하면 처음 층의 입력의 수와 마지막 층의 유닛의 수만 남고 모두 약분됩니다. 깊은 신경망에서는 두 수 가운데 어느 쪽을 써도 됩니다.
#
# 같은 열 층에 ReLU를 쓰고, 가중치의 제곱의 평균을 세 가지로 해 봅시다. 출력된 수는 층 하나에서 크기에 곱해지는 인수이고, 순전파와 역전파의 순서입니다.

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
# ![세로축이 로그 눈금인 그림에, 층을 따라가는 선 세 개. 1 / n의 선은 곧게 내려가고 4 / n의 선은 곧게 올라갑니다. 2 / n의 선은 조금씩 오르내리며 1 가까이에 머무릅니다.](figure)
#
# /// figure-caption
# ReLU 신경망에서 층마다 잰 활성값의 크기. $1 / n$의 두 배일 때만 제자리에 머무릅니다.
# ///
#
# 크기에 곱해지는 인수는 유도한 대로 이분의 일의 제곱근, 1, 이의 제곱근입니다. 가운데 선이 완전히 수평이 아닌 것은 유닛이 64개뿐이기 때문입니다. 유도에서는 가능한 모든 난수 가중치의 평균을 다루었고, 여기서는 한 벌만 뽑았습니다.
#
# 시그모이드는 어떨까요? 한가운데의 기울기가 사분의 일이므로, 이것을 채우려면 가중치의 제곱의 평균이 열여섯 배여야 합니다. 하지만 그러면 가중합이 커져서 유닛이 포화됩니다. 층 하나에서 오차의 크기에 곱해지는 인수와 층 1에서 기울기의 평균을 출력합니다.

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
# 표준편차를 네 배로 해도 층마다 오차를 꽤 많이 잃고, 기울기의 평균은 처음의 절반보다도 작아졌습니다. 이것이 요즘 은닉층에 대개 ReLU나 그 비슷한 함수를 쓰고, 시그모이드는 대개 출력에만 남겨 두는 중요한 이유 가운데 하나입니다. (나중에 나온 방법도 도움이 됩니다. 신경망이 계산하는 동안 가중합의 크기를 맞추는 층이나, 층을 비켜 가는 연결입니다.)

# %% [markdown]
# ## 학습에 정말 차이가 날까? {#matters}
#
# 오차의 크기와 학습은 다른 이야기일 수 있으니 확인해 봅시다. 손글씨 숫자를 쓰고, 유닛 32개로 된 은닉층이 여덟 개입니다. 다른 것은 활성화 함수와 첫 가중치뿐입니다. `scale`을 주면 첫 가중치가 원래 방식보다 작아집니다.

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
# ![열두 에포크 동안의 손실 곡선 세 개. 둘은 겹친 채 약 2.3에서 수평입니다. 셋째는 그보다 조금 낮은 곳에서 시작하여, 오르내리면서 아주 작은 값까지 내려갑니다.](figure)
#
# /// figure-caption
# 에포크가 끝날 때마다 잰 손실. ReLU 신경망 두 개는 첫 가중치만 다릅니다.
# ///
#
# 둘은 아직 출발한 곳에 그대로 있습니다. 열 개의 숫자에 모두 같은 확률을 주면 손실이 $\ln 10$, 약 2.3인데, 두 신경망의 손실이 거의 그 값입니다. 그레이디언트에 틀린 곳은 없습니다. 언젠가는 배우기 시작할 것입니다. 다만 얼마나 걸릴지는 아무도 미리 알 수 없습니다.

# %% [markdown]
# ## 교차 엔트로피에서는 기울기가 약분된다 {#cross-entropy}
#
# 포화된 유닛 하나로 돌아갑시다. 그 기울기는 작고, 우리가 바꿀 수 없습니다. 하지만 오차는 곱이고, 다른 인수는 **손실**의 기울기입니다. 시그모이드가 평평한 바로 그곳에서 가파른 손실을 고르면 됩니다. 출력이 “예”일 확률을 나타내는 유닛이라면, 교차 엔트로피는 유닛이 정답에 준 확률에 자연로그를 취하고 음의 부호를 붙인 값입니다. 정답이 “예”이면 목표값 $t$는 1이고, 손실은 다음과 같습니다.
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
# 화살표는 두 개입니다. 가중합에서 출력으로, 출력에서 손실로 갑니다. 경로를 따라 곱합니다.
#
# $$
# \begin{aligned}
# \error &= \grad{\Lossx}{\activ} \cdot \deriv{\activ}{\preact} \\
# &= -\frac{1}{\activ} \cdot \activ (1 - \activ) \\
# &= \activ - 1
# \end{aligned}
# $$
#
# 정답이 “아니요”이면 목표값은 0이고, 유닛이 정답에 준 확률은 $1 - a$입니다.
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
# 두 번 다 시그모이드의 기울기가 약분되고, **출력에서 목표값을 뺀 것**만 남습니다. (두 경우를 식 하나로 쓰는 방법과 클래스가 더 많을 때는 [시그모이드](../equations/softmax.md#two-classes) 절에 있습니다.) 제곱오차를 쓰면 인수 $a (1 - a)$가 그대로 남습니다.
#
# 이제 재어 봅시다. 같은 유닛이 틀린 쪽에서 포화되어 있습니다. 목표값은 0이고, 두 손실에 같은 학습률을 씁니다. 다른 것은 오차뿐입니다.

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
# ![걸음 수를 로그 눈금으로 나타낸 가로축 위에서 1 가까이에서 0 가까이로 내려가는 곡선 두 개. 하나는 열 걸음쯤에 떨어지고, 다른 하나는 수백 걸음 동안 수평을 유지하다가 떨어집니다.](figure)
#
# /// figure-caption
# 포화된 유닛의 출력. 제곱오차를 쓸 때와 교차 엔트로피를 쓸 때입니다.
# ///
#
# ### 그래도 느린 것 {#stays-slow}
#
# 약분은 마지막 층에서만 일어납니다. 은닉층의 기울기는 여전히 곱해집니다. 앞에서 쓴 시그모이드 층 열 개 다음에 포화된 출력 유닛이 있다고 합시다. 두 손실에서 출력의 오차와 층 1의 오차를 비교합니다.

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
# 교차 엔트로피를 쓰면 출력의 오차가 수백 배 커지고, 그만큼 층 1의 오차도 커집니다. 하지만 거슬러 가는 동안 잃는 비율은 둘이 같습니다. 마지막 열이 그 비율입니다. 손실로 약분할 수 있는 것은 마지막 층의 기울기뿐입니다. 다른 층의 기울기에는 평평하지 않은 활성화 함수와 크기가 알맞은 첫 가중치가 필요합니다.

# %% [markdown]
# ## 연습 문제 {#exercises}
#
# <!-- exercises -->
#
# [이 작은 ReLU 신경망](../lab/your-network.md?preset=dead_unit)에는 학습을 멈춘 유닛이 하나 있습니다. 그레이디언트를 보고 찾은 다음, 수를 하나만 바꾸어 되살려 보세요.

# %% [markdown]
# ## 다음 페이지 {#next}
#
# 그레이디언트가 옳아도 배우지 못하는 이유 가운데 하나가 느린 학습입니다. 이유는 더 있습니다. 그런 신경망으로는 맞출 수 없는 데이터, 너무 큰 학습률, 크기가 제각각인 입력, 말없이 브로드캐스팅되는 배열입니다. [다음 페이지](not-learning.py)에서는 이것들을 어떻게 구별하는지 다룹니다.
