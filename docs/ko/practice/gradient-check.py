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
# title: 그레이디언트 검사하기
# description: 조금 움직여 구한 기울기를 얼마나 믿을 수 있는지를 세 가지 걸음에 대해 float64와 float32에서 유도하고 잽니다. 허용 오차의 뜻, 틀린 그레이디언트가 검사를 통과하는 방법과 막는 방법도 다룹니다.
# keywords:
#   gradient-check: 그레이디언트 검사, 그래디언트 체크, 그라디언트 체크, 기울기 확인, 기울기 검사, gradient check
#   kinks: 꺾인 점, kink, 미분 불가능
#   random: 드롭아웃 마스크, 드롭아웃, dropout mask
#   tolerance: 상대 오차
# ---

# %% [markdown]
# # 그레이디언트 검사하기 {#gradient-check}
#
# 이 페이지를 마치면 역전파를 검사하고, 검사 결과를 얼마나 믿을 수 있는지 판단할 수 있습니다. 걸음을 고르고, 상대 오차를 읽고, 꺾인 점과 무작위성을 다루고, 틀린 그레이디언트가 좀처럼 통과하지 못하는 데이터를 고르는 방법을 배웁니다.
#
# 그레이디언트 검사(gradient check)에서는 두 수를 비교합니다. 하나는 역전파로 구한 미분값이고, 다른 하나는 같은 미분값을 순전파만으로, 조금씩 움직여 보며 구한 것입니다. 두 수가 다르면 어느 한쪽이 틀린 것입니다. 그런데 조금 움직여 구한 값은 어림값일 뿐이라서, 맞는 그레이디언트도 그 값과 조금은 다릅니다. 그래서 첫 물음은 이것입니다. 어림값은 얼마나 정확할 수 있을까요?

# %% [markdown]
# ## 기울기를 구하는 세 가지 방법 {#three-slopes}
#
# [미분값 어림하기](../zero/derivative.md#estimate)에서 두 가지를 보았습니다. 한쪽으로 한 걸음 가는 방법과 양쪽으로 한 걸음씩 가는 방법입니다. 셋째 방법에서는 허수단위 방향으로 걸음을 뗍니다. Python에서는 허수단위를 `1j`로 씁니다. 그렇게 하면 왜 기울기가 나오는지는 [아래](#complex-step)에서 설명합니다.
#
# 기울기를 이미 아는 곡선, 세제곱 함수의 그래프에서 시작합니다.

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
# 걸음이 작아질수록 셋 다 공식의 값에 가까워집니다. 뒤의 둘은 벗어나는 양이 같은데, 하나는 위로, 하나는 아래로 벗어납니다. 걸음을 훨씬 더 줄이면 어떻게 되는지 봅시다.

# %% [markdown]
# ## U자 곡선 {#u-curve}
#
# 어림값이 벗어나는 양은 어디에서 구하느냐에 따라 크게 다릅니다. 그래서 천 곳에서 구하여 평균을 냅니다. 걸음이 작아질 때 수가 커지는지 작아지는지, 어디에서 방향이 바뀌는지 살펴보세요.

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
# 두 열 모두 작아지다가 방향을 바꾸어 다시 커집니다. 이제 그림으로 봅시다. 자릿수가 하나 바뀔 때마다 걸음을 세 개씩 잡고, 셋째 어림값도 함께 그립니다.

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
# ![걸음 h를 가로축으로 한 선 세 개. 두 축 모두 로그 눈금입니다. 오른쪽에서 왼쪽으로 가면 셋 다 내려가는데, two_sided와 complex_step은 one_sided보다 두 배 가파릅니다. 그러다가 one_sided와 two_sided는 방향을 바꾸어 올라가고, complex_step은 계속 내려가 바닥에 머무릅니다.](figure)
#
# /// figure-caption
# 세 어림값이 평균적으로 얼마나 벗어나는지를 걸음에 따라 나타냈습니다. 오른쪽에서 왼쪽으로 읽으세요. 선 두 개는 U자 모양이고, 나머지 하나에는 왼쪽 가지가 없습니다.
# ///
#
# 이런 축에서 직선은 $h$의 거듭제곱이고, 직선의 기울기가 그 지수입니다. ($c h^k$의 로그는 $c$의 로그에 $h$의 로그의 $k$배를 더한 값이기 때문입니다.) U자의 왼쪽 가지와 오른쪽 가지에 직선을 하나씩 맞추어 봅시다.

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
# 오른쪽에서는 벗어나는 양이 한쪽으로 움직일 때 $h$에, 양쪽으로 움직일 때 $h^2$에 비례하여 줄어듭니다. 왼쪽에서는 둘 다 $1/h$에 비례하여 **커집니다**. 원인은 서로 다른 두 가지입니다. 두 법칙을 차례로 유도해 봅시다.

