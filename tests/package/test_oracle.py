"""Values and gradients of 1,000 random networks, held against PyTorch's automatic derivatives.

`python tests/package/test_oracle.py` prints the worst differences; the tests print theirs under -s.

How far apart two right answers may lie is not guessed but computed, for each number of each
network: see `Rounded`.
"""

import sys
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import records

import backprop as bp

MISSING = "PyTorch is not installed: pip install -e '.[oracle]'"
try:
    import torch
except ModuleNotFoundError:
    if __name__ == "__main__":
        sys.exit(MISSING)
    pytest.skip(MISSING, allow_module_level=True)

torch.set_num_threads(1)  # more gain nothing here, and wait for each other on a busy machine

CHUNKS, CHUNK = 10, 100
SEEDS = range(CHUNKS * CHUNK)
LEAK = 0.125  # of every leaky ReLU here: as float32 the same number
ACTIVATIONS = {
    "sigmoid": bp.Sigmoid,
    "tanh": bp.Tanh,
    "relu": bp.ReLU,
    "leaky_relu": lambda: bp.LeakyReLU(LEAK),
    "identity": bp.Identity,
}
LOSSES = {"squared": bp.squared_error, "cross-entropy": bp.softmax_cross_entropy}
DTYPES = {"float64": np.float64, "float32": np.float32}


# ---------------------------------------------------------------- random networks


@dataclass
class Case:
    """A network in numbers: what to build, in the package and in PyTorch."""

    layers: list  # the name of an activation, or a pair (W, b)
    x: np.ndarray
    t: np.ndarray
    loss: str


def random_case(seed, dtype):
    """Return the network of a seed; in float32 its numbers are those of float64, rounded."""
    rng = np.random.default_rng(seed)
    depth = int(rng.integers(1, 5))
    sizes = [int(size) for size in rng.integers(1, 13, depth + 1)]
    n = int(rng.integers(1, 10))
    # Most networks are ordinary; the rest have saturated units, large inputs, or both.
    x_size = rng.choice([1, 1, 1, 1, 30, 1e4])
    W_size = rng.choice([1, 1, 1, 8])
    b_size = rng.choice([0, 0.5, 0.5, 20])

    def activations(*chances):
        count = rng.choice(len(chances), p=chances)
        return [str(name) for name in rng.choice(list(ACTIVATIONS), count)]

    layers = activations(0.9, 0.1)
    for l in range(1, depth + 1):
        n_in, n_out = sizes[l - 1], sizes[l]
        W = rng.normal(0, W_size / n_in**0.5, (n_in, n_out)).astype(dtype)
        b = rng.normal(0, b_size, n_out).astype(dtype)
        layers.append((W, b))
        layers += activations(0.5, 0.4, 0.1) if l == depth else activations(0.1, 0.6, 0.2, 0.1)
    x = rng.normal(0, x_size, (n, sizes[0])).astype(dtype)
    loss = str(rng.choice(list(LOSSES)))
    if loss == "squared":
        return Case(layers, x, rng.normal(0, 1, (n, sizes[-1])).astype(dtype), loss)
    return Case(layers, x, rng.integers(0, sizes[-1], n), loss)


# ---------------------------------------------------------------- the three computations


def ours(case):
    """Return every value and gradient by name, as the package computes them."""
    layers = [
        ACTIVATIONS[layer]() if isinstance(layer, str) else bp.Dense(*layer)
        for layer in case.layers
    ]
    net, loss = bp.Network(layers), LOSSES[case.loss]
    y = net.forward(case.x)
    dy = loss.gradient(y, case.t)
    results = {"y": y, "C": loss(y, case.t), "dy": dy, "x": net.backward(dy)}
    for i, layer in enumerate(layers):
        if isinstance(layer, bp.Dense):
            results |= {f"layers[{i}].W": layer.dW, f"layers[{i}].b": layer.db}
    return results


# PyTorch differentiates its sigmoid to a (1 − a) and its tanh to 1 − a², of which no digit is
# right where a rounds to 1. So each is used where 1 − a is no small difference, and its mirror
# image where it would be: σ(z) = 1 − σ(−z), tanh(z) = 1 − 2σ(−2z).
def torch_sigmoid(z):
    return torch.where(z < 0, torch.sigmoid(z), 1 - torch.sigmoid(-z))


