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
# title: 고장 난 역전파 열두 가지
# description: 사람들이 역전파에서 실제로 하는 실수 열두 가지를 한 줄씩 바꾸어 심고 네 가지 검사로 시험합니다. 어느 검사로 무엇을 잡는지 표 하나로 보여 줍니다.
# keywords:
#   broken-backward: 버그, 흔한 실수, 디버깅
# ---

# %% [markdown]
# # 고장 난 역전파 열두 가지 {#broken-backward}
#
# 이 페이지를 마치면 사람들이 역전파에서 실제로 하는 실수 열두 가지를 알게 됩니다. 실수마다 학습이 어떻게 되는지, 네 가지 검사 가운데 어느 것으로 잡는지도 알게 됩니다. 또 검사 결과를 보고 코드의 어디를 살펴야 하는지 말할 수 있습니다.
#
# 왜 실수를 모아 실험할까요? 틀린 역전파는 좀처럼 틀려 보이지 않기 때문입니다. 인수 하나가 틀린 역전파를 봅시다. 가운데 층이 거꾸로 갈 때 `W.T`를 곱해야 할 곳에서 `W`를 곱합니다. 이 신경망도 [숫자](digits.py) 읽는 법을 배웁니다. 맞는 신경망과 나란히 놓고, 얼마나 잘 배우는지 보세요.

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
# 둘째 수만 본 사람은 아무도 실수를 찾으려 하지 않을 것입니다. 틀린 곱보다 출력에 가까운 층은 여전히 맞는 그레이디언트를 받습니다. 그래서 입력 쪽에서 오는 값을 가지고 할 수 있는 만큼 배웁니다. 이 신경망은 역전파가 **틀렸는데도** 배웁니다. 이런 일이 얼마나 잦을까요? 열두 번 확인해 봅시다.

# %% [markdown]
# ## 맞는 역전파 하나 {#right}
#
# 대부분의 실수는 작은 신경망으로 충분히 볼 수 있습니다. 첫째 실험대에는 입력 세 개, 시그모이드를 쓰는 은닉 유닛 세 개, 출력 하나가 있고, 배치에는 표본이 여덟 개 있습니다. 출력에는 활성화 함수를 쓰지 않습니다. 그레이디언트는 [네 방정식](../equations/algorithm.md)에서 출력의 활성화 함수만 뺀 것입니다.
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
# 코드에서 `e`는 출력에서 목표값을 뺀 것입니다. 순전파 함수는 손실과, 거꾸로 갈 때 쓰려고 남겨 두는 것을 반환합니다. 마지막 줄은 두 함수의 코드를 글자 그대로 읽어 옵니다. 곧 쓸 것입니다.

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
# ## 네 가지 검사 {#four-checks}
#
# 실수는 어떻게 드러날까요? 방법은 네 가지입니다. 비용이 적게 드는 것부터 봅시다.
#
# **모양.** 그레이디언트는 매개변수와 모양이 같아야 합니다.
#
# **손실 곡선.** 200걸음을 가 보고 손실이 줄었는지 봅니다. 실수에는 너그럽게 합니다. 마지막 손실이 처음 손실의 십분의 구보다 작지 않거나, 아예 수가 아닐 때에만 잡은 것으로 칩니다.

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
# **차분.** 매개변수의 수를 하나씩 살짝 늘리고 줄여서 손실의 기울기를 구하고 그레이디언트와 비교합니다. 곧 수치 미분입니다. 여기에는 이 프로그램의 순전파만 씁니다. (얼마나 움직여야 좋은지는 [그레이디언트 검사](gradient-check.py)에서 다룹니다.)

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
# **오라클**(oracle). 차분은 한 가지만 묻습니다. 이 역전파는 **이** 순전파에 맞는 것인가? 그런데 순전파부터 엉뚱한 손실을 계산한다면, 둘이 서로 맞으면서 둘 다 틀릴 수 있습니다. 그래서 넷째 검사에서는 다른 사람에게 묻습니다. 손실을 정의대로 한 번 더 쓰는 것입니다. 표본을 하나씩, 유닛을 하나씩 반복문으로 계산합니다. 행렬도 브로드캐스팅도 쓰지 않고, 프로그램과는 한 줄도 함께 쓰지 않습니다. 그런 다음 그 기울기를 구합니다.
#
# 기울기를 구할 때는 살짝 움직이는 것보다 더 정밀한 방법을 씁니다. [복소수 걸음](gradient-check.py#complex-step)(complex step)입니다. 수를 아주 작은 **허수**만큼 움직이고 손실의 허수부를 읽습니다. 손실끼리 빼지 않으므로 상쇄되어 사라지는 자릿수도 없습니다.

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
# 이제 수를 정합니다. 입력은 난수이고, 목표값은 입력 두 개로 정해지며, 가중치도 난수입니다. 이 모두를 한데 묶은 것이 실험대입니다. 곧 프로그램의 코드, 매개변수, 데이터, 손실의 정의입니다.

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
# `examine` 함수는 프로그램 하나를 네 가지로 검사하고 결과를 한 줄로 출력합니다. 줄표는 그 검사에서 아무것도 찾지 못했다는 뜻입니다. 마지막 칸에는 오라클이 보기에 그레이디언트가 틀린 매개변수를 적습니다.

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
# 맞는 프로그램은 모두 통과합니다. 마지막 손실은 다섯째 칸에 있습니다. 이 수를 기억해 두세요. 처음 손실은 다음과 같습니다.