# %% [markdown]
# ## 오른쪽 가지: 곡선이 휩니다 {#truncation}
#
# <!-- equations: plain letters -->
#
# 세제곱에서는 어림값이 얼마나 벗어나는지를 정확히 쓸 수 있습니다. 전개하고, 기울기 말고 무엇이 남는지 봅시다.
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
# 걸음이 작으면 남은 것 가운데 $3 \x h$가 가장 큽니다. 걸음을 십분의 일로 줄이면 벗어나는 양도 십분의 일이 됩니다. 이제 양쪽으로 움직입니다. $h^2$의 항은 양쪽에서 같으므로 빼면 없어집니다.
#
# $$
# \begin{aligned}
# \frac{(\x + h)^3 - (\x - h)^3}{2 h} &= \frac{6 \x^2 h + 2 h^3}{2 h} \\
# &= 3 \x^2 + h^2 \\
# &= \deriv{\y}{\x} + h^2
# \end{aligned}
# $$
#
# 남은 것은 $h^2$부터 시작합니다. 걸음을 십분의 일로 줄이면 벗어나는 양은 백분의 일이 됩니다. 이렇게 벗어나는 양을 **절단 오차**(truncation error)라고 합니다. 급수를 도중에 잘랐을 때 버려지는 나머지이기 때문입니다. 그 급수는 테일러 급수(Taylor series)입니다. 여기에 나오는 매끄러운 함수에서는 다음과 같습니다.
#
# <!-- equation: not evaluated: a series without an end, for any function; the next cell measures its terms -->
#
# $$
# f(x + h) = f(x) + f'(x) h + \frac{f''(x)}{2} h^2 + \frac{f'''(x)}{6} h^3 + \ldots
# $$
#
# (양변을 $h$로 몇 번이든 미분한 다음 $h$에 0을 넣어 보면 언제나 같습니다.) 이 급수를 세제곱에서처럼 두 어림값에 넣어 봅시다. 한쪽으로 움직이면 맨 먼저 남는 항은 $\frac{1}{2} f''(x) h$입니다. 곡선이 **휘는** 정도인 $f''$이 그 크기를 정합니다. 양쪽으로 움직이면 지수가 짝수인 항은 없어지고, 맨 먼저 남는 항은 $\frac{1}{6} f'''(x) h^2$입니다. 세제곱이 아닌 곡선에서도 그럴까요? $e^x$은 몇 번을 미분해도 $e^x$이므로 비교하기 쉽습니다.

# %%
x, h = 0.7, 1e-3
bend = third = np.exp(x)
off_1 = one_sided(np.exp, x, h) - np.exp(x)
off_2 = two_sided(np.exp, x, h) - np.exp(x)
print(f"one-sided  error / h   {off_1 / h:.3f}  f''/2  {bend / 2:.3f}")
print(f"two-sided  error / h^2 {off_2 / h**2:.3f}  f'''/6 {third / 6:.3f}")

