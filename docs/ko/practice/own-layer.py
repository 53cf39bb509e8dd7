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
# title: 나만의 층 만들기
# description: 학습하는 배율과 이동, 그리고 잔차 블록을 직접 씁니다. 먼저 틀려 보고, 그레이디언트 검사로 찾아 고친 다음 학습시킵니다.
# keywords:
#   own-layer: 나만의 층, 사용자 정의 층, 커스텀 레이어, custom layer
#   residual: 잔차 연결, 스킵 연결, skip connection, resnet
# ---

# %% [markdown]
# # 나만의 층 만들기 {#own-layer}
#
# 이 페이지를 마치면 패키지에 없는 층을 직접 쓸 수 있습니다. 역전파를 유도하고, 틀린 곳을 그레이디언트 검사로 찾아 고치고, 학습시킵니다. 역전파 함수가 다른 층들을 위해 무엇을 해야 하는지도 말할 수 있게 됩니다.
#
# 패키지에는 가중치가 있는 층이 `Dense` 하나뿐이고, 활성화 함수가 몇 가지 더 있습니다. 책에는 다른 층이 수십 가지 나오고, 해마다 새로운 층이 생깁니다. 다음과 같은 층이 필요하다고 합시다. 유닛마다 들어온 수에 자기만의 수를 곱하고, 거기에 또 다른 자기만의 수를 더합니다. 두 수는 모두 학습으로 정합니다. 순전파는 한 줄이면 됩니다. 그 한 줄을 써서 신경망에 넣어 봅시다.

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
# 신경망은 오류를 내고 이유도 알려 줍니다. 층에는 `forward`뿐 아니라 역전파를 하는 `backward`도 있어야 합니다. 신경망이 스스로 찾아내지는 못하므로 우리가 유도해야 합니다. (스스로 찾아내는 프로그램도 있습니다. 그런 프로그램도 지금부터 우리가 쓰는 것과 같은 규칙을 씁니다.)

