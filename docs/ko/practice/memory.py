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
# title: 무엇을 보관해야 할까, 어떻게 줄일까
# description: 역전파에 어떤 배열이 언제까지 필요한지 알아보고, 그 배열이 몇 바이트인지 예측하고 재어 봅니다. 체크포인팅은 배열의 오분의 일만 보관하고 나머지는 다시 계산합니다.
# keywords:
#   memory: 메모리 부족, out of memory
#   checkpointing: 체크포인트, 체크포인팅, gradient checkpointing
# ---

# %% [markdown]
# # 무엇을 보관해야 할까, 어떻게 줄일까 {#memory}
#
# 이 페이지를 마치면 역전파에 어떤 배열이 언제까지 필요한지 말할 수 있고, 그 배열이 몇 바이트를 차지할지 실행하기 전에 예측할 수 있습니다. 그리고 배열을 몇 개만 보관하고 나머지는 다시 계산하여, 깊은 신경망을 훨씬 적은 메모리로 학습시킬 수 있습니다.
#
# 문제는 이렇습니다. 유닛이 16개인 층이 100개 있는 신경망은 작습니다. 이 신경망에 표본 4000개로 된 배치를 넣어 순전파를 합니다. 메모리는 무엇이 차지할까요? 메가바이트(MB)는 백만 바이트입니다.

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
# 매개변수가 차지하는 메모리는 얼마 되지 않습니다. 거의 모두 순전파에서 나와 역전파를 기다리는 배열이 차지합니다. 그러므로 여기에서는 신경망을 얼마나 깊게, 배치를 얼마나 크게 할 수 있는지는 가중치가 아니라 이 배열에 달려 있습니다.

# %% [markdown]
# ## 어느 배열을 어디에 쓸까요? {#kept}
#
# [알고리즘](../equations/algorithm.md#five-steps)에서는 가중합과 활성값을 역전파가 지나갈 때까지 보관합니다. 그 가운데 정말 필요한 것은 무엇이고, 어디에 쓸까요? 역전파의 식에서 순전파 때 구한 값이 나오는 곳을 찾아봅시다.
#
# $$
# \begin{aligned}
# \err{l} &= (\err{l+1} (\W{l+1})^\T) \had \act'(\Z{l}) \\
# \grad{\Loss}{\W{l}} &= (\A{l-1})^\T \err{l} \\
# \grad{\Loss}{\b{l}} &= \sum_x \err{l}
# \end{aligned}
# $$
#
# 첫째 줄에는 $\Z{l}$, 둘째 줄에는 $\A{l-1}$이 있습니다. 가중치의 그레이디언트는 **화살표로 들어온 값에, 화살표가 향하는 유닛의 오차를 곱한 것**입니다. 그래서 들어온 값을 보관해야 합니다. 셋째 줄에는 오차만 있으면 됩니다. (마지막 층에서는 첫 인수 대신 손실의 그레이디언트를 쓰며, 그 안에 $\A{L}$이 있습니다.)
#
# 정말 그런지 시험해 볼 수 있습니다. 시그모이드 층 세 개를 직접 쓰고, 층의 번호를 키로 삼아 배열을 저장합니다. (편향은 아직 0이므로 가중합을 구할 때 생략합니다.)

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
# 이제 보관한 배열 하나를 망가뜨립니다. 수가 아니라는 뜻의 값인 NaN(not a number)으로 채우는 것입니다. NaN에 수를 더하거나 곱해도, 지수함수에 NaN을 넣어도 결과는 NaN입니다. 그러므로 역전파를 마치고 나면 그 배열이 어느 그레이디언트에 쓰였는지 알 수 있습니다. (비교는 다릅니다. `NaN > 0`은 그냥 거짓입니다. 그래서 ReLU라면 $\Z{l}$이 망가져도 이 방법으로는 알아채지 못합니다.)

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
# 활성값은 한 번씩만 씁니다. $\A{l-1}$은 $\W{l}$의 그레이디언트를 구할 때 쓰고, 다른 곳에서는 쓰지 않습니다. 가중합도 한 번만 씁니다. 그러나 가중합이 망가지면 오차가 망가지고, 오차는 이전 층으로 계속 전해집니다.
#
# 언제까지 보관해야 할까요? 역전파에서는 위에 출력된 순서대로, 마지막 층의 배열부터 첫째 층의 배열까지 차례로 씁니다. 자기 줄이 지나간 배열은 잊어도 됩니다. 그러므로 가장 먼저 만든 층 1의 배열을 가장 오래 보관합니다. 순전파가 끝나고 역전파가 시작되는 순간에는 **모든** 배열이 있습니다. 메모리를 가장 많이 쓰는 순간입니다.