# %% [markdown]
# ## 왼쪽 가지: 컴퓨터가 반올림합니다 {#rounding}
#
# 왼쪽 가지는 곡선이 휘는 것과 아무 상관이 없습니다. 컴퓨터가 유효숫자를 몇 자리까지만 저장하기 때문에 생깁니다. 일곱 자리를 저장하는 컴퓨터를 봅시다. `difference` 열에 숫자가 몇 자리 남는지 세어 보세요.

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
# 걸음이 작을수록 두 함숫값은 앞에서부터 더 많은 자리가 같아지고, 같은 자리는 빼면 사라집니다. 남는 것은 반올림된 한두 자리이고, 이것을 $h$로 나누면 그 오차가 커집니다. 이것을 **자릿수 상쇄**(cancellation)라고 합니다. 마지막 걸음에서는 두 함숫값이 같은 수로 저장되어 어림값이 0입니다.
#
# 얼마나 벗어날까요? 저장된 $f$의 값이 벗어날 수 있는 양을 $r$라고 합시다. 두 값을 빼면 벗어난 양이 더해져 $2 r$까지 될 수 있습니다. 이것을 두 곳 사이의 거리로 나눕니다.
#
# $$
# \frac{2 r}{2 h} = \frac{r}{h}
# $$
#
# 이것은 양쪽으로 움직일 때이고, 한쪽으로 움직이면 그 두 배입니다. 이것이 왼쪽 가지입니다. 걸음이 절반이면 벗어나는 양은 두 배입니다.
#
# 그러면 $r$는 얼마일까요? $f$의 크기에, 수의 형식에 따라 정해지는 반올림의 비율을 곱한 것과 비슷합니다. 이 비율을 **머신 엡실론**(machine epsilon)이라 하고 $\varepsilon$으로 씁니다. 1에서 그 형식으로 쓸 수 있는 다음 수까지의 거리입니다. (실제로 $r$는 이보다 몇 배 큽니다. $x + h$도 반올림되고, $f$ 안의 계산도 단계마다 반올림되기 때문입니다.)

# %%
for dtype in (np.float64, np.float32):
    print(f"{dtype.__name__}  epsilon {np.finfo(dtype).eps:.1e}")

# %% [markdown]
# ## 가장 좋은 걸음 {#best-step}
#
# 양쪽으로 움직일 때의 두 오차를 더해 봅시다. $c$는 절단 오차에서 $h^2$에 곱해진 수이고, $q$는 어림값이 벗어날 수 있는 양입니다.
#
# <!-- equation: definitions, with c=2, r=32, h=2, q=24 -->
#
# $$
# q = c h^2 + \frac{r}{h}
# $$
#
# $h$가 작아지면 첫째 항은 줄고 둘째 항은 커집니다. 가장 좋은 걸음은 가장 낮은 점에 있고, 그곳에서 $q$의 기울기는 0입니다.
#
# $$
# \deriv{q}{h} = 2 c h - \frac{r}{h^2}
# $$
#
# 이것을 0으로 놓고, $h^2$을 곱하고, $h$에 대해 풉니다.
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
# 이 걸음에서는 $r / h = 2 c h^2$<!-- equation: with c=2, r=32, h=2 -->입니다. 곧 반올림 오차가 정확히 절단 오차의 두 배입니다.
#
# 한쪽으로 움직일 때도 똑같이 합니다. 벗어나는 양 $p$에는 $h^2$ 대신 $h$가 있습니다. ($c$도 다른 수입니다. $r$에 곱해지는 2는 $r$에 포함합니다.)
#
# <!-- equation: definitions, with c=3, r=48, h=4, p=24 -->
#
# $$
# p = c h + \frac{r}{h}
# $$
#
# 기울기는 $\deriv{p}{h} = c - r / h^2$이고, 이것은 $h = (r / c)^{1/2}$<!-- equation: with c=3, r=48, h=4 -->일 때 0입니다.
#
# $f$와 그 미분값들과 $x$가 아주 크지도 아주 작지도 않으면, $c$는 거의 상관이 없고 $r$는 $\varepsilon$과 비슷합니다. 그러므로 가장 좋은 걸음은 한쪽으로 움직일 때 $\varepsilon^{1/2}$쯤, 양쪽으로 움직일 때 $\varepsilon^{1/3}$쯤입니다. 이 걸음에서 $p$와 $q$는 각각 $\varepsilon^{1/2}$쯤, $\varepsilon^{2/3}$쯤입니다. 어림값은 그만큼 벗어납니다. 두 곡선의 가장 낮은 점과 비교해 봅시다.

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
# 대략의 크기는 맞습니다. 예측으로 알 수 있는 것은 거기까지입니다. 양쪽으로 움직이면 자릿수의 삼분의 이쯤이 남고, 한쪽으로 움직이면 절반만 남습니다. 그래서 그레이디언트 검사에서는 양쪽으로 움직입니다. 미분값마다 순전파가 한 번 더 들지만, 여기에서는 수백 배 더 정확합니다. (패키지에서는 양쪽으로 두 곳씩 움직여서 $h^2$의 항까지 없앱니다. [연습 문제 2](#exercise-2)를 보세요.)