# %% [markdown]
# ## 규칙: 경로를 따라 구하는 세 그레이디언트 {#rule}
#
# 곱하는 수를 $\scale$(감마, **배율** scale), 더하는 수를 $\shift$(베타, **이동** shift)라고 씁니다. 널리 쓰는 이름입니다. 유닛 하나를 봅시다. 배율도 하나, 이동도 하나이지만 배치에는 표본이 여러 개 있습니다. 두 개라고 합시다. 들어오는 수는 $\x_1$과 $\x_2$이고(여기서는 첨자가 표본의 번호입니다), 나가는 수는 $\y_1$과 $\y_2$입니다.
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
# 마지막 줄은 제곱오차입니다. 제곱의 절반을 두 표본에 대해 평균하므로 $\frac{1}{4}$이 붙습니다. 이 줄은 이 층 다음에 오는 모든 것을 대신합니다. 다른 층이 더 있어도, 손실이 달라도 유도하는 과정은 같습니다.
#
# ![왼쪽에 x1, 감마, 베타, x2가, 가운데에 y1과 y2가, 오른쪽에 손실 C가 있습니다. 실선 화살표는 x1, 감마, 베타에서 y1로, 다시 C로 갑니다. 점선 화살표는 x2, 감마, 베타에서 y2로, 다시 C로 갑니다. 감마에서 나가는 화살표의 기울기는 x1과 x2, 베타에서는 1, x1과 x2에서는 감마입니다.](../figures/own_layer-rule.svg)
#
# /// figure-caption
# 유닛 하나와 표본 두 개. 화살표마다 기울기를 적었습니다. 실선은 첫째 표본을 지나는 길, 점선은 둘째 표본을 지나는 길입니다. 모든 표본이 $\scale$과 $\shift$를 함께 쓰므로 둘에서는 손실로 가는 경로가 두 개씩 나갑니다. $\x$에서는 하나씩 나갑니다.
# ///
#
# 그림에서 그레이디언트를 읽습니다. 경로를 따라 곱하고, 경로가 만나는 곳에서 더합니다. 먼저 배율입니다.
#
# $$
# \begin{aligned}
# \grad{\Loss}{\scale} &= \grad{\Loss}{\y_1} \cdot \grad{\y_1}{\scale} \\
# &\quad {} + \grad{\Loss}{\y_2} \cdot \grad{\y_2}{\scale} \\
# &= \grad{\Loss}{\y_1} \x_1 + \grad{\Loss}{\y_2} \x_2
# \end{aligned}
# $$
#
# 1. 표본마다 경로가 하나씩 있습니다.
# 2. $\scale$이 조금 움직이면 $\y_1$은 그 $\x_1$배만큼 움직입니다. 기울기는 배율이 곱해지는 값입니다. 표본이 더 많으면 이런 항이 표본마다 하나씩 있습니다.
#
# 이동에서 나가는 경로도 같은 표본들을 지나고, 첫 기울기가 모두 1입니다.
#
# $$
# \begin{aligned}
# \grad{\Loss}{\shift} &= \grad{\Loss}{\y_1} \cdot 1 + \grad{\Loss}{\y_2} \cdot 1 \\
# &= \grad{\Loss}{\y_1} + \grad{\Loss}{\y_2}
# \end{aligned}
# $$
#
# 이전 층에는 자기가 보낸 값에 손실이 얼마나 민감한지를 알려 주어야 합니다. $\x_1$에서 나가는 경로는 하나뿐입니다. $\x_2$도 첨자만 다르고 같습니다.
#
# $$
# \begin{aligned}
# \grad{\Loss}{\x_1} &= \grad{\Loss}{\y_1} \cdot \grad{\y_1}{\x_1} \\
# &= \grad{\Loss}{\y_1} \scale
# \end{aligned}
# $$
#
# 이미 아는 문장입니다. **화살표로 들어온 값에, 그 화살표가 향하는 유닛의 오차를 곱합니다.** 배율에는 $\x$가 들어왔고, 이동에는 1이 들어왔습니다. 이 층에는 활성화 함수가 없으므로 $\y$로 미분한 값이 곧 유닛의 오차입니다.
#
# NumPy에서 배치는 행이고, 열마다 유닛이 하나씩 있습니다. 유닛끼리 섞는 단계가 없으므로 곱은 모두 원소별 곱입니다. 표본이 행이므로 “표본에 대해 더한다”는 `.sum(axis=0)`입니다. 늘 그랬듯이 `dy`는 손실을 `y`로 미분한 그레이디언트입니다. 첫째 열은 위에서 본 것과 같은 유닛에 수를 넣은 것이고, 둘째 열은 다른 유닛입니다.

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
# 이 값을 믿기 전에 수치 미분으로 확인해 봅시다. 첫째 배율을 천분의 일만큼 늘렸을 때와 줄였을 때 손실이 얼마나 다른지 구하여, 두 배율의 차이로 나눕니다.

# %%
def loss(gamma):
    return 0.5 * np.sum((gamma * x + beta - t) ** 2) / len(x)


step = np.array([0.001, 0.0])
slope = (loss(gamma + step) - loss(gamma - step)) / (2 * 0.001)
print("slope by nudging", slope.round(3), "  derived", dgamma[0].round(3))