# %% [markdown]
# ## 몇 바이트일지 예측하기 {#predicted}
#
# <!-- equations: plain letters -->
#
# 패키지의 `Dense` 층은 들어온 값 `x`를 보관하고, 활성화 함수 층은 `z`를 보관합니다. 그래서 층마다 배열이 두 개입니다. 배열에는 표본 $n$개와 유닛 $m$개마다 수가 하나씩 있고, float64는 수 하나가 여덟 바이트를 차지합니다. 층이 $L$개이고 층마다 입력이 $m$개, 유닛이 $m$개라고 합시다. 보관하는 배열의 바이트 수를 $K$, 모든 매개변수의 바이트 수를 $P$라고 하면 다음과 같습니다.
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
# 둘 다 깊이에 비례합니다. 배치에 비례하는 것은 $K$뿐입니다. $K$는 몇 배나 클까요? 그레이디언트는 매개변수와 크기가 같으므로, 둘을 합한 $2 P$와 비교해 봅시다.
#
# $$
# \begin{aligned}
# \frac{K}{2 P} &= \frac{16 \cdot n \cdot m \cdot L}{16 (m \cdot m + m) \cdot L} \\
# &= \frac{n}{m + 1}
# \end{aligned}
# $$
#
# 약분하고 나면 배치의 크기와 층의 너비만 남습니다. 그러므로 다음과 같이 말할 수 있습니다. **배치에 있는 표본이 층에 있는 유닛보다 많으면, 보관하는 값이 차지하는 메모리는 매개변수와 그레이디언트를 합한 것 이상입니다.** 식으로 구한 값을 위의 신경망과 바이트 단위까지 비교해 봅시다.

# %%
def bytes_kept(n, m, L):
    return 8 * 2 * n * m * L

print("predicted", bytes_kept(n, m, L))
print("kept     ", sum(array.nbytes for array in kept))
print(f"times parameters and gradients: {n / (m + 1):.0f}")

# %% [markdown]
# ## 메모리 재기 {#measured}
#
# 지금까지는 층이 보관하는 것을 세었습니다. 실제로 쓰는 메모리도 그만큼일까요? Python은 자기 메모리를 지켜볼 수 있습니다. `tracemalloc`은 그때그때 메모리를 얼마나 쓰는지 기록하고, NumPy는 배열이 쓰는 메모리를 여기에 알려 줍니다. 순전파와 역전파로 된 한 걸음 동안 가장 많이 쓴 **최대**(peak) 메모리를 재어 봅시다. 잴 때마다 신경망을 새로 만들어 첫 번째 걸음을 잽니다. 패키지는 다음 순전파가 성공할 때까지 이전 배열을 가지고 있으므로, 두 번째 걸음부터는 재는 것보다 메모리를 더 쓰기 때문입니다. 재는 것은 시작한 뒤에 쓴 메모리뿐입니다.

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
# ![층의 수를 가로축으로 한 그래프에서 두 직선이 서로 가까이 붙어 올라갑니다. 잰 값의 직선이 예측한 값의 직선보다 어디에서나 조금 위에 있습니다.](figure)
#
# /// figure-caption
# 깊이에 따른 한 걸음의 메모리. 식으로 구한 보관 바이트와, 재어서 얻은 최대 메모리입니다.
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
# ![표본의 수를 가로축으로 한 그래프에서 두 직선이 서로 가까이 붙어 올라갑니다. 잰 값의 직선이 예측한 값의 직선보다 조금 위에 있습니다.](figure)
#
# /// figure-caption
# 층이 스무 개일 때 배치에 따른 메모리. 표본이 두 배이면 메모리도 두 배입니다.
# ///
#
# 두 그래프 모두 직선입니다. 잰 값의 직선이 조금 위에 있는 것은 그레이디언트가 있고, 계산하는 데 잠깐 쓰는 배열이 몇 개 더 있기 때문입니다. 이 신경망의 그레이디언트는 작고, 잠깐 쓰는 배열의 수는 깊어져도 늘지 않습니다.

