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
# title: 손글씨 숫자
# description: 직접 유도한 층들로 만든 작은 신경망이 진짜 손글씨 숫자를 읽는 법을 배웁니다. 그레이디언트는 믿기 전에 검사하고, 학습이 끝나면 틀린 답을 하나씩 들여다봅니다.
# keywords:
#   data: MNIST, 엠니스트, 손글씨, 테스트 데이터, 훈련 데이터
# ---

# %% [markdown]
# # 손글씨 숫자 {#digits}
#
# 이 페이지를 마치면 손으로 유도한 역전파를 실제 데이터에 쓰고, 신경망이 무엇을 배웠는지 판단할 수 있습니다. 먼저 그레이디언트(배열의 원소마다 구한 미분값)를 검사합니다. 그런 다음 신경망을 학습시키고, 곡선을 읽고, 틀린 답을 하나씩 들여다봅니다. 새로 배울 원리는 없습니다. 이 신경망은 [매개변수(가중치와 편향)가 열두 개인 신경망](../hand/every-element.md)보다 크고, 활성화 함수와 손실 함수(loss function)도 다릅니다. 그래도 그레이디언트를 구하는 방법은 같습니다.

# %% [markdown]
# ## 데이터 살펴보기 {#data}
#
# 패키지에는 사람이 손으로 쓴 숫자를 담은 작은 그림이 들어 있습니다. 그림은 가로와 세로가 8픽셀(pixel)씩이고, 픽셀의 값은 종이면 0, 잉크면 1이며 그 사이의 값도 있습니다. 그림마다 어떤 숫자를 쓴 것인지도 적혀 있는데, 이것을 **레이블**(label)이라고 합니다.
#
# 그림을 그리려면 matplotlib이 필요합니다. `pip install matplotlib`으로 설치하세요. 노트북이 아닌 곳에서는 `import matplotlib.pyplot as plt`를 쓰고, 그림을 그릴 때마다 `plt.show()`를 호출하세요.

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
# ![손글씨 숫자를 담은 작은 회색조 그림 열여섯 장이 두 줄로 놓여 있고, 그림마다 위에 레이블이 적혀 있습니다. 대부분은 잘 읽히지만 얼룩에 가까운 것도 있습니다.](figure)
#
# /// figure-caption
# 데이터의 처음 몇 장과 그 레이블. 픽셀이 이만큼 적으면 사람도 한 번 더 들여다보아야 합니다.
# ///
#
# 신경망이 보기에 그림 한 장은 수를 늘어놓은 행 하나입니다. 픽셀을 윗줄부터 한 줄씩 이어 붙인 행입니다. 어느 픽셀이 서로 이웃하는지는 알려 주지 않습니다.
#
# 배우기에 앞서 데이터의 일부를 따로 떼어 둡니다. 신경망은 **따로 떼어 둔**(held-out) 그림에서는 아무것도 배우지 않습니다. 이 그림은 마지막에, 본 적 없는 숫자도 읽을 수 있는지 알아볼 때 씁니다. 이런 데이터를 테스트 데이터라고 하는 책이 많습니다.

# %%
rng = np.random.default_rng(0)
order = rng.permutation(len(digits.x))
cut = int(0.8 * len(order))
train, test = order[:cut], order[cut:]

x, labels = digits.x[train], digits.labels[train]
x_test, labels_test = digits.x[test], digits.labels[test]
print(len(train), "pictures to learn from,", len(test), "held out")

# %% [markdown]
# !!! warning "이렇게 나누면 알 수 없는 것"
#
#     이 숫자들은 열세 사람이 썼고, 한 사람이 많은 숫자를 썼습니다. 무작위로 나누면 모든 사람의 글씨가 양쪽에 다 들어갑니다. 그래서 따로 떼어 둔 그림에서 잰 정확도(accuracy)는 “아는 사람이 쓴 다른 숫자도 읽을 수 있는가?”에 답할 뿐, “처음 보는 사람의 글씨를 읽을 수 있는가?”에는 답하지 못합니다. 뒤의 물음에 답하려면 쓴 사람을 기준으로 나누어야 합니다. 그런데 배포된 데이터에는 누가 어느 숫자를 썼는지 적혀 있지 않습니다.