# %% [markdown]
# ## 빼지 않으면 왼쪽 가지가 없습니다 {#complex-step}
#
# 왼쪽 가지는 거의 같은 두 수를 빼기 때문에 생깁니다. 셋째 어림값에서는 아무것도 빼지 않습니다. 컴퓨터로 $x + i h$를 세제곱합시다. $i$가 어떤 수이든 다음과 같습니다.
#
# $$
# (\x + i h)^3 = \x^3 + 3 \x^2 i h + 3 \x i^2 h^2 + i^3 h^3
# $$
#
# 이제 $i$를 허수단위라고 합시다. 제곱하면 $-1$이고 세제곱하면 $-i$입니다. 그러므로 첫째 항과 셋째 항은 실수이고 나머지 두 항은 허수이며, 허수부는 $3 \x^2 h - h^3$입니다. 이것을 $h$로 나눕니다.
#
# $$
# \begin{aligned}
# \frac{3 \x^2 h - h^3}{h} &= 3 \x^2 - h^2 \\
# &= \deriv{\y}{\x} - h^2
# \end{aligned}
# $$
#
# 다른 매끄러운 함수에서는 위의 급수에 $h$ 대신 $i h$를 넣어 보세요. 맨 앞의 허수 항은 $f'(x) i h$이고, 그다음 허수 항에는 $h^3$이 있습니다. 그러므로 이때도 벗어나는 양은 $h^2$에 비례하여 줄어듭니다.
#
# 복소수의 실수부와 허수부는 두 개의 수로 따로 저장되고, 둘 다 유효숫자를 다 갖춥니다. 한쪽에는 $f$의 값이, 다른 쪽에는 기울기에 $h$를 곱한 값이 있습니다. 그래서 작은 수가 큰 수에 묻히지 않습니다. 걸음을 아주 작게 잡아서 $h^2$이 마지막 자리에도 미치지 못하게 해도 됩니다.

# %%
for h in (1e-8, 1e-20, 1e-200):
    off = mean_error(complex_step, h)
    print(f"h {h:.0e}   error below 1e-15: {off < 1e-15}")

# %% [markdown]
# 이 **복소수 걸음**(complex step)이 셋 가운데 가장 좋고, 이 사이트의 테스트에서도 씁니다. 이 사이트의 식에 나오는 미분값은 거의 모두 이것과 비교한 것입니다. 그런데 왜 누구나 쓰지는 않을까요? 순전파의 모든 줄에서 복소수를 실수처럼 다루어야 하는데, 그렇지 않은 줄이 있기 때문입니다. 절댓값이 그런 예입니다.

# %%
def also_f(x):
    return np.abs(x) ** 3  # for a positive x the same curve

print(f"two-sided {two_sided(also_f, 0.7, 1e-5):.4f}")
print(f"complex   {complex_step(also_f, 0.7, 1e-20):.4f}")

# %% [markdown]
# 복소수의 절댓값은 0에서 떨어진 거리이므로 실수입니다. 허수부는 사라지고, 아무 경고 없이 어림값이 0이 됩니다. `z.conj() * z`를 쓰거나, 노름(norm)을 구하거나, 도중에 실수부만 넘겨도 그렇습니다. ReLU처럼 순전파에서 크기를 비교할 때는 `z * (z.real > 0)`처럼 실수부로 정해야 합니다. 그래서 복소수 걸음은 복소수가 들어올 것을 생각하고 작성한 순전파에 알맞습니다. 다른 모든 순전파에는 양쪽으로 움직이는 방법이 있습니다.