# %% [markdown]
# ## 먼저 틀려 보기: 검사는 무엇을 알려 줄까요? {#wrong-first}
#
# 이제 클래스를 씁니다. 패키지는 학습하는 층에 세 가지를 요구합니다.
#
# - `parameters`에는 학습하는 것의 이름을 적습니다.
# - `forward(x)`는 `y`를 반환하고, 역전파에 필요한 것을 기억해 둡니다.
# - `backward(dy)`는 `dx`를 반환하고, 매개변수마다 그레이디언트를 `d` + 이름에 남깁니다.
#
# 약속은 이것이 전부입니다. 상속할 클래스도 없고, 어떤 종류의 층인지 묻지도 않습니다. 처음 써 본 코드는 다음과 같습니다. 어디가 틀렸는지 보이나요?

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
# 층을 시험하려면 작은 신경망의 가운데에 넣으세요. 그래야 이 층의 `dx`를 받을 이전 층도 있고, 이 층에 `dy`를 보낼 다음 층도 있습니다. 그런 다음 [그레이디언트 검사](gradient-check.py)를 합니다. 표본은 다섯 개입니다.

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
# 표본에 대한 합을 빠뜨렸습니다. 표본마다 행을 하나씩 남겼는데, 배율은 모든 표본이 함께 쓰는 하나입니다. 그레이디언트는 자기 매개변수와 모양이 같아야 합니다. 그래서 값을 비교하기도 전에 어느 그레이디언트인지 밝히면서 오류를 냅니다. 모양을 확인하지 않는다면 NumPy는 아무 말도 하지 않았을 것입니다. `gamma - lr * dgamma`에서 브로드캐스팅이 일어나고, 그때부터 gamma는 표가 됩니다.
#
# 모양은 맞는데 값이 틀린 실수가 더 위험합니다. 다음 코드에서는 역전파만 다릅니다.

# %%
class WrongFactor(Attempt):
    def backward(self, dy):
        self.dgamma = (dy * self.gamma).sum(axis=0)
        self.dbeta = dy.sum(axis=0)
        return dy * self.gamma


print(judge(WrongFactor(4)))

# %% [markdown]
# 검사 결과를 마지막 줄부터 거꾸로 읽어 봅시다. **어느 층인가요?** 우리가 넣은 `layers[1]`입니다. **어느 매개변수인가요?** `gamma`입니다. 이 층만 따로 검사했더니 자기 순전파와 역전파가 서로 맞지 않았습니다. **수를 보면 무엇을 알 수 있나요?** 부호까지 다릅니다. 그러니 표본의 수 같은 인수 하나가 문제가 아니라, `dy`에 엉뚱한 값을 곱한 것입니다. 배율에 들어오는 것은 배율이 아니라 `x`입니다.
#
# 두 수에서 더 많은 것을 알 수 있을 때도 있습니다. 다음은 표본에 대해 합을 구할 자리에서 평균을 구한 것입니다.

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
# 비는 오분의 일이고 표본은 다섯 개입니다. 비가 간단한 수이면 그것이 단서입니다. 표본이나 유닛의 개수 가운데 그런 수가 있는지 찾아보세요. 여기서는 평균의 $\frac{1}{n}$이 두 번 들어갔습니다. 이 인수는 [손실에](../equations/algorithm.md#update)만 한 번 들어가야 합니다.

# %% [markdown]
# ### 검사가 보지 못하는 곳 {#blind}
#
# 다음 코드에서는 이전 층으로 돌려보내는 값에서 배율을 빠뜨렸습니다.

# %%
class ForgetsScale(Attempt):
    def backward(self, dy):
        self.dgamma = (dy * self.x).sum(axis=0)
        self.dbeta = dy.sum(axis=0)
        return dy


print("passed:", judge(ForgetsScale(4)).passed)

# %% [markdown]
# 틀렸는데도 통과합니다. 검사가 잘못된 것은 아닙니다. 이 수들에서는 틀린 그레이디언트가 하나도 없기 때문입니다. 배율은 모두 1에서 시작하고, 인수 1은 빠뜨려도 드러나지 않습니다. 그러므로 **검사하기 전에 매개변수의 값을 바꾸어, 1이나 0처럼 특별한 값을 피하세요.**

# %%
def at_random(layer):
    layer.gamma[:] = rng.normal(size=layer.gamma.shape)
    layer.beta[:] = rng.normal(size=layer.beta.shape)
    return layer


print(judge(at_random(ForgetsScale(4))))