# %% [markdown]
# ## 신경망 만들기 {#network}
#
# 은닉층은 하나이고, 활성화 함수는 ReLU입니다. ReLU는 양수를 그대로 내보내고 음수를 0으로 바꿉니다. 기울기는 가중합이 양수이면 1, 음수이면 0입니다. 그래프가 꺾이는 0에서는, 이 강의에서는 0으로 정합니다. 그래서 역전파에서 은닉층의 줄은 `delta1 = (delta2 @ W2.T) * (z1 > 0)`이 됩니다.
#
# 출력은 숫자마다 하나씩 둡니다. 출력에는 활성화 함수를 쓰지 않고, 나온 수를 그대로 둡니다. 이 수를 **로짓**(logit)이라고 합니다. 로짓을 확률로 바꾸는 일은 손실 함수가 맡습니다.
#
# 가중치는 작은 난수에서 출발합니다. 모두 같은 값에서 출발하면 은닉 유닛이 모두 같은 그레이디언트를 받아 언제까지나 서로 같은 채로 남습니다. 난수의 표준편차 $\sqrt{2 / n_\text{in}}$는 신호가 ReLU 층을 거치는 동안 사그라지지도, 걷잡을 수 없이 커지지도 않도록 고른 값입니다.

# %%
n_in, n_hidden, n_out = 64, 32, 10

W1 = rng.normal(0, np.sqrt(2 / n_in), (n_in, n_hidden))
b1 = np.zeros(n_hidden)
W2 = rng.normal(0, np.sqrt(2 / n_hidden), (n_hidden, n_out))
b2 = np.zeros(n_out)

net = bp.Network([bp.Dense(W1, b1), bp.ReLU(), bp.Dense(W2, b2)])
print("parameters:", W1.size + b1.size + W2.size + b2.size)