# %% [markdown]
# ## 신경망에서도 그럴까요? {#network}
#
# 가중치 하나의 함수로 본 손실도 하나의 곡선입니다. 다음은 작은 신경망의 순전파와 $\W{1}$의 역전파입니다. 역전파에서는 화살표로 들어온 값에, 화살표가 향하는 유닛의 오차를 곱합니다. 수는 float32로 뽑습니다. 그래야 float32와 float64에 똑같은 수를 저장할 수 있습니다.

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
# 이제 가중치를 하나씩 움직입니다. `one`은 그 가중치의 자리에서 1이고 다른 자리에서는 0입니다. 배열 전체의 크기는 `np.linalg.norm`으로 구합니다. 원소를 제곱하여 모두 더한 값의 제곱근입니다.

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
# 역전파와 복소수 걸음은 거의 모든 자리에서 일치합니다. 두 계산의 공통점은 순전파뿐입니다. 그러므로 이 그레이디언트를 참값으로 삼고, 나머지 두 어림값을 이것과 비교해도 됩니다.

# %% [markdown]
# ## float32에서 {#float32}
#
# 신경망은 대개 float32나 자릿수가 더 적은 형식으로 학습시킵니다. float32는 일곱 자리쯤을 저장하므로 $\varepsilon$이 훨씬 크고, 왼쪽 가지도 훨씬 일찍 시작됩니다. 그러면 가장 낮은 점은 어떻게 될까요?

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
# ![걸음에 따른 선 여섯 개. one_sided_64와 two_sided_64는 U자 모양이고 아주 낮은 곳까지 내려갑니다. two_sided_64가 더 낮습니다. one_sided_32와 two_sided_32는 더 일찍, 더 높은 곳에서 방향을 바꾸고 곧 오차가 1에 이릅니다. 복소수 걸음의 두 선에는 왼쪽 가지가 없습니다.](figure)
#
# /// figure-caption
# 가중치 열두 개의 그레이디언트를 float64와 float32에서 어림한 결과입니다. 진한 선이 float64, 옅은 선이 float32입니다. 오차가 1이면 그레이디언트가 조금도 남지 않은 것입니다.
# ///
#
# 법칙은 같습니다. 곡선이 휘는 것은 마찬가지이므로 오른쪽 가지는 서로 겹칩니다. 커진 것은 반올림뿐입니다. 복소수 걸음에는 어느 형식에서나 왼쪽 가지가 없습니다. 그런데 나머지 둘은 float64에서 가장 좋은 걸음이 float32에서는 쓸모가 없습니다. float32에서는 가장 좋은 어림값도 몇 자리만 맞으므로, 역전파의 작은 실수는 어림값의 오차에 묻힐 수도 있습니다.
#
# 해결책은 두 가지입니다. 하나는 걸음도 허용 오차도 크게 하는 것입니다. 더 나은 다른 하나는, 검사할 **그레이디언트**는 float32로 구하되 어림값에 쓸 **손실**은 float64로 바꾼 복사본에서 구하는 것입니다. `bp.check_gradients`에서 그렇게 합니다. 그러면 역전파 안의 반올림만 남습니다. 실제 데이터에서는 얼마나 될까요? [숫자](digits.py)를 읽는 신경망에서 첫째 층의 그레이디언트를 두 형식으로 구해 봅시다.

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
# 대부분의 원소에는 거의 모든 자리가 남습니다. 몇몇 원소는 큰 항들이 더해지면서 서로 상쇄된 것이라, 남은 값이 작고 자릿수를 잃었습니다. 역전파가 맞아도 float32의 검사에서 원소마다 `1e-6`을 요구해서는 안 됩니다. 그래서 패키지에서는 두 가지를 합니다. 첫째, 원소가 아무리 작아도 가장 큰 원소의 일정한 비율보다 작은 수로는 차이를 나누지 않습니다. 둘째, float32의 허용 오차를 `1e-4`로 둡니다. 층을 지날 때마다 반올림 오차가 쌓이는 깊은 신경망까지 생각한 것입니다.