# %%
print(f"first loss {right[0]:.3f}, last loss {right[-1]:.3f}")

# %% [markdown]
# ## 열두 가지 {#the-twelve}
#
# 실수를 심을 때는 프로그램의 코드에서 한 줄을 다른 줄로 바꾸고 그 결과를 실행합니다. (소프트웨어를 검사하는 사람들은 이것을 **돌연변이**(mutation)라고 합니다. 검사로 실수를 알아챌 수 있는지 알고 싶으면 실수를 하나 만들어 보면 됩니다.) 아래의 셀마다 따옴표로 묶은 첫째 줄이 맞는 줄이고, 둘째 줄이 그 자리에 들어가는 줄입니다.

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
# 셀을 실행하기 전에 예측해 보세요. 네 검사 가운데 어느 것으로 잡을 수 있을까요? 어느 그레이디언트가 틀릴까요?

# %% [markdown]
# ### 오차가 지나가기 전에 가중치를 움직임 {#update-first}
#
# 실제 프로그램에서는 이렇게 생깁니다. `dW2`를 구했으니 그 자리에서 가중치를 갱신합니다. 그러면 두 줄 아래에서 `delta1`을 구할 때 새 `W2`를 쓰게 됩니다.

# %%
plant(
    "update_first", plain,
    "db2 = delta2.sum(axis=0)",
    "db2 = delta2.sum(axis=0); W2 = W2 - lr * dW2",
)

# %% [markdown]
# 학습에는 거의 티가 나지 않습니다. 그 이유는 식에 있습니다. 거꾸로 전해지는 값에 틀린 항이 붙는데, 이 항에는 학습률이 인수로 들어 있습니다.
#
# $$
# \begin{aligned}
# &\err{2} ( \W{2} - \lr \grad{\Loss}{\W{2}} )^\T \\
# &\quad = \err{2} (\W{2})^\T - \lr \, \err{2} ( \grad{\Loss}{\W{2}} )^\T \\
# &\quad = \err{2} (\W{2})^\T - \lr \, \err{2} (\err{2})^\T \A{1}
# \end{aligned}
# $$
#
# 둘째 줄에서는 괄호를 풀었고, 셋째 줄에서는 BP4를 전치하여 넣었습니다. 학습률이 작으면 곡선으로는 이 실수가 보이지 않지만, 차분으로는 보입니다. 그레이디언트는 모두 **한 점**에서 구한 것이어야 합니다. 그러니 먼저 모두 구하고, 그다음에 움직이세요.

# %% [markdown]
# ### 배치의 평균을 빠뜨리거나 두 번 냄 {#no-mean}
#
# 평균의 $\frac{1}{n}$은 역전파에 한 번 들어가야 합니다. 이것을 빠뜨리기도 하고, 출력에서 나누고 **또** 층마다 그레이디언트에서 나누기도 합니다. 뒤의 것은 출력에서 두 번 나눈 것과 같습니다.

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
# 그레이디언트가 모두 틀렸고, 틀린 배수도 같습니다. 하나는 맞는 값의 여덟 배이고, 하나는 맞는 값의 팔분의 일입니다. 그래서 걸음의 방향은 맞고, 이 실수는 학습률을 바꾼 것과 같은 효과를 냅니다. 평균을 빠뜨리면 마지막 손실이 맞는 프로그램보다 오히려 **작습니다**. 맞는 프로그램에 준 학습률이 이 과제에는 너무 작기 때문입니다. 하지만 배치가 커지는 날에는 걸음도 커져서 학습이 망가질 수 있습니다.