# %% [markdown]
# ## 출력끼리 섞이는 손실 {#softmax}
#
# 손실 함수로는 **소프트맥스 교차 엔트로피**(softmax cross-entropy)를 씁니다. 소프트맥스는 $e$를 로짓만큼 거듭제곱한 값을 구하고, 그 값을 열 개의 합으로 나눕니다. 그래서 결과는 모두 양수이고, 확률처럼 더하면 1이 됩니다. 손실은 정답 레이블의 확률에 자연로그를 취하고 음의 부호를 붙인 값입니다. 이 확률이 1에 가까우면 손실이 작고, 0에 가까우면 큽니다.
#
# 이 손실은 무엇을 거꾸로 보낼까요? [앞 단원의 페이지](../equations/softmax.md)에서는 기울기를 모두 적은 표로 유도했습니다. 여기서는 **손으로 계산하기** 단원에서 바로 온 독자를 위해 더 짧은 길로 갑니다. 식을 짧게 쓰기 위해 클래스(class)가 세 개이고, 그 가운데 첫째가 정답이라고 합시다.
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
# 모든 로짓이 합 $s$에서 만나고, 확률은 모두 이 합으로 나눈 값입니다. 그래서 **모든** 로짓이 모든 확률에 영향을 줍니다. 시그모이드는 그렇지 않습니다. 가중합은 자기 출력에만 영향을 주므로, 유닛마다 기울기 하나면 충분합니다. 여기서는 모든 경로를 따라가야 합니다. 먼저 경로를 짧게 만듭시다. 분수의 로그는 로그의 차이고, $e$의 거듭제곱에 자연로그를 취하면 지수만 남습니다.
#
# $$
# \begin{aligned}
# \Lossx &= -\ln \frac{u_1}{s} \\
# &= \ln s - \preact_1
# \end{aligned}
# $$
#
# $\ln s$의 기울기는 $1 / s$입니다. ($r = \ln s$<!-- equation: not evaluated: it only names the logarithm -->라고 합시다. 그러면 $s$는 $e$를 $r$만큼 거듭제곱한 값이고, 그 기울기는 $s$입니다. 곧 $s$는 $r$의 $s$배만큼 움직입니다. 그러므로 $r$는 $s$의 $1 / s$배만큼 움직입니다.)
#
# ![로짓 세 개가 u1, u2, u3을 지나 합 s로 모이고, s에서 손실로 이어집니다. 화살표마다 기울기가 적혀 있습니다. 첫째 로짓에서는 손실로 바로 가는 점선 화살표가 하나 더 있고, 그 기울기는 마이너스 1입니다.](../figures/softmax_paths.svg)
#
# /// figure-caption
# 로짓에서 $\Lossx$까지 가는 길. 화살표마다 기울기를 적었습니다. 모든 로짓이 $s$에서 만납니다. 정답 클래스의 로짓에만 둘째 경로가 있고, 점선으로 그렸습니다.
# ///
#
# 정답 클래스의 로짓에서 손실로 가는 경로는 두 개입니다. 하나는 $u_1$과 $s$를 지나고, 다른 하나는 마지막 항이며 기울기가 $-1$입니다. 경로를 따라가며 곱하고, 경로끼리 더합니다. 1을 곱하는 것은 쓰지 않습니다.
#
# $$
# \begin{aligned}
# \grad{\Lossx}{\preact_1} &= \frac{1}{s} \cdot u_1 - 1 \\
# &= p_1 - 1
# \end{aligned}
# $$
#
# 다른 로짓에서 손실로 가는 경로는 합 $s$를 지나는 것 하나뿐입니다.
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
# 둘을 합쳐 말하면, **확률을 늘어놓고 정답 레이블의 자리에서만 1을 뺀 것**입니다. 배치의 손실은 평균이므로, 배치에서는 전체를 표본의 수로 나눕니다. (클래스가 몇 개이든 성립한다는 것은 [연습 문제 4](#exercise-4)에서 보입니다.)
#
# 마지막 가중합과 손실 사이에 다른 활성화 함수는 없습니다. 그러므로 이 값이 **곧** $\err{2}$입니다. [여섯 줄](../hand/matrix-form.md#backward-pass) 가운데 첫째 줄의 자리에 이 값이 들어갑니다. 나머지 줄에서는 $\err{2}$가 어디에서 나왔든 그대로 씁니다. 로짓이 세 개일 때를 코드로 계산해 봅시다.

# %%
logits = np.array([[2.0, 1.0, 0.0]])
label = np.array([0])

probabilities = np.exp(logits) / np.exp(logits).sum()
print("probabilities", probabilities.round(4))
dlogits = bp.softmax_cross_entropy.gradient(logits, label)
print("sent back    ", dlogits.round(4))

# %% [markdown]
# ## 믿기 전에 그레이디언트 검사하기 {#check}
#
# 역전파가 틀려도 신경망은 무언가를 배울 때가 많습니다. 조금 덜 배울 뿐이고, 왜 그런지는 아무도 모릅니다. 그래서 학습보다 검사가 먼저입니다. 매개변수를 하나씩 살짝 늘리고 줄여 보면서, 그때 나타나는 손실의 기울기를 역전파가 내놓은 값과 비교합니다. 곧 수치 미분과 비교하는 것입니다. 이 그레이디언트 검사(gradient check)에는 그림이 다섯 장만 있으면 됩니다. 매개변수는 하나도 빠뜨리지 않고, 다섯 그림의 픽셀로 미분한 그레이디언트까지 함께 비교합니다.

# %%
check = bp.check_gradients(net, bp.softmax_cross_entropy, x[:5], labels[:5])
print("passed:", check.passed)
print("elements compared:", check.checked)
print("largest relative error below 1e-6:", check.max_relative_error < 1e-6)