def torch_tanh(z):
    far = torch.where(z < 0, 2 * torch.sigmoid(2 * z) - 1, 1 - 2 * torch.sigmoid(-2 * z))
    return torch.where(z.abs() < 1, torch.tanh(z), far)


TORCH_ACTIVATIONS = {
    "sigmoid": torch_sigmoid,
    "tanh": torch_tanh,
    "relu": torch.relu,
    "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z, LEAK),
    "identity": lambda z: z,
}


def torchs(case):
    """Return the same by the same names from PyTorch: float64, derivatives by autograd."""

    def tensor(array):
        return torch.tensor(array, dtype=torch.float64, requires_grad=True)

    sources = {"x": tensor(case.x)}
    y = sources["x"]
    for i, layer in enumerate(case.layers):
        if isinstance(layer, str):
            y = TORCH_ACTIVATIONS[layer](y)
        else:
            W, b = map(tensor, layer)
            sources |= {f"layers[{i}].W": W, f"layers[{i}].b": b}
            y = y @ W + b
    t = torch.tensor(case.t)
    if case.loss == "squared":
        C = 0.5 * ((y - t) ** 2).sum(dim=1).mean()
    else:
        C = torch.nn.functional.cross_entropy(y, t)
    dy, *gradients = torch.autograd.grad(C, [y, *sources.values()])
    results = {
        "y": y.detach(),
        "C": C.detach(),
        "dy": dy,
        **dict(zip(sources, gradients, strict=True)),
    }
    return {name: value.numpy() for name, value in results.items()}


