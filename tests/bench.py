"""What is timed: one training step, on the CPU, in float32.

It goes forward (dense layers, ReLU between them), takes softmax cross-entropy and its gradient,
goes backward to every weight, every bias and the input, and updates by plain gradient descent.
All begin with the same weights and batch; before timing, loss and gradients are compared.

- ours: net.forward, the loss and its gradient, net.backward, SGD.step
- plain NumPy: the same step by the functions of `backprop.rules` alone, without layers and checks
- PyTorch: eager, as it is usually written: modules, loss.backward(), torch.optim.SGD
- PyTorch, bare: eager, without modules: functions, torch.autograd.grad, and the update by hand
- JAX: all of it one jitted function, waited for
- products: only the step's matrix products in NumPy, three for each dense layer
- backward ÷ forward: net.backward and net.forward of ours, each alone

They take turns, A, B, C, …, A, B, C, …, so that what slows the machine slows them all. Before a
turn come a pause, in which the threads of the one before fall asleep, and steps that are not
timed, in which those of the next wake up. Milliseconds are of one step: the mean of the best turn,
and in brackets of the median turn. Ratios: of the best turns, of the median turns in brackets.

Step by step: the same ratio where ours and one other take turns after every single step, of the
median steps. There, the threads of one are still awake and waiting while the other works; whose
threads wait less patiently slows the other more. It is no fairer, but others measure so.
"""

import os
import time
from collections.abc import Callable
from itertools import chain, pairwise
from pathlib import Path
from statistics import median


def physical_cores() -> int:
    """Return how many cores there are; the hardware threads of one core count once."""
    siblings = Path("/sys/devices/system/cpu").glob("cpu[0-9]*/topology/thread_siblings_list")
    return len({path.read_text() for path in siblings}) or os.cpu_count() or 1


THREADS = os.environ.get("THREADS") or str(physical_cores())
OPENMP, BLAS, XLA = ["OMP_NUM_THREADS", "MKL_NUM_THREADS"], ["OPENBLAS_NUM_THREADS"], ["NPROC"]
os.environ |= dict.fromkeys(OPENMP + BLAS + XLA, THREADS)  # read when the libraries load

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402

import backprop as bp  # noqa: E402
from backprop import rules  # noqa: E402

torch.set_num_threads(int(THREADS))
jax.config.update("jax_platforms", "cpu")

SIZES = [  # units of each layer, batch
    ((2, 16, 2), 32),
    ((784, 30, 10), 10),
    ((784, 128, 64, 10), 32),
    ((784, 128, 64, 10), 128),
    ((784, 512, 512, 10), 256),
    ((1024, 1024, 1024, 1024), 512),
]
LR = 1e-4  # small: after thousands of steps the numbers are still ordinary ones
TURNS, STEPS = 25, 101
TURN, WARM_UP, PAUSE = 0.1, 0.02, 0.05  # seconds
TOLERANCE = 1e-5  # of an array's largest number: sums of up to 1024 terms, each rounded by 6e-8
PYTORCH = ["PyTorch", "PyTorch, bare"]
LIMIT = 1.6  # our step ÷ its matrix products, at the largest size
CHECKED = [1.35, 1.25, 1.1, 1.1, 1.05, 1.05]  # our step ÷ the plain one: what checks may cost

# Each contender is a function that makes one step and returns loss, dx, [(dW1, db1), …].


def ours(parameters, x, labels):
    dense = [bp.Dense(W, b) for W, b in parameters]
    net = bp.Network([layer for d in dense for layer in (d, bp.ReLU())][:-1])
    sgd = bp.SGD(net, lr=LR)

    def step():
        y = net.forward(x)
        loss = bp.softmax_cross_entropy(y, labels)
        dx = net.backward(bp.softmax_cross_entropy.gradient(y, labels))
        sgd.step()
        return loss, dx, [(d.dW, d.db) for d in dense]

    dy = bp.softmax_cross_entropy.gradient(net.forward(x), labels)
    return step, lambda: net.forward(x), lambda: net.backward(dy)