# %% [markdown]
# ## 절반은 거저 줄어듭니다 {#half}
#
# 시간을 들여 메모리를 아끼기 전에, 거저 아낄 수 있는 것부터 아낍시다. ReLU의 기울기를 구할 때는 $z$가 양수인지 아닌지만 알면 됩니다. 그것은 활성값을 보아도 알 수 있습니다. $z$가 양수일 때만 $\max(0, z)$가 양수이기 때문입니다.

# %%
z = np.array([-2.0, -0.5, 0.0, 0.5, 2.0])
a = np.maximum(z, 0)
print("z > 0:", (z > 0).tolist())
print("a > 0:", (a > 0).tolist())

# %% [markdown]
# 그러므로 $z$는 보관하지 않아도 됩니다. $a$를 보관하는 데는 메모리가 더 들지 않습니다. 다음 층으로 들어가는 값이어서 다음 층이 어차피 보관하기 때문입니다. 배열 하나를 두 층이 함께 가리킵니다. (기울기를 $a$로 쓸 수 있으면 언제나 이렇게 할 수 있습니다. 시그모이드의 기울기는 $a (1 - a)$, tanh의 기울기는 $1 - a^2$입니다.)
#
# 이런 층을 만들어 봅시다. `Dense`와 ReLU를 하나로 합친 층이며, [직접 만든 층이 지킬 규칙](own-layer.py#rule)을 따릅니다. `z`를 그 자리에서 `a`로 바꾸므로(`out=z`) 배열을 하나 더 만들지 않습니다. 그리고 역전파에서 쓴 것은 잊습니다.

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
# 두 층이 함께 가리키는 배열은 하나로 셉니다. `id`로 서로 다른 객체를 구별합니다. 층으로 된 층이 있으면 그 안도 들여다봅니다. 이것은 곧 필요합니다.

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
# 층마다 배열이 하나이고, 입력의 배열이 하나 더 있습니다. 곱을 하나도 더 하지 않고 메모리를 절반으로 줄였습니다. 이제부터 **배열**이라고 하면 크기가 $n \times m$인 이런 배열을 뜻합니다. 그러면 문제는 이렇게 됩니다. 배열이 가장 많을 때 몇 개가 있어야 할까요?