# %% [markdown]
# **상대 오차**(relative error)는 두 기울기의 차를 둘 가운데 큰 쪽으로 나눈 값입니다. 이 값이 **허용 오차**(tolerance)를 넘지 않으면 반올림 때문에 생긴 차이로 봅니다.
#
# 틀린 곳이 있으면 검사로 정말 찾을 수 있을까요? 일부러 틀린 것을 하나 넣어 봅시다. 거꾸로 갈 때 기울기를 곱하지 않는 ReLU 층입니다.

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
# ## 학습시키기 {#train}
#
# 학습은 네 단계를 되풀이하는 일입니다. 순전파, 손실의 그레이디언트, 역전파, 갱신입니다. 한 번 되풀이할 때마다 **미니배치**(mini-batch), 곧 그림 몇 장만 씁니다. 몇 장의 그레이디언트를 평균하기만 해도 방향은 대체로 옳고, 계산은 훨씬 적게 들기 때문입니다(**확률적 경사하강법**, stochastic gradient descent, SGD). 모든 그림을 한 번씩 다 쓰면 한 **에포크**(epoch)입니다. 한 에포크의 반복문은 다음과 같습니다.

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
# `bp.train`도 똑같은 반복문입니다. 다만 그동안 일어난 일을 기록해 둡니다. 학습은 지금의 신경망에서 이어집니다. `bp.train`의 첫 에포크는 이 신경망이 모든 그림을 두 번째로 보는 것입니다. 그래서 손실 곡선은 위에 출력된 손실보다 낮은 곳에서 시작합니다.

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
# ![에포크를 가로축으로 한 그래프 두 개. 왼쪽에서는 손실 곡선 두 개가 거의 겹친 채 가파르게 내려갑니다. 끝에서 실선은 계속 내려가고 점선은 더 내려가지 않습니다. 오른쪽에서는 정확도 곡선 두 개가 가파르게, 그다음에는 천천히 올라갑니다. 점선은 위아래로 튀는데, 처음에는 대개 실선보다 위에 있고 끝에서는 아래에 있습니다.](figure)
#
# /// figure-caption
# `bp.train`의 에포크가 끝날 때마다 잰 손실과 정확도. 실선은 학습에 쓴 그림, 점선은 따로 떼어 둔 그림에서 잰 값입니다. 끝으로 가면서 학습에 쓴 그림의 손실은 계속 줄지만, 따로 떼어 둔 그림의 손실은 거의 줄지 않습니다. 점선의 정확도가 튀는 것은 따로 떼어 둔 그림이 적어서 한 장만 더 맞히거나 틀려도 표가 나기 때문입니다. 점선이 실선보다 위로 올라가기도 하는 것도 같은 이유입니다.
# ///

# %% [markdown]
# ## 어떤 숫자를 헷갈릴까요? {#confusion}
#
# 수 하나만 보면 많은 것이 가려집니다. **혼동 행렬**(confusion matrix)은 실제 숫자마다 신경망이 무엇이라고 답했는지를 셉니다.

# %%
said = net.forward(x_test).argmax(axis=1)
confusion = np.zeros((10, 10), dtype=int)
np.add.at(confusion, (labels_test, said), 1)
plotting.matrix(confusion, rows="label", columns="prediction");

# %% [markdown]
# ![행과 열이 열 개씩인 표. 대각선에는 큰 수가 놓여 있습니다. 대각선 밖에는 작은 수가 드문드문 있고, 칸은 대부분 비어 있습니다.](figure)
#
# /// figure-caption
# 행은 실제 숫자, 열은 예측(prediction)이고, 빈칸은 그런 일이 한 번도 없었다는 표시입니다. 대각선은 맞힌 것입니다. 대각선 밖의 수는 모두 틀린 것이고, 방향이 있습니다. **이 숫자**를 **저 숫자**로 읽었다는 뜻입니다.
# ///

# %% [markdown]
# ## 틀린 답 들여다보기 {#mistakes}