class Rounded:
    """How far rounding may carry each result from its exact value: the bound of these tests.

    The network is gone through in midpoint-radius arithmetic: each number is a pair (m, r),
    and stands for everything from m − r to m + r. Two things widen the radius.

    1. An operation rounds. A sum of k products is off by at most k eps times the sum of the
       products' absolute values, in whatever order a BLAS adds them (Higham, *Accuracy and
       Stability of Numerical Algorithms*, 3.1); an elementwise product or quotient by eps
       times its absolute value; an activation or its derivative by 32 eps times its value
       (NumPy promises exp and tanh to 4 units in the last place; the formulas are some eight
       operations without cancellation, the longest squared). What underflows is off by as
       much as the smallest normal number.
    2. An operation hands on the radius of its operands. For products exactly:
       |ab − a′b′| ≤ |a| r_b + r_a (|b| + r_b). For an activation by its slope, which grows
       within a radius r by a factor of at most exp(k r), as |f″| ≤ k f′ with k = 1 for σ and
       2 for tanh. Where a ReLU's z is within r of 0, its slope may be 0 or 1: radius 1
       (that of a leaky ReLU, less by its leak).

    So the bound grows with eps, sizes and depth, but only as far as the numbers of this
    network make it grow: cancellation, saturation and large inputs are paid for where they
    happen. It needs nothing of the package, and holds for any right implementation.
    """

    def __init__(self, dtype):
        self.eps, self.tiny = float(np.finfo(dtype).eps), float(np.finfo(dtype).tiny)

    def rounded(self, m, r, size, operations):
        """Widen a radius by the rounding of operations on numbers of this size, if not 0."""
        return m, r + operations * np.where(size > 0, self.eps * size + self.tiny, 0)

    def product(self, a, b, times=np.multiply, operations=1):
        (am, ar), (bm, br) = a, b
        reach = np.abs(bm) + br
        r = times(np.abs(am), br) + times(ar, reach)
        return self.rounded(times(am, bm), r, times(np.abs(am) + ar, reach), operations)

    def matrix_product(self, a, b):
        return self.product(a, b, np.matmul, operations=a[0].shape[1])

    def dense(self, a, W, b):
        m, r = self.matrix_product(a, W)
        return self.rounded(m + b, r, np.abs(m + b) + r, 1)

    def activation(self, name, z):
        """Return the pairs of f(z) and of f′(z)."""
        m, r = z
        if name == "identity":
            return z, (np.ones_like(m), np.zeros_like(m))
        if name == "relu":
            at_kink = 1.0 * ((np.abs(m) <= r) & (r > 0))
            return (np.maximum(m, 0), np.where(m < -r, 0, r)), (1.0 * (m > 0), at_kink)
        if name == "leaky_relu":
            slope = np.where(m > 0, 1, LEAK)
            slope_r = np.where((np.abs(m) <= r) & (r > 0), 1 - LEAK, 0)
            a, a_r = slope * m, np.where(m < -r, LEAK * r, r)
            return self.rounded(a, a_r, np.abs(a) + a_r, 1), (slope, slope_r)
        k = {"sigmoid": 1, "tanh": 2}[name]
        e = np.exp(-np.abs(k * m))
        a = np.tanh(m) if name == "tanh" else np.exp(np.minimum(m, 0)) / (1 + e)
        slope = k * k * e / (1 + e) ** 2
        growth = slope * np.expm1(np.minimum(k * r, 700))
        a_r, slope_r = np.minimum(growth / k, k), np.minimum(growth, 1)  # no further than they go
        return (
            self.rounded(a, a_r, np.abs(a) + a_r, 32),
            self.rounded(slope, slope_r, slope + slope_r, 32),
        )

    def squared(self, y, t):
        m, r = y[0] - t, y[1]
        C = 0.5 * (m**2).sum(axis=1).mean()
        C_r = (np.abs(m) * r + 0.5 * r**2).sum(axis=1).mean()
        # The package adds losses up in float64, whatever the dtype: few roundings, all small.
        C_r += (m.size + 4) * np.finfo(np.float64).eps * (C + C_r)
        return (C, C_r), self.rounded(m / len(m), r / len(m), (np.abs(m) + r) / len(m), 2)

    def cross_entropy(self, y, t):
        m, r = y
        n, classes = m.shape
        below = m - m.max(axis=1, keepdims=True)
        p = np.exp(below) / np.exp(below).sum(axis=1, keepdims=True)
        # By how much the exponent of each exp, and so the logarithm of its value, is off…
        exponent = r + r.max(axis=1, keepdims=True) + self.eps * (np.abs(below) + 4)
        # … and by what share their sum: if by less than half, then its logarithm by twice that.
        share = (p * np.expm1(np.minimum(exponent, 700))).sum(axis=1, keepdims=True)
        total = np.where(share < 0.5, 2 * (share + classes * self.eps), np.inf)
        p_r = np.minimum(p * np.expm1(np.minimum(exponent + total, 700)) + self.tiny, 1)
        p_r = np.where(np.isinf(total), 1, p_r)

        rows = np.arange(n)
        C = (np.log(np.exp(below).sum(axis=1)) - below[rows, t]).mean()
        at_most = np.minimum(total[:, 0], 2 * r.max(axis=1) + np.log(classes))
        C_r = (2 * r.max(axis=1) + at_most + 4 * self.eps * np.log(classes)).mean()
        C_r += (n + 4) * np.finfo(np.float64).eps * (C + C_r)
        p[rows, t] -= 1
        return (C, C_r), self.rounded(p / n, p_r / n, (np.abs(p) + p_r) / n, 2)

    def radii(self, case):
        """Return the radius of every value and gradient, by the names of `ours`."""

        def exact(array):
            array = np.asarray(array, np.float64)
            return array, np.zeros_like(array)

        a, inputs, slopes = exact(case.x), [], []
        for layer in case.layers:
            inputs.append(a)
            if isinstance(layer, str):
                a, slope = self.activation(layer, a)
            else:
                W, b = layer
                a, slope = self.dense(a, exact(W), b), None
            slopes.append(slope)
        loss = self.squared if case.loss == "squared" else self.cross_entropy
        C, gradient = loss(a, case.t)
        radii = {"y": a[1], "C": C[1], "dy": gradient[1]}
        for i in reversed(range(len(case.layers))):
            if slopes[i] is not None:
                gradient = self.product(gradient, slopes[i])
                continue
            ones = exact(np.ones((1, len(case.x))))
            W, _ = case.layers[i]
            radii[f"layers[{i}].W"] = self.matrix_product([v.T for v in inputs[i]], gradient)[1]
            radii[f"layers[{i}].b"] = self.matrix_product(ones, gradient)[1][0]
            gradient = self.matrix_product(gradient, exact(W.T))
        return {**radii, "x": gradient[1]}