# %% [markdown]
# ## 일부만 보관하고 나머지는 다시 계산하기 {#checkpointing}
#
# 보관하지 않은 활성값도 아주 없어진 것은 아닙니다. 입력과 가중치가 있으므로 역전파에 필요할 때 다시 계산할 수 있습니다. 그러나 아무것도 보관하지 않으면 층마다 입력에서 그 층까지 순전파를 다시 해야 합니다. 층이 백 개이면 층을 오천 번쯤 지나야 하므로 너무 느립니다. 그 중간에 있는 방법이 **체크포인팅**(checkpointing)입니다.
#
# 1. 층을 $k$개씩 묶어 구간으로 나눕니다.
# 2. 순전파를 하면서 구간마다 들어온 값만 보관합니다. 이것이 그 구간의 **체크포인트**(checkpoint)입니다.
# 3. 마지막 구간에서 첫째 구간까지 거슬러 갑니다. 구간마다 먼저 체크포인트에서 순전파를 한 번 더 하면서 이번에는 모두 보관합니다. 그런 다음 그 구간의 역전파를 하고 나서 잊습니다.
#
# ![입력과 여섯 층의 활성값을 나타내는 동그라미가 일곱 개씩 네 줄로 놓여 있습니다. 첫째 줄에서는 화살표가 모든 동그라미를 지납니다. 첫째부터 하나 걸러 하나씩 굵은 동그라미이고, 그 사이는 점선이며, 마지막은 가는 동그라미입니다. 둘째 줄에서는 마지막 굵은 동그라미에서 가는 동그라미 두 개로 화살표가 이어지고, 빨간 화살표가 그 굵은 동그라미로 되돌아옵니다. 그 왼쪽은 첫째 줄과 같습니다. 셋째 줄에서는 두 칸 왼쪽에서, 넷째 줄에서는 맨 왼쪽에서 같은 일이 일어납니다.](../figures/checkpoints.svg)
#
# /// figure-caption
# 층 여섯 개를 두 개씩 구간으로 나누었습니다. 첫째 줄의 순전파에서는 체크포인트(굵은 선)를 보관하고 나머지(점선)는 잊습니다. 그다음 줄부터는 마지막 구간에서 시작하여 구간마다 순전파를 한 번 더 하고 거슬러 갑니다(빨간색).
# ///
#
# 구간은 층으로 된 층입니다. 그러므로 패키지에 그대로 넣어 쓸 수 있습니다.

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
# 신경망 쪽에서는 달라진 것이 없습니다. 그레이디언트는 같은 자리에 나옵니다. 다른 층과 똑같이 검사해 봅시다. 이번에는 패키지의 층 여섯 개를 두 개씩 구간으로 나눕니다. (모든 가중치와 편향, 그리고 입력의 미분값을 비교합니다.)

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
# 이제 한 걸음 동안 메모리를 지켜봅시다. 층을 지날 때마다 신경망 전체에 보관된 배열의 수를 세는 층을 만듭니다. (배열의 수는 배열의 크기와 상관없으므로 유닛 두 개, 표본 네 개면 충분합니다.)

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
# ![걸음을 가로축으로 한 그래프. plain 선은 가운데의 높은 꼭대기까지 꾸준히 올라갔다가 꾸준히 내려와 천막처럼 보입니다. 다른 선은 낮게 머뭅니다. 처음에는 낮은 계단을 오르고, 그다음에는 작은 톱니 열 개가 이어지는데 톱니마다 이전 톱니보다 조금씩 낮습니다.](figure)
#
# /// figure-caption
# 층을 하나 지날 때마다 보관하고 있는 배열의 수. 체크포인트가 없으면 천막 모양입니다. 체크포인트가 있으면 순전파에서는 낮은 계단이 되고, 그다음에는 구간마다 톱니가 하나씩 생깁니다. 순전파를 한 번 더 할 때 올라가고 거슬러 갈 때 내려옵니다.
# ///
#
# 꼭대기의 높이가 오분의 일로 낮아졌습니다. 그 대가는 가로축에 나타납니다. 층을 지나는 횟수가 절반만큼 늘었습니다. 시간도 절반만큼 늘까요? 그렇지 않습니다. [역전파에서는 층마다 행렬곱을 두 번, 순전파에서는 한 번](../equations/algorithm.md#counted) 하기 때문입니다. 체크포인트가 없으면 층마다 순전파에서 한 번, 역전파에서 두 번, 모두 세 번 곱합니다. 체크포인트가 있으면 네 번 곱합니다.
#
# <!-- equation: with L=100 -->
#
# $$
# \frac{2 L + 2 L}{L + 2 L} = \frac{4}{3}
# $$
#
# 그러므로 신경망이 아무리 깊어도 행렬곱은 삼분의 일만큼만 늘어납니다.

# %% [markdown]
# ## 최적의 간격은 제곱근입니다 {#square-root}
#
# 왜 층을 열 개씩 묶었을까요? 체크포인트는 $L / k$개 있습니다. 한 구간을 거슬러 가는 동안에는 다시 계산한 배열이 $k$개 더 있습니다. 가장 많을 때, 곧 첫째 톱니에서 배열의 수를 $N$이라고 합시다.
#
# <!-- equation: definitions, with k=10, L=100, N=20 -->
#
# $$
# N = \frac{L}{k} + k
# $$
#
# 구간이 짧으면 체크포인트가 많아지고, 구간이 길면 한꺼번에 다시 계산할 것이 많아집니다. 그 사이 어딘가에서 $N$이 가장 작습니다. 그곳에서는 $k$를 아주 조금 바꾸어도 $N$이 거의 변하지 않습니다. 곧 기울기가 0입니다. $L / k$의 기울기는 $-L / k^2$이고, $k$의 기울기는 1입니다.
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
# 그러므로 $k$는 $L$의 제곱근입니다. 그러면 체크포인트의 수와 한 구간에 있는 층의 수가 같고, 배열은 모두 $2 \sqrt{L}$개입니다. 이것이 가장 큰 값이 아니라 정말 가장 작은 값일까요? $L$의 제곱근을 $s$라 쓰고, $2 s$를 따로 떼어 봅시다.
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
# 마지막 항은 제곱을 양수로 나눈 것입니다. 음수가 될 수 없고, $k$가 $s$일 때만 0입니다. 그러므로 더 나은 간격은 없습니다. 제곱근은 아주 천천히 커집니다. 신경망이 백 배 깊어져도 메모리는 열 배면 됩니다.