# %% [markdown]
# 이제 검사에 걸립니다. 결과에는 신경망 전체의 입력인 `x`의 원소가 나옵니다. `dx`가 틀리면 그 이전의 모든 층이 틀린 값을 이어받기 때문입니다. 어디에서 시작되었는지는 마지막 줄에 있습니다. `layers[1]`의 `dx`입니다.
#
# 난수로 바꾸면 드러나는 실수가 또 있습니다. 다음 순전파는 메모리를 아끼려고 받은 배열에 결과를 써 넣습니다.

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
# 역전파는 한 줄씩 보면 모두 맞는데 `dgamma`가 틀립니다. `self.x`는 복사본이 아니라 같은 배열이고, 역전파를 할 때에는 그 안에 `y`가 들어 있습니다. (배율이 1이고 이동이 0이면 `y`와 `x`가 같으므로 드러나지 않습니다.) 게다가 그 배열은 이 층의 것도 아닙니다. 이전 층에도 필요할 수 있습니다. 그러므로 층은 받은 배열에 아무것도 쓰지 않습니다.

# %% [markdown]
# ## 고치고 학습시키기 {#mended}
#
# 같은 클래스를 제대로 쓰면 다음과 같습니다.

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
# `x`와 모든 매개변수의 원소를 빠짐없이 비교했습니다. 우리 층의 원소 여덟 개도 그 가운데 있습니다. `parameters`에 이름이 있으니 비교한 것입니다. 거기에 이름이 없는 것은 검사도 학습도 되지 않습니다. 그래도 손실은 줄어들 것입니다. 이전 층과 다음 층이 학습하기 때문입니다. 그래서 그레이디언트는 있는데 매개변수의 이름이 빠져 있으면 오류를 내고, 무엇을 써야 하는지 알려 줍니다.

# %%
class Undeclared(ScaleShift):
    parameters = ("gamma",)


try:
    judge(Undeclared(4))
except ValueError as error:
    print(textwrap.fill(str(error), 76))

# %% [markdown]
# 이제 학습시킵니다. 옵티마이저(optimizer)도 `parameters`만 보면 되고, 그 밖의 것은 알 필요가 없습니다. 답을 아는 작은 문제로 시험해 봅시다. 섭씨온도를 받아 첫째 열에서는 화씨온도를, 둘째 열에서는 절대온도를 내놓도록 학습합니다. 수가 커지지 않도록 온도는 모두 백 도를 단위로 나타냅니다.

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
# 목표값을 만들 때 쓴 수와 같습니다.