def plain(parameters, x, labels):
    parameters = [(W.copy(), b.copy()) for W, b in parameters]

    def step():
        a, A, Z = x, [], []
        for W, b in parameters:
            A.append(a)
            Z.append(rules.dense_forward(a, W, b))
            a = rules.relu(Z[-1]) if len(Z) < len(parameters) else Z[-1]
        loss = rules.softmax_cross_entropy(a, labels)
        delta = rules.softmax_cross_entropy_gradient(a, labels)
        gradients = []
        for l in reversed(range(len(parameters))):
            da, dW, db = rules.dense_backward(delta, A[l], parameters[l][0])
            gradients.insert(0, (dW, db))
            if l > 0:
                delta = da * rules.relu_derivative(Z[l - 1])
        for (W, b), (dW, db) in zip(parameters, gradients, strict=True):
            W -= LR * dW
            b -= LR * db
        return loss, da, gradients

    return step


def pytorch(parameters, x, labels):
    x, labels = torch.tensor(x).requires_grad_(), torch.tensor(labels)
    linear = [torch.nn.Linear(*W.shape) for W, _ in parameters]
    with torch.no_grad():
        for layer, (W, b) in zip(linear, parameters, strict=True):
            layer.weight.copy_(torch.tensor(W.T))  # PyTorch's weights are the transposed ones
            layer.bias.copy_(torch.tensor(b))
    net = torch.nn.Sequential(*[m for layer in linear for m in (layer, torch.nn.ReLU())][:-1])
    cross_entropy = torch.nn.CrossEntropyLoss()
    sgd = torch.optim.SGD(net.parameters(), lr=LR)

    def step():
        sgd.zero_grad()
        x.grad = None
        loss = cross_entropy(net(x), labels)
        loss.backward()
        sgd.step()
        return loss.detach(), x.grad, [(d.weight.grad.T, d.bias.grad) for d in linear]

    return step


def pytorch_bare(parameters, x, labels):
    x, labels = torch.tensor(x).requires_grad_(), torch.tensor(labels)
    parameters = [torch.tensor(p).requires_grad_() for p in chain(*parameters)]
    layers = list(zip(parameters[::2], parameters[1::2], strict=True))

    def step():
        a = x
        for W, b in layers[:-1]:
            a = torch.relu(torch.addmm(b, a, W))
        W, b = layers[-1]
        loss = torch.nn.functional.cross_entropy(torch.addmm(b, a, W), labels)
        dx, *gradients = torch.autograd.grad(loss, [x, *parameters])
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.sub_(gradient, alpha=LR)
        return loss.detach(), dx, zip(gradients[::2], gradients[1::2], strict=True)

    return step


def jax_loss(parameters, x, labels):
    for W, b in parameters[:-1]:
        x = jax.nn.relu(x @ W + b)
    W, b = parameters[-1]
    log_p = jax.nn.log_softmax(x @ W + b)
    return -jnp.take_along_axis(log_p, labels[:, None], axis=1).mean()


@jax.jit
def jax_step(parameters, x, labels):
    with_gradients = jax.value_and_grad(jax_loss, argnums=(0, 1))
    loss, (gradients, dx) = with_gradients(parameters, x, labels)
    updated = jax.tree.map(lambda p, g: p - LR * g, parameters, gradients)
    return updated, (loss, dx, gradients)


def jax_jit(parameters, x, labels):
    parameters, x, labels = jax.tree.map(jnp.array, (parameters, x, labels))

    def step():
        nonlocal parameters
        parameters, found = jax.block_until_ready(jax_step(parameters, x, labels))
        return found

    return step


def flat(loss, dx, gradients) -> list[np.ndarray]:
    return [np.asarray(array) for array in (loss, dx, *chain(*gradients))]


def milliseconds(call: Callable[[], object], seconds: float) -> float:
    """Call again and again for so long; return the milliseconds of one call."""
    count, start = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds:
        call()
        count += 1
    return 1000 * elapsed / count


def step_by_step(mine: Callable[[], object], theirs: Callable[[], object]) -> float:
    """Return theirs ÷ ours, of the median steps, where the two take turns after every step."""
    times: dict[Callable[[], object], list[float]] = {mine: [], theirs: []}
    for _ in range(STEPS):
        for call, taken in times.items():
            start = time.perf_counter()
            call()
            taken.append(time.perf_counter() - start)
    return median(times[theirs]) / median(times[mine])