# %% [markdown]
# ## 허용 오차의 뜻 {#tolerance}
#
# 두 미분값은 언제 일치한다고 할까요? 차이만으로는 아무것도 알 수 없습니다. 손실의 단위를 바꾸면 모든 미분값에 같은 수가 곱해지고, 차이에도 곱해집니다. 차이의 한계를 정해 두면 어떤 단위에서는 지나치게 엄격하고 어떤 단위에서는 지나치게 느슨합니다. 그래서 수의 크기로 나눕니다. 이것이 **상대 오차**(relative error)입니다.

# %%
def relative_error(a, b):
    return np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))

# %% [markdown]
# 맞는 그레이디언트와 틀린 그레이디언트는 상대 오차가 크게 다릅니다. 맞는 그레이디언트와 네 가지 실수에서, 가중치 열두 개의 상대 오차 가운데 가장 큰 것을 봅시다.

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
# 맞는 그레이디언트는 U자 곡선에서 읽은 만큼 벗어납니다. 틀린 것은 틀린 만큼 벗어납니다. 어떤 신경망에서나 크기가 절반이면 0.5, 부호가 틀리면 2.0입니다. `1e-6`이라는 허용 오차는 그 사이에 있습니다. 가장 좋은 걸음으로 얻은 열 자리 가운데 여섯 자리를 요구하는 것입니다. 그러면 이 예보다 더 많이 휘거나 더 큰 손실에서도 여유가 있습니다. 그리고 식을 잘못 썼을 때 벗어나는 양이 그보다 작은 일은 거의 없습니다. 허용 오차를 조금만 넘었다면, 식이 틀렸다기보다 걸음이 맞지 않을 때가 많습니다. 꺾인 점인지, float32인지, 손실이 기울기에 비해 지나치게 큰지 살펴보세요.
#
# 함정이 하나 있습니다. 미분값 자체가 아주 작으면, 반올림은 그에 비해 작지 않습니다. 가중합이 아주 커서 곡선이 거의 평평한 곳에 있는, 곧 **포화된**(saturated) 시그모이드 유닛을 봅시다.

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
# 역전파가 맞습니다. 그런데 손실의 변화가 마지막 자리에도 미치지 못하므로 걸음으로 구한 값은 0이고, 상대 오차는 그레이디언트가 아예 없을 때와 같습니다. 손실을 두 번 구하는 것으로는 이 미분값을 0과 구별할 수 없습니다. 그래서 패키지에서는 어떤 **하한**(floor)보다 작은 수로는 나누지 않습니다. 손실의 반올림 오차를 $h$로 나눈 값을 다시 이 하한으로 나누면 꼭 허용 오차가 되도록 정한 것입니다. 그 대신 이런 미분값은 사실상 검사되지 않습니다. 유닛을 포화시키는 데이터는 검사에 쓰지 마세요.

# %% [markdown]
# ## 꺾인 점 {#kinks}
#
# 지금까지의 이야기는 매끄러운 곡선에서 성립합니다. ReLU는 0에서 **꺾이고**(kink), 그곳에서 기울기가 0에서 1로 뜁니다. 걸음이 꺾인 점을 넘어가면 어림값에 두 기울기가 섞입니다.

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
# ![z를 가로축으로 한 선 세 개. relu_derivative는 0에서 1로 뜁니다. two_sided는 마이너스 1에서 1까지 0에서 1로 곧게 올라가고, one_sided는 마이너스 1에서 0까지 올라갑니다. 나머지 곳에서는 셋이 같습니다.](figure)
#
# /// figure-caption
# ReLU의 기울기와, 걸음을 1로 하여 구한 두 어림값입니다. 걸음이 꺾인 점을 넘어가면 어림값이 틀리고, 그 밖에서는 정확합니다.
# ///
#
# 두 경우가 있습니다. 꺾인 점의 **근처**에서는 걸음을 줄이면 됩니다. 그러면 꺾인 점을 넘어가지 않습니다. **꺾인 점**에서는 어떤 걸음도 소용이 없습니다. 그곳에서 양쪽으로 움직인 어림값은 걸음이 얼마든 이분의 일이고, 어느 쪽의 기울기도 아닙니다. 역전파의 값은 0이고, 이것은 이 강의에서 정한 것입니다. 왼쪽에는 왼쪽의 기울기가, 오른쪽에는 오른쪽의 기울기가 있고 둘 다 맞습니다. 그러므로 검사에서는 양쪽의 기울기를 따로 구해야 합니다.
#
# 가중합이 꼭 0이 되는 일은 언제 있을까요? 생각보다 잦습니다. 표본의 입력이 모두 0이고 편향도 아직 모두 0이면 그렇게 됩니다.

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
# 꺾인 점에 있는 것은 첫째 층의 편향과, 모두 0인 표본의 입력입니다. 그 가운데 하나를 움직이면 가중합이 0에서 벗어납니다. 패키지에서는 늘릴 때와 줄일 때의 기울기를 따로 어림합니다. 둘이 다르면 걸음을 줄입니다. 그래도 다르면 그 원소는 꺾인 점에 있는 것이고, 두 기울기 사이에 있는 그레이디언트는 모두 받아들입니다. 그러니 꺾인 점에 놓이지 않는 데이터로 검사하고, `at_kinks`를 보세요. 이 수가 클수록 검사된 것이 적습니다.