# %% [markdown]
# ## 간격에 따른 메모리와 시간 {#curve}
#
# 재어 봅시다. 층 백 개를 나머지 없이 나누는 간격을 모두 써 봅니다. 층마다 체크포인트를 두는 것에서 체크포인트를 하나만 두는 것까지입니다.

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
# ![두 축 모두 로그 눈금입니다. 직선 하나는 내려가고 하나는 올라가며, 둘은 가는 세로선에서 만납니다. 그 위에 있는 곡선은 세로선에서 가장 낮은 점까지 내려갔다가 다시 올라갑니다.](figure)
#
# /// figure-caption
# 간격에 따른 배열의 최대 개수와, 그것을 이루는 두 부분. 체크포인트의 수 $L / k$와 한 구간의 층의 수 $k$입니다. 가는 선은 $L$의 제곱근에 있습니다. 그곳에서 두 부분이 같고, 합이 가장 작습니다.
# ///
#
# 바닥은 평평합니다. 최적의 간격의 절반이나 두 배를 써도 배열은 사분의 일만큼만 늘어납니다. 그러므로 꼭 맞는 값을 찾으려 애쓸 필요가 없습니다. 마지막 열도 보세요. 체크포인트가 없을 때와 비교한 행렬곱의 수인데, 간격과 상관없이 같습니다. 어느 구간에 있든 모든 층에서 순전파를 두 번 하기 때문입니다. 양 끝에서는 대가만 치르고 얻는 것이 없습니다.
#
# $2 \sqrt{L}$보다 더 줄일 수 있을까요? 시간을 더 들이면 됩니다. 구간도 작은 신경망이므로, 그 안에 다시 체크포인트를 둘 수 있습니다. 우리가 만든 클래스로도 이미 됩니다. 스물다섯 층으로 된 구간을 다시 다섯 층씩 나누어 봅시다.

# %%
starts = range(0, 100, 25)
nested = [Checkpointed(segments(watched[i : i + 25], 5)) for i in starts]
tens = segments(watched, 10)
print("segments  arrays  products")
for name, layers in (("none", watched), ("10", tens), ("25 in 5s", nested)):
    arrays, products = cost(layers)
    print(f"{name:10}{arrays:6}{products:10.2f}")

# %% [markdown]
# 왜 13개일까요? 큰 구간의 체크포인트가 네 개 있습니다. 거슬러 가는 큰 구간 안에는 체크포인트가 네 개 더 있습니다. 첫째 작은 구간의 체크포인트는 이미 세었기 때문입니다. 여기에 작은 구간의 활성값 다섯 개를 더합니다. 한 단계 더 나눌 때마다 순전파를 한 번 더 합니다. 시간은 한 걸음의 삼분의 일만큼 늘고, 최대 메모리는 줄어듭니다.

# %% [markdown]
# ## 마지막 비트까지 같은 그레이디언트 {#same-bits}
#
# 그레이디언트는 거의 같은 것일까요, 완전히 같은 것일까요? 모든 비트를 비교해 봅시다. 같은 층으로 먼저 체크포인트 없이, 그다음에 체크포인트를 두고 구합니다.

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
# 완전히 같습니다. 우연이 아닙니다. 순전파를 한 번 더 할 때 같은 수로 같은 연산을 같은 순서로 합니다. 그래서 같은 비트가 나오고, 그 뒤의 계산은 모두 그 비트에서 출발합니다.
#
# 메모리를 아끼는 다른 방법에서는 그렇지 않습니다. **배치**를 몇 부분으로 나누어 한 부분씩 넣고 그레이디언트를 더하는 방법입니다. 표본이 사분의 일이면 메모리도 사분의 일이면 되고, 곱은 하나도 늘지 않습니다. 이 방법을 **그레이디언트 누적**(gradient accumulation)이라고 합니다. (배치의 손실은 모든 표본에 대한 평균이므로, 부분의 그레이디언트에는 그 부분이 차지하는 비율을 곱합니다.)

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
# 수학에서는 두 값이 같습니다. 그러나 컴퓨터는 더할 때마다 반올림하고, 여기서는 표본을 더하는 순서가 다릅니다.