# ---------------------------------------------------------------- comparing


@dataclass
class Comparison:
    """One array of one network: how far it is off, and how far it may be."""

    seed: int
    name: str
    relative: float  # largest difference ÷ largest element
    used: float  # largest difference ÷ what is allowed there: at most 1
    allowed: float  # what is allowed ÷ largest element: how much the bound says


@cache
def compare(seed, dtype):
    """Return a comparison for each array of the network of a seed."""
    case = random_case(seed, dtype)
    return compare_results(seed, dtype, case, ours(case))


def compare_results(seed, dtype, case, found):
    expected, radii = torchs(case), Rounded(dtype).radii(case)
    assert found.keys() == expected.keys() == radii.keys()
    comparisons = []
    for name, b in expected.items():
        a, allowed = np.asarray(found[name]), np.asarray(radii[name])
        assert a.shape == b.shape == allowed.shape, name
        assert name == "C" or a.dtype == dtype, name
        largest = np.abs(b).max()
        if dtype == np.float64:
            # 1e-10 of the largest element. The floor: two right answers in float64 need not
            # agree better than both are rounded. That is more than 1e-10 where a p − 1 is all
            # that is left of a p near 1, or where gradients underflow.
            allowed = np.full(b.shape, max(1e-10 * largest, 2 * allowed.max()))
        difference = np.abs(a - b)
        used = np.divide(difference, allowed, out=np.zeros_like(b), where=difference > 0)
        scale = largest if largest > 0 else 1.0
        numbers = (difference.max() / scale, used.max(), allowed.max() / scale)
        comparisons.append(Comparison(seed, name, *map(float, numbers)))
    return comparisons


def by_kind(comparisons):
    """Return the comparisons of all y, all C, all W and so on."""
    kinds = {}
    for found in comparisons:
        kinds.setdefault(found.name.split(".")[-1], []).append(found)
    return kinds


def report(comparisons):
    """Return lines with the worst of each kind of array."""
    yield "          arrays  largest relative difference  largest share of what is allowed"
    for kind, found in by_kind(comparisons).items():
        relative = max(found, key=lambda one: one.relative)
        used = max(found, key=lambda one: one.used)
        yield (
            f"{'d' * (kind in 'Wbx')}{kind:9}{len(found):5}"
            f"  {relative.relative:.1e} (seed {relative.seed:3})"
            f"          {used.used:.1e} (seed {used.seed:3})"
        )


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("dtype", DTYPES)
def test_values_and_gradients_are_those_of_pytorch(dtype, chunk):
    seeds = range(chunk * CHUNK, (chunk + 1) * CHUNK)
    comparisons = [found for seed in seeds for found in compare(seed, DTYPES[dtype])]
    assert not [found for found in comparisons if not found.used <= 1]
    print(dtype, *report(comparisons), sep="\n")


def test_counted_for_the_page_on_checks(pytestconfig):
    arrays = sum(len(compare(seed, dtype)) for seed in SEEDS for dtype in DTYPES.values())
    counted = {"networks": len(SEEDS), "arrays": arrays}
    records.hold("oracle", counted, pytestconfig.getoption("--write-outputs"))


# ---------------------------------------------------------------- are these tests any good?


def test_the_networks_are_of_every_kind():
    seen = Counter[object]()
    for case in (random_case(seed, np.float64) for seed in SEEDS):
        names = [layer if isinstance(layer, str) else "dense" for layer in case.layers]
        kinds = {*names, *pairwise(names), f"starts with {names[0]}"}
        kinds |= {(names[-1], case.loss), f"{names.count('dense')} dense layers"}
        kinds |= {f"batch of {len(case.x)}", f"{case.t.max() + 1:.0f} classes"}
        kinds |= {n for layer in case.layers if not isinstance(layer, str) for n in layer[0].shape}
        seen.update(kinds)
    activations = [*ACTIVATIONS, "dense"]
    expected = {(first, second) for first in activations for second in activations}
    expected |= {(last, loss) for last in activations for loss in LOSSES}
    expected |= {f"starts with {name}" for name in activations}
    expected |= {f"{count} dense layers" for count in range(1, 5)}
    expected |= {f"batch of {n}" for n in range(1, 10)} | set(range(1, 13))
    assert len(SEEDS) >= 1000
    assert not [kind for kind in expected if seen[kind] < 10]