# %% [markdown]
# ### 편향의 그레이디언트를 더하지 않음 {#bias-not-summed}
#
# 편향 하나를 배치의 모든 표본이 함께 씁니다. 그래서 편향의 그레이디언트는 [표본에 걸친 합](../equations/gradients.md#batch)입니다. 표본 하나로만 시험해 보면 합이 빠진 것을 알 수 없습니다.

# %%
plant(
    "bias_not_summed", plain,
    "db1 = delta1.sum(axis=0)",
    "db1 = delta1",
)
below = curves["bias_not_summed"][-1] < right[-1]
print("ends below the right program:", below)

# %% [markdown]
# 이 실수는 모양으로 잡고, 모양으로 잡아야 합니다. 곡선은 맞는 것보다 더 좋아 보이기 때문입니다. 어떻게 그럴 수 있을까요? 첫 걸음에서 `b1 - lr * db1`이 브로드캐스팅되어 표가 됩니다. 그러면 표본마다 자기만의 은닉층 편향이 생깁니다. 이 여덟 표본을 외우는 데는 도움이 되지만, 아홉째 표본에는 쓸 수 없습니다. (`b1 -= lr * db1`이라고 썼다면 오류가 났을 것입니다.)

# %% [markdown]
# ### σ′를 a에서 구함 {#slope-at-a}
#
# 기울기를 구하는 함수에는 가중합 $\z{1}$을 넣어야 합니다. 여기에 활성값 $\a{1}$을 넣으면 시그모이드를 두 번 적용하게 됩니다. 두 배열은 모양이 같고 이름도 비슷할 때가 많습니다.

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
# 활성값은 0과 1 사이에 있고, 그 구간에서 시그모이드는 거의 직선입니다. 그래서 틀린 기울기는 어디에서나 거의 같습니다. 포화된 유닛이 하나도 없다고 말하는 셈입니다. 부호는 맞고 크기는 틀립니다. 손실은 줄어들고, 여기서는 맞는 프로그램보다도 조금 더 작아집니다. 유닛이 포화되는 깊은 신경망에서는 같은 실수가 더 큰 해를 끼칩니다.

# %% [markdown]
# ### 외적에서 곱의 순서가 바뀜 {#outer-swapped}
#
# **화살표를 따라 들어온 값에 화살표가 향하는 유닛의 오차를 곱합니다.** NumPy로는 `x.T @ delta1`이고, 표본이 하나이면 `np.outer(x, delta1)`입니다. 열 방식으로 배운 사람은 오차를 앞에 쓰던 버릇대로 순서를 바꾸어 씁니다.
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
# 결과는 맞는 것을 전치한 행렬입니다. 입력도 세 개, 은닉 유닛도 세 개이므로 모양이 맞습니다. 이 층의 행렬이 정사각행렬이 아니었다면 모양 검사에서 곧장 걸렸을 것입니다. 그러니 시험할 때는 크기를 모두 **다르게** 잡으세요. 정사각행렬인 층도 다른 검사로 시험해야 합니다.

# %% [markdown]
# ### 출력은 (n, 1), 목표값은 (n,) {#flat-target}
#
# 파일에서 읽은 목표값은 수 여덟 개를 늘어놓은 배열이고, 출력은 열입니다. 그러면 `y - t`는 8행 8열의 표가 됩니다. 출력마다 **모든** 목표값을 뺀 것입니다. 오류는 나지 않습니다.
#
# 손으로 쓴 역전파라면 `dW2`의 모양이 틀려서 알아챘을 것입니다. 스스로 미분하는 프로그램은 이것도 맞게 처리합니다. 순전파에서 브로드캐스팅한 것을 거꾸로 갈 때 더합니다. 공평하게 하려고 우리도 한 줄을 더 바꿉니다. 표 전체에서 낸 평균의 기울기를 쓰는 것입니다.

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
# 차분으로 볼 수 **없는** 실수가 처음으로 나왔습니다. 그레이디언트는 이 프로그램이 계산하는 손실에 대해서는 맞습니다. 그 손실이 엉뚱한 것입니다. 출력마다 모두의 목표값과 비교하기 때문입니다. 그 결과는 표본 두 개로 알 수 있습니다.
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
# 그레이디언트는 $y_1$이 목표값의 **평균**일 때 0이고, $y_2$도 마찬가지입니다. 그래서 신경망은 무엇이 들어오든 평균을 답하도록 배웁니다. (배치에 걸쳐 더하면 틀린 오차들의 합은 다시 맞습니다. 그래서 오라클이 적은 이름에 `b2`는 없습니다.) 손실은 목표값의 분산의 절반까지 줄어들고 거기서 멈춥니다. 위의 두 수를 비교해 보세요. 사람들이 “학습이 막혔다”라고 말하는 곡선입니다.