# %%
print((0.1 + 0.2) + 0.3 == 0.1 + (0.2 + 0.3))

# %% [markdown]
# 두 그레이디언트 가운데 틀린 것은 없습니다. 다만 계산하는 순서가 다르면 비트까지 같으리라고 기대할 수 없습니다. 체크포인트처럼 비트까지 같아야 하는 곳에서는 비트를 비교하세요. 그보다 엄격한 검사는 없습니다.
#
# !!! warning "난수를 쓰는 층"
#
#     **드롭아웃**(dropout)은 학습하는 동안 활성값을 무작위로 골라 0으로 만듭니다. 순전파를 한 번 더 하면 다시 골라서 다른 유닛이 꺼집니다. 그러면 손실을 구한 적이 없는 신경망으로 오차가 거슬러 갑니다. 두 번째 순전파에서는 첫 번째의 난수를 되풀이해야 합니다([연습 문제 4](#exercise-4)).

# %% [markdown]
# ## 층 백 개의 메모리와 시간 {#hundred-layers}
#
# 이제 모두 합쳐 처음과 같은 크기의 신경망에서 재어 봅시다. 패키지의 층, 우리가 만든 층, 그리고 우리가 만든 층을 열 개씩 묶고 체크포인트를 둔 것을 비교합니다. 앞에서처럼 한 걸음의 최대 메모리를 잽니다. 그레이디언트, 손실을 구할 때 쓰는 배열, Python의 작은 객체까지 그 걸음에서 쓰는 메모리가 모두 들어 있습니다.

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
# 배열의 수를 세었을 때는 오분의 일이 되었습니다. 왜 여기서는 사분의 일일까요? 두 경우 모두 계산하는 데 잠깐 쓰는 배열이 다섯 개쯤 더 있기 때문입니다. 그래서 메모리는 사분의 일이 되고, 행렬곱의 수는 세어 본 대로 삼분의 사 배입니다. 시간도 그럴까요? 이번에는 계산의 대부분이 행렬곱이 되도록 유닛이 64개인 층을 쓰고, 여러 번 재어 가장 빠른 시간을 고릅니다. `Network` 없이 층을 차례로 지나갑니다. `Network`는 층이 반환하는 값을 늘 검사하는데, 거기에도 시간이 들기 때문입니다. (아래의 수는 한 번 재어 적어 둔 것입니다. 코드를 실행하면 여러분의 시간이 나옵니다.)
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
# 행렬곱이 아닌 계산과 컴퓨터가 하는 다른 일의 영향이 조금 섞이기는 해도, 잰 시간은 세어 본 것과 맞습니다. 그러니 시간을 삼분의 일쯤 더 들여 메모리를 사분의 일로 줄이는 셈입니다. 메모리가 모자랄 때는 그만한 값어치가 있습니다. 들어가지 않던 더 깊은 신경망이나 더 큰 배치가 이제는 들어갑니다. 모두 들어간다면 모두 보관하는 편이 낫습니다.

# %% [markdown]
# ## 연습 문제 {#exercises}
#
# <!-- exercises -->

# %% [markdown]
# ## 다음 페이지 {#next}
#
# 이제 역전파에 무엇이 필요한지 알고, 두 번 계산해도 비트 하나 달라지지 않는다는 것도 압니다. 역전파가 틀렸다면 어떻게 될까요? [고장 난 역전파 열두 가지](broken-backward.py)에서는 사람들이 실제로 하는 실수와, 그 실수를 어느 검사로 잡을 수 있는지 보여 줍니다.