# %% [markdown]
# ## 순전파가 무작위일 때 {#random}
#
# **드롭아웃**(dropout) 층은 학습하는 동안 활성값 몇 개를 무작위로 0으로 만들고, 평균이 그대로이도록 나머지를 키웁니다. 패키지에 없으므로 직접 만듭니다. 층에는 `forward`와 `backward`가 있어야 하고, `parameters`에 학습할 것의 이름이 있어야 합니다. 여기에서는 학습할 것이 없습니다. ([다음 페이지](own-layer.py)에서 자세히 다룹니다.) 역전파는 맞습니다. 마지막 순전파에서 쓴 **마스크**(mask), 곧 활성값을 0으로 만든 자리가 0인 배열을 곱합니다.

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
# 어림값 하나를 구할 때 순전파를 두 번 하는데, 그때마다 다른 마스크를 뽑았으므로 두 손실은 서로 다른 두 신경망의 것입니다. 두 손실의 차이는 $h$와 아무 상관이 없고, $h$로 나누면 엄청나게 커집니다. 패키지는 이것을 알아챕니다. 비교를 시작하기 전에 같은 입력으로 순전파를 두 번 해 보기 때문입니다.
#
# 해결책은 무작위인 것을 고정하는 것입니다. 그러면 마스크가 정해진 보통의 신경망이 됩니다.

# %%
net.forward(x)  # draws a mask
dropout.held = True
check = bp.check_gradients(net, bp.squared_error, x, t)
print("passed:", check.passed, " elements compared:", check.checked)
dropout.held = False

# %% [markdown]
# 검사하는 동안 `forward`에서 매번 같은 시드(seed)로 난수 생성기를 새로 만드는 방법도 있습니다. 드롭아웃을 떼어 내고 검사해서는 안 됩니다. 그러면 드롭아웃의 역전파는 검사되지 않습니다.