# %% [markdown]
# ## 잔차 블록: 더해지는 두 경로 {#residual}
#
# 두 번째로 만들 것은 층으로 이루어진 층입니다. **잔차 블록**(residual block)은 $\x$를 층 몇 개에 통과시킨 다음 그 결과에 $\x$를 더합니다. (층을 비켜 가는 이 경로를 [잔차 연결](../reference/glossary.md#residual-connection)이라고 합니다.) 안에 있는 층들은 $\x$를 **얼마나 바꿀지**, 곧 나머지(잔차)만 배우면 됩니다. 이름도 여기에서 나왔습니다. 안에 있는 층들이 $\x$로 만든 값을 $u$라고 합시다. tanh를 쓰는 유닛 하나와 목표값 $\t$를 예로 들어 봅시다.
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
# $\x$에서 $\y$로 가는 경로는 두 개입니다. 하나는 곧장 가고 기울기가 1입니다. 다른 하나는 안에 있는 층들을 지납니다. 경로가 만나는 곳에서는 더합니다.
#
# $$
# \begin{aligned}
# \grad{\Lossx}{\x} &= \grad{\Lossx}{\y} \cdot 1 + \grad{\Lossx}{\y} \cdot \grad{u}{\x} \\
# &= \grad{\Lossx}{\y} \Bigl( 1 + \grad{u}{\x} \Bigr)
# \end{aligned}
# $$
#
# 1. 둘째 항은 `dy`가 안에 있는 층들을 거꾸로 지나서 나온 값입니다. 그러므로 `dx`는 `dy`에 그 값을 더한 것입니다.
# 2. 공통인수로 묶었습니다. 안에 있는 층들이 무엇을 하든 블록의 기울기는 1에 무언가를 **더한** 값입니다.
#
# 안에 있는 층들에서는 달라지는 것이 없습니다. $u$를 그대로 더하므로, 거꾸로 갈 때 안에 있는 층들에 들어오는 값은 `dy`입니다.
#
# $$
# \grad{\Lossx}{u} = \grad{\Lossx}{\y}
# $$
#
# 클래스에서는 안에 있는 층들을 `layers`에 적어 둡니다. 패키지는 이것만 보고 그 안의 매개변수를 모두 찾습니다. 이번에도 먼저 틀린 코드를 봅시다.

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
# 역전파에서 곧장 가는 경로를 빠뜨렸습니다. 결과의 마지막 줄에서는 블록의 `dx`가 틀렸다고 할 뿐, 블록의 매개변수는 하나도 나오지 않습니다. 그러면 매개변수의 그레이디언트는 맞을까요? 클래스를 고치고, 두 클래스가 남긴 것을 비교해 봅시다.

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
# 블록의 다음 층과 블록 안에서는 그레이디언트가 맞고, 이전 층에서는 틀립니다. 역전파에서는 모든 값이 화살표를 거슬러 갑니다. 블록이 반환한 값은 이전 층에만 전해지므로, 그 값 때문에 틀릴 수 있는 것은 이전 층뿐입니다. 그래서 **손실에서 출발하여 거슬러 가면서, 맞던 값이 틀리기 시작하는 곳을 찾으세요.** 여기서는 블록과 `layers[0]` 사이이고, 그 사이를 지나는 값은 블록의 `dx`입니다. 검사도 이렇게 한 층씩 거슬러 가고, 마지막 줄에서 그곳을 알려 줍니다.

# %%
result = judge(Residual(inside()))
print("passed:", result.passed, "  compared:", result.checked)