# %% [markdown]
# ### 여섯 번의 학습, 맞는 것은 하나 {#plain-curves}
#
# 범례를 가리고, 어느 곡선을 믿을지 골라 보세요.

# %%
names = ["no_mean", "twice_mean", "slope_at_a", "outer_swapped",
         "flat_target"]
shown = {name: curves[name] for name in names}
plotting.lines(
    range(201), xlabel="step", ylabel="C", right=right, **shown
);

# %% [markdown]
# ![이백 걸음 동안의 손실을 나타낸 내려가는 곡선 여섯 개. no mean의 곡선이 가장 빨리 내려가 가장 낮은 곳에서 끝납니다. slope at a, 맞는 프로그램, outer swapped의 곡선은 서로 가깝습니다. twice mean의 곡선은 천천히 내려갑니다. flat target의 곡선은 조금 낮은 곳에서 시작하여 조금 내려간 다음 평평합니다.](figure)
#
# /// figure-caption
# 맞는 프로그램과 고장 난 프로그램 다섯 개가 학습하는 동안의 손실. 맞는 것은 가장 빠르지도, 가장 낮지도 않습니다. (`update_first`의 곡선은 맞는 프로그램의 곡선과 겹칩니다.)
# ///

# %% [markdown]
# ## 갈라지는 실험대 {#branches}
#
# 나머지 여섯 가지에는 더 필요한 것이 있습니다. 갈라졌다 만나는 경로, ReLU, 드롭아웃, 소프트맥스입니다. 둘째 실험대에는 입력 두 개, 유닛이 네 개씩인 은닉층 두 개, 클래스 세 개, 표본 열두 개가 있습니다. 둘째 은닉층을 비켜 가는 **잔차 연결**(residual connection)도 있습니다. `s = a1 + a2`, 곧 두 은닉층의 활성값을 더한 것입니다.
#
# **드롭아웃**(dropout)은 학습하는 동안 유닛을 무작위로 골라 끄는 방법입니다. 그러면 어느 유닛도 다른 유닛에 기댈 수 없습니다. 활성값에 1과 0으로 된 **마스크**를 곱하고, 평균이 그대로 유지되도록 남긴 유닛의 비율로 나눕니다. 여기서는 마스크를 한 번만 만들어서 모든 학습과 검사에 그대로 씁니다. (호출할 때마다 마스크를 새로 만들면 손실이 튀어서 [차분이 아무 뜻도 없게 됩니다](gradient-check.py#random).)
#
# ![둘째 실험대. x에서 z1, a1, z2, a2, s, z3을 차례로 지나 y와 C로 이어집니다. z2와 a2가 있는 부분은 위에 있고, 그 아래로 a1에서 s로 곧장 가는 화살표가 있습니다.](../figures/broken_bench.svg)
#
# /// figure-caption
# 둘째 실험대. `a1`에서 `s`로 가는 경로는 두 개입니다. 하나는 둘째 은닉층을 지나고, 다른 하나는 잔차 연결입니다. 거꾸로 갈 때 두 경로는 `da1`에서 다시 만납니다.
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
# 오라클이 쓸 정의도 다시 쓰는데, 수를 하나씩 계산합니다. 목표값의 행마다 정답 클래스의 자리에 1이 하나 있습니다.

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
# ### 경로가 만나는 곳에서 덮어씀 {#overwrite}
#
# `a1`을 두 번 썼으므로 두 경로가 이곳으로 돌아오고, [두 경로가 가져온 것을 더합니다](../zero/chain-rule.md#twice). 실제 프로그램에서는 `da1`에 두 번째로 대입하면서 첫 번째 것이 없어집니다. `+=`를 써야 할 곳에 `=`를 쓴 것입니다.