def test_saturated_units_and_large_inputs_are_among_them():
    largest = [np.abs(random_case(seed, np.float64).x).max() for seed in SEEDS]
    assert np.mean(np.array(largest) > 1e4) > 0.05
    outputs = [ours(random_case(seed, np.float64))["y"] for seed in SEEDS]
    assert np.mean([((y > 0.9999) & (y <= 1)).any() for y in outputs]) > 0.05


@pytest.mark.parametrize("name", ["sigmoid", "tanh"])
def test_the_formulas_used_here_are_pytorchs_own_where_those_keep_their_digits(name):
    z = torch.linspace(-3, 3, 601, dtype=torch.float64, requires_grad=True)
    values = [function(z) for function in (TORCH_ACTIVATIONS[name], getattr(torch, name))]
    slopes = [torch.autograd.grad(a.sum(), z)[0] for a in values]
    torch.testing.assert_close(values[0], values[1], rtol=1e-13, atol=0)
    torch.testing.assert_close(slopes[0], slopes[1], rtol=1e-13, atol=0)


def test_the_bound_for_float32_says_something():
    shares = [found.allowed for seed in SEEDS for found in compare(seed, np.float32)]
    assert np.median(shares) < 1e-4
    assert np.quantile(shares, 0.9) < 1e-2


def test_the_bound_for_float32_notices_weights_rounded_to_float16():
    noticed = []
    for seed in SEEDS[:200]:
        case, rough = (random_case(seed, np.float32) for _ in range(2))
        for i, layer in enumerate(rough.layers):
            if not isinstance(layer, str):
                W, b = layer
                rough.layers[i] = (W.astype(np.float16).astype(np.float32), b)
        comparisons = compare_results(seed, np.float32, case, ours(rough))
        noticed.append(any(found.used > 1 for found in comparisons))
    assert np.mean(noticed) > 0.95


def test_the_layer_in_pytorchs_letters_on_the_page_of_notation_is_pytorchs():
    import course  # not needed where this file runs as a program

    page = course.ENGLISH / "reference" / "notation.md"
    blocks = course.blocks(page.read_text(encoding="utf-8"))
    given: dict = {"np": np}
    course.run_python(next(b.text for b in blocks if "def show(" in b.text), given, page.name)
    X, T, W, b = (torch.tensor(given[name]) for name in "XTWb")
    layer = torch.nn.Linear(*W.shape, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(W.T)  # (to, from)
        layer.bias.copy_(b)
    z = layer(X)
    a = torch.sigmoid(z)
    (((a - T) ** 2).sum() / (2 * len(X))).backward()
    four = [z[-1, 2], a[-1, 2], layer.weight[2, 1], layer.weight.grad[2, 1]]
    shown = next(after for code, after in pairwise(blocks) if "def pytorch(" in code.text)
    assert shown.text.split() == [f"{number.item():.6f}" for number in four]


def main():
    for dtype in DTYPES:
        comparisons = [found for seed in SEEDS for found in compare(seed, DTYPES[dtype])]
        print(f"\n{dtype}: {len(SEEDS)} networks, {len(comparisons)} arrays")
        print(*report(comparisons), sep="\n")
        if dtype == "float64":
            floor = [found for found in comparisons if found.allowed > 1.000001e-10]
            worst = max(found.relative for found in comparisons if found not in floor)
            print(f"largest relative difference without need of the floor: {worst:.1e}")
            print(f"arrays for which the floor is above 1e-10: {len(floor)}")
        else:
            for what in ("relative", "allowed"):
                numbers = [getattr(found, what) for found in comparisons]
                print(f"{what}: median, 75 %, 90 %:", *np.quantile(numbers, [0.5, 0.75, 0.9]))


if __name__ == "__main__":
    main()