# %% [markdown]
# 빈 줄을 빼면, 고친 두 클래스는 합해서 스물다섯 줄입니다.
#
# 틀리기 쉬운 곳이 하나 더 있습니다. 안에 있는 층을 `layers`가 아닌 다른 이름에 넣어 두어도 순전파와 역전파는 됩니다. 그러나 그 층의 매개변수를 찾을 수 없습니다.

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
# ## 깊은 신경망: 잔차 연결이 있을 때와 없을 때 {#trained}
#
# 곧장 가는 경로는 무엇에 쓸모가 있을까요? 블록 두 개를 이어 봅시다. 첫째 블록 안에 있는 층들의 기울기를 $s_1$, 둘째 블록의 것을 $s_2$라고 합시다(유닛이 하나라고 보므로 둘 다 수입니다). 경로는 블록마다 안에 있는 층들을 지나거나 비켜 가므로, 입력에서 출력으로 가는 경로는 네 개입니다.
#
# $$
# (1 + s_1)(1 + s_2) = 1 + s_1 + s_2 + s_1 s_2
# $$
#
# ![x가 상자 f를 지나 더하기로, 다시 상자 g를 지나 둘째 더하기로 가고, 거기에서 y로 갑니다. 점선 화살표 두 개가 상자를 비켜 갑니다. 하나는 x에서 첫째 더하기로, 하나는 거기에서 둘째 더하기로 갑니다. 기울기는 상자를 지날 때 s1과 s2, 점선 화살표에서는 1입니다.](../figures/own_layer-residual.svg)
#
# /// figure-caption
# 잔차 블록 두 개. 상자마다 두 길이 있습니다. 상자를 지나면 그 기울기를 곱하고, 비켜 가면 1을 곱합니다.
# ///
#
# 곧장 가는 경로가 없으면 마지막 항 $s_1 s_2$만 남습니다. 층이 많으면 많은 기울기를 곱한 값이 됩니다. 대부분의 크기가 1보다 작으면 곱은 0에 가까워집니다. 곧장 가는 경로가 있으면, 신경망이 아무리 깊어도 항 하나는 언제나 1입니다.
#
# 여기까지는 추론일 뿐, 아직 재어 보지는 않았습니다. 깊고 좁은 신경망에서 재어 봅시다. 픽셀에서 유닛 열두 개로 가고, `Dense`, `Tanh`, 우리가 만든 `ScaleShift`로 이루어진 블록 스물네 개를 지나, 숫자마다 출력 하나로 갑니다. 잔차 연결이 없는 블록은 `bp.Network`로 만듭니다. (신경망도 층입니다.) 블록의 끝에 있는 배율은 안에 있는 층들이 얼마나 보탤지를 정합니다. `start`는 학습하기 전의 배율입니다.

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
# 처음 가중치는 셋이 모두 같습니다. `plain`에는 잔차 연결이 없고 `residual`에는 있습니다. `gentle`에는 잔차 연결이 있고, 블록이 처음에는 조금만 더합니다. 이제 손실의 그레이디언트를 한 층씩 거슬러 보내면서, 블록마다 들어올 때의 크기(제곱하여 더한 값의 제곱근)를 적어 둡니다. 블록은 `layers[2:26]`입니다.

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
# ![블록 번호를 가로축으로 한 선 세 개. 세로축은 로그 눈금입니다. 그레이디언트가 가는 방향인 오른쪽에서 왼쪽으로 보면, plain의 선은 십분의 일쯤으로 내려가고, residual의 선은 열 배 넘게 올라가고, gentle의 선은 그대로입니다.](figure)
#
# /// figure-caption
# 학습하기 전에 잰, 블록마다 들어올 때의 그레이디언트의 크기. 그레이디언트는 오른쪽에서 왼쪽으로 갑니다.
# ///
#
# `plain`에서는 그레이디언트가 가는 동안 줄어들어, 첫째 블록에서는 십분의 일쯤만 남습니다. 곧장 가는 경로만으로 문제가 풀리지는 않습니다. `residual`에서는 블록마다 1에 무언가를 더하는데, 1보다 조금 큰 수도 많이 곱하면 커집니다. `gentle`에서는 떠날 때와 거의 같은 크기로 도착합니다. 인수가 모두 1에 가깝기 때문입니다.
#
# 작게 시작하는 것만으로는 도움이 되지 않습니다. 잔차 연결이 없으면 오히려 나빠집니다. 블록마다 작은 인수가 하나씩 더 곱해지기 때문입니다.

# %%
sizes = arriving(deep(bp.Network, start=0.1))
print("smaller than 1e-20 at block 1:", bool(sizes[0] < 1e-20))

# %% [markdown]
# 잔차 연결은 순전파에서도 쓸모가 있습니다. 블록 스물네 개를 지난 뒤에도 그림들은 서로 다를까요? 한 유닛의 활성값이 그림마다 얼마나 달라지는지 재어 봅시다.

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
# `plain`에서는 그림을 서로 구별할 것이 거의 남지 않습니다. 그래서 마지막 층에는 배울 것이 거의 없습니다. 순전파에서도 역전파에서도 이유는 같습니다. 1보다 작은 인수를 많이 곱했기 때문입니다.
#
# 이제 둘을 같은 그림으로, 같은 순서로 학습시킵니다. 아무렇게나 답하면 열 클래스의 확률이 모두 $\frac{1}{10}$이므로 손실은 $-\ln \frac{1}{10} = \ln 10$입니다.

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
# ![에포크를 가로축으로 한 선 두 개. plain의 손실은 아무렇게나 답할 때의 값 근처에 머뭅니다. gentle의 손실은 조금씩 오르내리면서 그 십분의 일쯤까지 내려갑니다.](figure)
#
# /// figure-caption
# 에포크가 끝날 때마다 잰 손실. 처음 가중치, 그림, 걸음이 모두 같습니다. 다른 것은 잔차 연결과 작은 시작뿐입니다.
# ///
#
# 열 에포크가 지나도 `plain`은 여전히 아무렇게나 답합니다. `gentle`은 학습에 쓴 그림을 거의 다 맞힙니다. (`residual`은 여기서 학습시키지 않습니다. 그레이디언트가 커서, 이 학습률로는 처음 몇 걸음이 너무 멀리 갑니다. 그래서 어디에서 끝날지가 반올림의 마지막 자릿수에 달려 있습니다.) (여기서는 `gentle`이 학습에 쓴 그림을 맞히는지만 알아봅니다. **다른** 그림도 읽는지는 [손글씨 숫자](digits.py#data)에서 묻습니다.)
#
# 배율도 학습했을까요? 모두 십분의 일에서 시작했습니다.