# %%
plant(
    "overwrite", branch,
    "da1 = ds + delta2 @ W2.T",
    "da1 = delta2 @ W2.T",
)

# %% [markdown]
# 잔차 연결을 따라 돌아온 것이 없어졌습니다. 유닛이 하나이고 둘째 층 대신 $w$를 곱한다고 하면 다음과 같습니다.
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
# 여기서 1이 덮어쓴 경로가 가져왔을 값입니다. `W1`과 `b1`은 경로가 갈라지기 전에 있으므로 그레이디언트가 틀리고, 나머지는 모두 맞습니다.

# %% [markdown]
# ### ReLU의 마스크를 다른 배열에서 구함 {#wrong-mask}
#
# ReLU는 순전파에서 **가중합**이 양수였던 유닛의 오차만 통과시킵니다. 그런데 들어온 미분값만 가지고 있는 프로그램에서 그 값의 부호로 마스크를 만들기도 합니다. `da[da < 0] = 0`이라고 쓰거나, “ReLU의 역전파는 ReLU”라고 생각한 것입니다. 이 마스크도 모양이 맞고 1과 0으로 되어 있습니다.

# %%
plant(
    "wrong_mask", branch,
    "delta2 = da2 * (z2 > 0)",
    "delta2 = da2 * (da2 > 0)",
)
for step in (0, 20, 60, 200):
    print(step, f"{curves['wrong_mask'][step]:.3f}")

# %% [markdown]
# 드디어 곡선으로 잡는 것이 나왔습니다. 그런데 늦습니다. 손실은 한참 동안 제대로 줄어듭니다. 그러다가 수가 아닌 것이 됩니다. 이 마스크를 쓰면 둘째 층의 오차는 음수가 될 수 없고, 들어오는 값 `a1`도 음수가 아닙니다. 그래서 이 층의 편향과 가중치는 줄어들기만 합니다. 유닛이 꺼진 지 오래여서 손실과 상관이 없어도 그렇습니다. 멈추라고 알려 주는 것이 없고, `W2`를 거쳐 첫째 층까지 끌려갑니다.
#
# 또 하나의 틀린 배열은 활성값이고, `>=`와 함께 씁니다. `a2 >= 0`은 어느 유닛에서나 참이므로 마스크가 아무 일도 하지 않습니다. 앞에서 본 페이지의 [연습 문제](../hand/backward-walk.md#exercises)에서 이것을 다루었습니다.

# %% [markdown]
# ### 정사각행렬에서 전치를 빠뜨림 {#no-transpose}
#
# 이 페이지의 첫머리에서 본 실수입니다. 크기가 같은 두 층 사이에서 흔히 생깁니다.

# %%
plant(
    "no_transpose", branch,
    "da1 = ds + delta2 @ W2.T",
    "da1 = ds + delta2 @ W2",
)

# %% [markdown]
# 전치하면 유닛 1은 자기에게서 **나가는** 화살표를 따라 모읍니다.
#
# <!-- equations: a network -->
#
# $$
# \grad{\Lossx}{\a{1}_1} = \err{2}_1 \W{2}_{11} + \err{2}_2 \W{2}_{12}
# $$
#
# 전치하지 않으면 이 유닛이 $\err{2}_1 \W{2}_{11} + \err{2}_2 \W{2}_{21}$을 받습니다. 둘째 가중치는 다른 유닛의 화살표에 있는 것입니다. 그 이유는 [원소에서 행렬로](../hand/matrix-form.md#transpose)에서 설명했습니다. 이번에도 고장 난 프로그램의 마지막 손실이 맞는 것보다 작습니다. 걸음이 이렇게 적으면 운이 결과를 정합니다. 손실이 작다고 그레이디언트가 맞는 것은 아닙니다.

# %% [markdown]
# ### 거꾸로 갈 때 드롭아웃의 배율을 잃음 {#dropout-scale}
#
# 순전파에서는 `mask / keep`을 곱합니다. 거꾸로 갈 때 마스크는 기억하면서 나누는 수는 잊습니다. 공개된 코드에도 이런 것이 있습니다. 유닛의 절반을 남기는 순전파에서는 마스크의 두 배를 곱하고, 거꾸로 갈 때는 마스크만 곱합니다.

# %%
plant(
    "dropout_scale", branch,
    "da2 = ds * mask / keep",
    "da2 = ds * mask",
)