# %%
wrong = np.flatnonzero(said != labels_test)
titles = [f"{labels_test[i]} → {said[i]}" for i in wrong]
print(len(wrong), "of", len(x_test), "wrong")
plotting.images(x_test[wrong].reshape(-1, 8, 8), titles);

# %% [markdown]
# ![따로 떼어 둔 그림 가운데 잘못 읽은 것들. 그림마다 위에 레이블, 화살표, 신경망의 답이 차례로 적혀 있습니다. 번졌거나 획이 빠진 것이 여럿 있습니다.](figure)
#
# /// figure-caption
# 따로 떼어 둔 그림 가운데 신경망이 틀린 것 전부: 레이블 → 예측. 판단하기 전에 제목을 가리고 직접 읽어 보세요.
# ///

# %% [markdown]
# ## 은닉 유닛은 무엇을 배웠을까요? {#hidden-units}
#
# 은닉 유닛에는 픽셀마다 가중치가 하나씩 있으므로, 그 가중치를 그림으로 펼쳐 놓을 수 있습니다. $\W{1}$의 열 $j$가 은닉 유닛 $j$의 가중치입니다. 가중치는 난수에서 출발했으므로, 여기서는 학습이 **더한** 것을 봅니다. 지금의 가중치에서 처음의 가중치를 뺀 것입니다. 가중치가 커진 자리의 잉크는 전보다 유닛의 가중합을 키우고, 작아진 자리의 잉크는 전보다 줄입니다.

# %%
learned = net.layers[0].W
plotting.images((learned - W1).T.reshape(-1, 8, 8), signed=True);

# %% [markdown]
# ![은닉 유닛마다 한 장씩, 작은 그림 서른두 장이 네 줄로 놓여 있습니다. 대부분은 유닛마다 다른 파란 얼룩과 빨간 얼룩이 있고, 몇 장은 거의 하얗습니다. 왼쪽 가장자리는 모든 그림에서 하얗습니다.](figure)
#
# /// figure-caption
# 은닉 유닛으로 들어가는 가중치에 학습이 더한 것. 파란 자리에서는 가중치가 커졌고 빨간 자리에서는 작아졌습니다. 색이 옅을수록 변화가 작습니다.
# ///
#
# 은닉 유닛은 대부분 서로 다른 무늬에 반응하게 되었습니다. 어디에 잉크가 있고 어디에 없는지를 보는 무늬입니다. 이 무늬를 정해 준 사람은 없습니다. 출력층의 오차가 $(\W{2})^\T$를 거쳐 거꾸로 전해지면서 생겼습니다. 거의 하얀 그림도 있습니다. 이 유닛들은 처음에 마침 거의 모든 숫자에서 가중합이 0보다 작았습니다. 그러면 ReLU의 기울기가 0이어서 아무것도 돌아오지 않고, 배우는 것도 거의 없습니다.
#
# 왼쪽 가장자리는 어느 그림에서나 하얗습니다. 그곳의 픽셀은 거의 언제나 종이입니다. 입력이 0이니 그 가중치의 그레이디언트도 0입니다. 그래서 이 가중치들은 처음처럼 제멋대로 흩어져 있습니다.

# %%
drift = np.abs(learned - W1).mean(axis=1).reshape(8, 8)
print("how far the weights of each pixel have moved, on average")
print(drift.round(2))

# %% [markdown]
# ## 연습 문제 {#exercises}
#
# <!-- exercises -->

# %% [markdown]
# ## 다음 페이지 {#next}
#
# 모든 그레이디언트를 유도할 수 있는 신경망을 직접 학습시켰습니다. 이 페이지에서는 그레이디언트를 한 줄로 검사하고 그 결과를 그대로 믿었습니다. [그레이디언트 검사하기](gradient-check.py)에서는 그 한 줄을 들여다봅니다. 걸음과 허용 오차를 어떻게 정하는지, 틀린 그레이디언트가 어떻게 통과하는지 알아봅니다.