# %%
scales = np.array([block.layers[2].gamma for block in gentle.layers[2:26]])
smallest, largest = np.abs(scales).min(), np.abs(scales).max()
print(f"sizes of the scales: from {smallest:.2f} to {largest:.2f}")

# %% [markdown]
# 블록마다, 유닛마다 자기 배율을 찾았습니다. 학습 한 번은 예 하나일 뿐, 법칙이 아닙니다. 블록이 스물네 개가 아니라 여덟 개이면 `plain`도 `gentle`보다 느리게나마 학습합니다. 깊은 신경망이 왜 느리고 그 밖에 무엇이 도움이 되는지는 [다음 페이지](slow-learning.py#layer-by-layer)에서 다룹니다.

# %% [markdown]
# ## 역전파 함수가 해야 할 일 {#owes}
#
# 우리 층이 할 일을 하나라도 빠뜨리면 오류가 나거나, 늦어도 매개변수를 난수로 바꾸었을 때 검사에 걸렸습니다. 어떤 층을 쓰든 해야 할 일은 다음과 같습니다.
#
# 1. **`x`와 모양이 같은 `dx`.** 이전 층에 필요합니다. 들어온 그레이디언트에 이 층의 기울기를 곱한 값입니다. `x`에서 나가는 경로가 여럿이면 모두 더합니다.
# 2. **매개변수마다 그레이디언트.** 매개변수와 모양이 같습니다. 들어온 값에 오차를 곱하고, 그 매개변수를 함께 쓰는 모든 것에 대해 더합니다. 배치에서는 표본에 대해 더합니다.
# 3. **표본의 수로 나누지 않기.** 손실에서 이미 나누었습니다.
# 4. **마지막 순전파의 값 그대로 쓰기.** 역전파에 필요한 값은 순전파에서 기억해 두어야 하고, 그 뒤로 그 값이 바뀌지 않아야 합니다.
# 5. **덮어쓰지 않기.** `x`에도 `dy`에도 쓰지 않습니다. 다른 층에 아직 필요할 수 있습니다.
# 6. **이름.** 학습하는 것은 `parameters`에, 층을 이루는 층들은 `layers`에 적습니다.
#
# 그런 다음 믿기 전에 검사하세요. 신경망의 가운데에 넣고, 표본은 여럿으로, 매개변수는 난수로 합니다. 그렇게 하지 않으면 무엇이 드러나지 않는지는 연습 문제에서 알아봅니다.

# %% [markdown]
# ## 연습 문제 {#exercises}
#
# <!-- exercises -->

# %% [markdown]
# ## 다음 페이지 {#next}
#
# 직접 만든 층을 검사하고 학습시켰고, 그레이디언트가 거꾸로 가는 동안 작아지는 것도 보았습니다. [왜 어떤 가중치는 느리게 배울까](slow-learning.py)에서는 그 원인을 하나씩 살펴봅니다. 입력, 포화된 유닛, 깊이, 처음 가중치입니다.