# %% [markdown]
# 순전파에서 곱한 것은 모두, 하나도 빠짐없이 거꾸로 갈 때의 국소 미분입니다. 여기서는 둘째 은닉층을 지나 돌아오는 것이 모두 맞는 값의 절반입니다.

# %% [markdown]
# ### 소프트맥스를 두 번 적용함 {#softmax-twice}
#
# 신경망은 소프트맥스로 끝나서 출력이 확률입니다. 그런데 라이브러리의 손실 함수는 로짓을 받아서 소프트맥스를 스스로 적용합니다. 따로 보면 둘 다 맞습니다.
#
# 스스로 미분하는 라이브러리에서는 그레이디언트가 둘을 모두 거슬러 갑니다. 공평하게 하려고 우리도 한 줄을 더 바꿉니다. 오차가 [안쪽 소프트맥스의 야코비 행렬](../equations/softmax.md#jacobian)을 지나게 합니다.

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
# `flat_target`처럼 차분 검사는 통과합니다. 엉뚱한 손실의 맞는 그레이디언트입니다. 오라클은 여섯 배열이 모두 틀렸다고 합니다. 무엇을 보아야 하는지 알면 학습에도 실마리가 있습니다. 바깥쪽 소프트맥스에는 0과 1 사이의 수가 들어갑니다. 안쪽 소프트맥스가 더없이 확신하여 정답 클래스에 1, 다른 두 클래스에 0을 주더라도 바깥쪽의 값은 다음과 같습니다.
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
# 그러므로 손실에는 바닥이 있고, 아무리 학습해도 그 아래로 내려가지 못합니다. 정확도는 괜찮은데 손실이 0보다 훨씬 큰 곳에서 멈추는 분류기를 보면 소프트맥스가 하나 더 있는지 찾아보세요.

# %% [markdown]
# ### 남겨 둔 배열을 그 자리에서 바꿈 {#in-place}
#
# 메모리를 아끼려고, 또는 버릇대로, 이미 있는 배열에 합을 씁니다. `s = a1`이라고 써도 복사되지 않습니다. 같은 배열에 이름이 하나 더 생길 뿐입니다. 그래서 `s += a2`를 실행하면 두 이름의 값이 모두 바뀝니다.

# %%
plant(
    "in_place", branch,
    "s = a1 + a2",
    "s = a1; s += a2",
)

# %% [markdown]
# 순전파는 맞습니다. 거기서는 원래의 `a1`을 더는 쓰지 않기 때문입니다. 거꾸로 갈 때 `dW2`를 구하려면 **들어온 값**으로 `a1`이 필요한데, 거기에는 합이 들어 있습니다. 여섯 배열 가운데 하나만 틀리고, 다른 데서는 아무것도 드러나지 않습니다. 규칙은 이렇습니다. 거꾸로 갈 때 쓰려고 남겨 둔 것은 역전파가 지나갈 때까지 건드리지 않습니다.

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
# ![이백 걸음 동안의 손실을 로그 눈금에 나타낸 곡선 여섯 개. 대부분은 서로 가깝게 내려갑니다. overwrite의 곡선은 더 높고, softmax twice의 곡선은 천천히 내려갑니다. wrong mask의 곡선은 다른 것들과 함께 내려가다가 방향을 바꾸어 가파르게 올라가 그림을 벗어납니다.](figure)
#
# /// figure-caption
# 둘째 실험대의 손실. 로그 눈금이고, 위쪽은 잘랐습니다. 처음 몇 걸음에서는 아무도 `wrong_mask`를 다른 것과 구별하지 못합니다. `no_transpose`와 `in_place`의 곡선은 맞는 프로그램의 곡선보다 아래에서 끝납니다.
# ///

# %% [markdown]
# ## 표 {#generated-table}
#
# 모두 한 번씩 다시 실행하여 표 하나로 만들었습니다. (배치 평균을 빠뜨리는 실수와 두 번 하는 실수가 따로 있어서 행은 열세 개입니다.)

# %%
print(head)
for name, program in broken.items():
    examine(name, program)