def measure(sizes: tuple[int, ...], batch: int) -> tuple[dict[str, list[float]], list[float]]:
    """Return the milliseconds of each turn of each contender, and the ratios step by step."""
    rng = np.random.default_rng(0)
    a = [rng.normal(size=(batch, n)).astype(np.float32) for n in sizes]
    dense = [
        bp.Dense.random(n_in, n_out, rng=rng, scheme="he", dtype=np.float32)
        for n_in, n_out in pairwise(sizes)
    ]
    parameters = [(layer.W, layer.b) for layer in dense]
    data = (parameters, a[0], rng.integers(0, sizes[-1], batch))

    def products():
        for x, (W, _), delta in zip(a, parameters, a[1:], strict=False):
            x @ W, x.T @ delta, delta @ W.T

    step, forward, backward = ours(*data)
    contenders = {
        "ours": step,
        "plain NumPy": plain(*data),
        "PyTorch": pytorch(*data),
        "PyTorch, bare": pytorch_bare(*data),
        "JAX": jax_jit(*data),
    }
    mine, *others = (flat(*contender()) for contender in contenders.values())
    for theirs in others:
        for one, other in zip(mine, theirs, strict=True):
            np.testing.assert_allclose(one, other, rtol=0, atol=TOLERANCE * np.abs(other).max())

    by_step = [step_by_step(step, contenders[name]) for name in PYTORCH]

    contenders |= {"products": products, "forward": forward, "backward": backward}
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(TURNS):
        for name, call in contenders.items():
            time.sleep(PAUSE)
            milliseconds(call, WARM_UP)
            times[name].append(milliseconds(call, TURN))
    return times, by_step


COLUMNS = ["ours", "plain NumPy", *PYTORCH, "JAX", "products"]
RATIOS = [("ours", "plain NumPy"), *((name, "ours") for name in (*PYTORCH, "JAX"))]
RATIOS += [("ours", "products"), ("backward", "forward")]


def main() -> None:
    print(f"{__doc__}\nThreads for each: {THREADS}. {TURNS} turns of {TURN} s.\n")
    headings = ["network", "batch", *(f"{name} (ms)" for name in COLUMNS)]
    headings += [f"{a} ÷ {b}" for a, b in RATIOS]
    headings += [f"{name} ÷ ours, step by step" for name in PYTORCH]
    print(f"| {' | '.join(headings)} |\n|---|{'---:|' * (len(headings) - 1)}")
    slower: dict[str, list[str]] = {name: [] for name in PYTORCH}
    last, cost = 0.0, []
    for sizes, batch in SIZES:
        times, by_step = measure(sizes, batch)
        best = {name: min(turns) for name, turns in times.items()}
        middle = {name: median(turns) for name, turns in times.items()}
        cells = ["-".join(map(str, sizes)), str(batch)]
        cells += [f"{best[c]:#.3g} ({middle[c]:#.3g})" for c in COLUMNS]
        cells += [f"{best[a] / best[b]:.2f} ({middle[a] / middle[b]:.2f})" for a, b in RATIOS]
        cells += [f"{ratio:.2f}" for ratio in by_step]
        print(f"| {' | '.join(cells)} |", flush=True)
        for name in PYTORCH:
            if best[name] < best["ours"]:
                slower[name].append(" batch ".join(cells[:2]))
        last = best["ours"] / best["products"]
        cost.append(best["ours"] / best["plain NumPy"])
    print()
    for name, where in slower.items():
        fast = f"no, slower at {', '.join(where)}" if where else "yes"
        print(f"At least as fast as {name} at all {len(SIZES)} sizes: {fast}.")
    within = [found <= limit for found, limit in zip(cost, CHECKED, strict=True)]
    print(f"At most {CHECKED} times the plain step: {'yes' if all(within) else f'no, {within}'}.")
    close = "yes" if last <= LIMIT else "no"
    print(f"At the largest, within {LIMIT} times its matrix products: {close}, {last:.2f}.")


if __name__ == "__main__":
    main()