# %% [markdown]
# ## 틀린 그레이디언트가 통과하는 방법 {#fooled}
#
# 크게 벗어나서 실패한 검사는 무언가를 찾아낸 것입니다. 두 수가 정말로 다르고, 원인은 잘못이거나 꺾인 점이거나 우연이거나 포화입니다. 통과했다는 것은 **이 데이터에서는** 두 수가 일치했다는 뜻일 뿐입니다. 틀린 역전파가 통과하는 네 가지 방법을 봅시다. 모두 실제로 일어나는 일입니다.
#
# **표본 하나.** 아래 코드의 층에서는 편향의 그레이디언트로 모든 표본의 오차를 더해야 하는데, 첫째 표본의 오차만 씁니다.

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
# 표본이 하나이면 첫째 표본이 전부이고, 합과 평균과 행 하나가 모두 같은 수입니다. 검사는 통과하지만, 이 데이터로는 그런 실수가 드러나지 않는다고 패키지가 덧붙입니다. 표본이 다섯이면 잡아냅니다.
#
# **0.** 0에는 무엇을 곱해도 0입니다. 아래 코드의 층에서는 가중치의 그레이디언트가 두 배로 나옵니다. 이전 층은 ReLU인데, 두 번의 검사 가운데 한 번은 그 층의 편향을 절댓값이 큰 음수로 하여 유닛을 모두 꺼 둡니다.

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
# 화살표로 들어오는 것이 없으므로 가중치의 그레이디언트는 0이고, 0의 두 배는 0입니다. 거꾸로 갈 때의 0도 마찬가지로 실수를 숨깁니다. 마지막 층의 가중치는 0에서 출발하기도 합니다. 그러면 그 가중치를 거쳐 돌아오는 것이 없어서, 이전 층들이 모두 틀려도 보이지 않습니다. 들어오거나 돌아오는 것이 **모두** 0이면 패키지가 알려 줍니다. 유닛 하나만 꺼져 있을 때는 알려 주지 않습니다. 그럴 때는 활성값을 직접 살펴보세요.
#
# **대칭행렬.** 모양만 보는 사람에게 [정사각행렬은 빠뜨린 전치를 숨깁니다](../zero/matrices.md#only-order). 대칭행렬(symmetric matrix)은 그레이디언트 검사에서도 숨깁니다.

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
# 단위행렬도 대칭행렬이고, 원소가 모두 같은 정사각행렬도 그렇습니다. 예를 들 때 쓰기 좋은 행렬들입니다. 무작위로 고른 수를 쓰고 입력과 유닛의 개수를 다르게 하면 이런 실수가 숨을 곳이 없습니다.
#
# **검사가 모르는 매개변수.** 검사에서는 이름을 알려 준 매개변수만 움직입니다. 아래 코드의 층에는 유닛마다 곱하는 수 `gamma`가 있고 이 수도 학습해야 하는데, 이름을 알려 주지 않았습니다. 그레이디언트도 구하지 않습니다.

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
# 아무 말 없이 통과합니다. 알려 주지 않은 것은 빠졌는지도 알 수 없습니다. 원소의 개수를 보면 알 수 있습니다. `gamma`의 원소 네 개만큼 모자랍니다. 그러니 원소가 몇 개여야 하는지 세어서 비교하세요.
#
# 표 하나로 정리합시다.
#
# | 실수를 숨기는 것 | 숨는 실수 | 대책 |
# |---|---|---|
# | 표본 하나 | 배치에 대한 합이나 평균을 빠뜨린 것 | 표본이 여럿인 배치 |
# | 가중치, 활성값, 오차의 0 | 0에 곱해지는 모든 것 | 무작위로 고른 수, 편향도 |
# | 대칭이거나 모두 같은 원소 | 빠뜨린 전치, 뒤바뀐 첨자 | 무작위로 고른 수, 모두 다른 크기 |
# | 이름을 알려 주지 않은 매개변수 | 그 그레이디언트 전체 | 원소의 개수 세기 |
# | 포화된 유닛, 꺾인 점 | 너무 작아 보이지 않거나 두 개인 기울기 | 크기가 적당한 입력 |
#
# 그리고 어떤 그레이디언트 검사로도 볼 수 없는 것이 하나 있습니다. 순전파가 원래 뜻한 것과 다른 것을 계산하는 실수입니다. 역전파는 **그** 순전파와 비교됩니다. 둘이 똑같이 틀린 함수의 것이면 서로 일치합니다.

# %% [markdown]
# ## 연습 문제 {#exercises}
#
# <!-- exercises -->

# %% [markdown]
# ## 다음 페이지 {#next}
#
# 그레이디언트를 검사하는 방법과, 그 결과를 어디까지 믿을 수 있는지 배웠습니다. [다음 페이지](own-layer.py)에서는 패키지가 모르는 매개변수를 가진 층을 직접 만들고, 다른 층과 똑같이 검사하고 학습시킵니다. 나중에 [고장 난 역전파 열두 가지](broken-backward.py)에서는 어떤 검사로 어떤 실수를 잡아낼 수 있는지 봅니다.