# %% [markdown]
# ## 무엇으로 무엇을 잡을까요? {#what-catches-what}
#
# 표를 열별로 읽어 봅시다.
#
# - **모양**으로는 하나를 잡습니다. 비용이 들지 않으니 언제나 확인하세요. 크기를 되도록 서로 다르게 잡으면 더 많이 잡습니다. 순서가 바뀐 곱과 빠뜨린 전치는 정사각행렬이어야 숨을 수 있습니다.
# - **곡선**으로는 하나를 잡고, 그것도 늦습니다. 고장 난 프로그램 여럿이 맞는 것보다 낮은 곳에서 끝납니다. 손실이 줄어든다는 것은 그레이디언트의 **일부**가 **어떤** 좋은 방향을 가리킨다는 뜻일 뿐입니다.
# - **차분**으로는 둘을 뺀 나머지를 모두 잡습니다. 그 둘은 역전파의 실수가 아닙니다. 역전파는 순전파를 충실히 따라갔는데, 그 순전파가 엉뚱한 손실로 갔습니다.
# - **오라클**로는 모두 잡습니다. 손실을 한 번 더 써야 하므로 비용이 가장 많이 듭니다. 그리고 정의를 보고 써야만 오라클입니다. 순전파를 베끼면 실수까지 베낍니다.
#
# 행별로 읽으면 마지막 칸에서 어디를 보아야 하는지 알 수 있습니다. 오차는 출력에서 입력 쪽으로 거슬러 갑니다. 그러므로 한 줄이 틀리면 그 결과를 쓰는 것, 곧 신경망에서 그보다 **이전**에 있는 것이 틀립니다. 그다음에 있는 층의 그레이디언트는 그대로 맞습니다. 모든 그레이디언트가 틀렸으면 출력과 손실을 보세요. 처음 몇 층의 것만 틀렸으면 거기까지 오차를 전하는 줄을 보세요. 배열 하나만 틀렸으면 그 배열을 구하는 줄이나, 거기에 들어온 값을 보세요.
#
# 검사를 얼마나 믿을 수 있는지는 거기에 쓰는 수에 달려 있습니다. 아래에서는 실수 두 가지를 유리한 데이터로 다시 검사합니다. 첫째는 표본이 하나이고, 둘째는 `W2`가 대칭행렬입니다. 실행하기 전에, 어느 검사에서 잡힐지 말해 보세요.

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
# 아무 데서도 잡히지 않습니다. 표본이 하나이면 평균은 그 수 자신이고, 대칭행렬은 전치해도 그대로입니다. 그러니 표본을 여러 개 쓰고 난수로 검사하세요. `bp.check_gradients`도 이런 데이터를 만나면 그렇게 알려 줍니다.

# %% [markdown]
# ## 역사 한 토막 {#history}
#
# 열두 가지 가운데 하나는 유명합니다. 웹에서 가장 많이 베낀 것으로 손꼽히는 역전파 예제가 있습니다. 입력 두 개, 은닉 유닛 두 개, 출력 두 개인 신경망에서 모든 것을 손으로 계산합니다. 손실과 그레이디언트 여덟 개, 그리고 한 걸음 뒤의 손실입니다. (편향 하나를 한 층의 두 유닛이 함께 쓰고, 편향은 움직이지 않습니다.) 그 예제의 수로 한 걸음을 바르게 가 봅시다.

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
# 발표된 수는 소수 일곱째 자리에서 다르고, 베낀 글에도 그대로 실려 있습니다. 반올림 때문일까요? 그 글은 그보다 많은 자리까지 계산합니다. 아닙니다. 고장 난 역전파로 계산하면 바로 이 수가 나옵니다. 차이가 이렇게 작다는 것도 실마리입니다. 열두 가지 가운데 결과가 이렇게 조금만 바뀌는 것은 무엇일까요? [마지막 연습 문제](#exercise-11)에서 직접 찾아보세요. 이 수가 어떻게 나왔는지는 답과 함께 [정오표](../reference/errata.md#updated-too-early)에 있습니다.

# %% [markdown]
# ## 연습 문제 {#exercises}
#
# 이 페이지의 실수를 모두 직접 고쳐 봅시다. 틀린 줄은 `#` 뒤에 있습니다. 점 세 개가 있는 자리에 맞는 줄을 쓰세요. 프로그램은 다른 수를 넣어 오라클과 비교합니다.
#
# <!-- exercises -->

# %% [markdown]
# ## 다음 페이지 {#next}
#
# 역전파에 어떤 실수가 있을 수 있고 무엇으로 찾는지 보았습니다. 이제 [손글씨 숫자](digits.py#check)를 다시 읽어 보세요. 그 페이지의 검사로는 열두 가지 가운데 어느 것을 잡을 수 있었을까요? 용어는 모두 [용어집](../reference/glossary.md)에 있습니다.
