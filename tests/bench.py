"""Time a training step beside PyTorch, JAX and the bare matrix products: `make bench`.

Not a test: times depend on the machine and on what else it does. `THREADS=1 make bench` chooses
the number of threads; without it, one for each core.

The contenders take turns, A, B, C, D, A, B, C, D, …, so that whatever slows the machine slows
them all. Before each turn comes a pause, in which the threads of the one before fall asleep, and
a few steps that are not timed, in which those of the next wake up.
"""

import os
import sys
import time
from collections.abc import Callable
from itertools import chain, pairwise
from pathlib import Path
from statistics import median


def physical_cores() -> int:
    """Return how many cores this process may use; two hardware threads of a core count once."""
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    cpus = os.sched_getaffinity(0)
    topology = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
    siblings = [Path(topology.format(cpu)) for cpu in cpus]
    known = all(path.exists() for path in siblings)
    return len({path.read_text() for path in siblings}) if known else len(cpus)


# Read when the libraries load: by PyTorch, by NumPy's OpenBLAS or Accelerate, by JAX's XLA.
THREADS = os.environ.get("THREADS") or str(physical_cores())
os.environ |= dict.fromkeys(["OMP_NUM_THREADS", "MKL_NUM_THREADS"], THREADS)
os.environ |= dict.fromkeys(["OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"], THREADS)
os.environ |= {"NPROC": THREADS, "JAX_PLATFORMS": "cpu"}

import numpy as np  # noqa: E402

import backprop as bp  # noqa: E402

try:
    import jax
    import jax.numpy as jnp
    import torch
except ModuleNotFoundError as error:
    sys.exit(f"{error.name} is not installed: run make bench, or pip install -e '.[bench]'")

torch.set_num_threads(int(THREADS))

SIZES = [  # units of each layer, batch
    ((2, 16, 2), 32),
    ((784, 30, 10), 10),
    ((784, 128, 64, 10), 32),
    ((784, 128, 64, 10), 128),
    ((784, 512, 512, 10), 256),
    ((1024, 1024, 1024, 1024), 512),
]
LR = 1e-4  # small: after thousands of steps the numbers are still ordinary ones
TURNS = 25
TURN, WARM_UP, PAUSE = 0.1, 0.02, 0.05  # seconds
TOLERANCE = 1e-5  # of an array's largest number: sums of up to 1024 terms, each rounded by 6e-8
LIMIT = 1.6  # our step ÷ its matrix products, at the largest size

WHAT = f"""\
Timed, on the CPU in float32, threads for each contender: {THREADS}. One training step goes forward
(dense layers, ReLU between them), takes softmax cross-entropy and its gradient, goes backward to
every weight, every bias and the input, and updates by plain gradient descent. Same weights, same
batch; before timing, loss and gradients of all three are compared.

- ours: net.forward, the loss and its gradient, net.backward, SGD.step
- PyTorch: eager, torch.autograd.grad, then the update in place under no_grad
- JAX: all of it one jitted function, waited for
- products: only the step's matrix products in NumPy, three for each dense layer
- backward ÷ forward: net.backward and net.forward of ours, each alone

Milliseconds of a step: the best of {TURNS} turns, and the median turn in brackets. A turn is the
mean of the steps that fit into {TURN:g} s. Ratios: of the best turns, of the medians in brackets.
"""

# Each contender returns a function that makes one step and returns loss, dx, [(dW1, db1), …].


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

    return step


def pytorch(parameters, x, labels):
    x, labels = torch.tensor(x).requires_grad_(), torch.tensor(labels)
    parameters = [torch.tensor(p).requires_grad_() for pair in parameters for p in pair]
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
        return loss.detach(), dx, list(zip(gradients[::2], gradients[1::2], strict=True))

    return step


def jax_loss(parameters, x, labels):
    for W, b in parameters[:-1]:
        x = jax.nn.relu(x @ W + b)
    W, b = parameters[-1]
    log_p = jax.nn.log_softmax(x @ W + b)
    return -jnp.take_along_axis(log_p, labels[:, None], axis=1).mean()


@jax.jit
def jax_step(parameters, x, labels):
    loss, found = jax.value_and_grad(jax_loss, argnums=(0, 1))(parameters, x, labels)
    gradients, dx = found
    updated = jax.tree.map(lambda p, g: p - LR * g, parameters, gradients)
    return updated, (loss, dx, gradients)


def jax_jit(parameters, x, labels):
    parameters, x, labels = jax.tree.map(jnp.array, (parameters, x, labels))

    def step():
        nonlocal parameters
        parameters, found = jax.block_until_ready(jax_step(parameters, x, labels))
        return found

    return step


def compare_gradients(mine, theirs, name: str) -> None:
    """Stop unless another contender found the same loss and gradients."""
    for i, (a, b) in enumerate(zip(flat(mine), flat(theirs), strict=True)):
        error = np.abs(a - b).max() / np.abs(b).max()
        if a.shape != b.shape or not error <= TOLERANCE:
            sys.exit(f"{name} has other gradients: number {i} of loss, dx, dW1, …, by {error:.1e}")


def flat(found) -> list[np.ndarray]:
    loss, dx, gradients = found
    return [np.asarray(array) for array in (loss, dx, *chain(*gradients))]


def milliseconds(call: Callable[[], object], seconds: float) -> float:
    """Call again and again for so long; return the milliseconds of one call."""
    count, start = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds:
        call()
        count += 1
    return 1000 * elapsed / count


def measure(sizes: tuple[int, ...], batch: int) -> dict[str, list[float]]:
    """Return the milliseconds of each turn of each contender."""
    rng = np.random.default_rng(0)
    a = [rng.normal(size=(batch, n)).astype(np.float32) for n in sizes]
    labels = rng.integers(0, sizes[-1], batch)
    he = {"rng": rng, "scheme": "he", "dtype": np.float32}
    dense = [bp.Dense.random(*pair, **he) for pair in pairwise(sizes)]
    data = ([(layer.W, layer.b) for layer in dense], a[0], labels)

    net = bp.Network([layer for d in dense for layer in (d, bp.ReLU())][:-1])
    dy = bp.softmax_cross_entropy.gradient(net.forward(a[0]), labels)

    def products():
        for x, layer, delta in zip(a, dense, a[1:], strict=False):
            x @ layer.W, x.T @ delta, delta @ layer.W.T

    contenders = {
        "ours": ours(*data),
        "PyTorch": pytorch(*data),
        "JAX": jax_jit(*data),
        "products": products,
        "forward": lambda: net.forward(a[0]),
        "backward": lambda: net.backward(dy),
    }
    mine = contenders["ours"]()
    for name in ("PyTorch", "JAX"):
        compare_gradients(mine, contenders[name](), name)

    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(TURNS):
        for name, call in contenders.items():
            time.sleep(PAUSE)
            milliseconds(call, WARM_UP)
            times[name].append(milliseconds(call, TURN))
    return times


COLUMNS = ["ours", "PyTorch", "JAX", "products"]
RATIOS = [("PyTorch", "ours"), ("JAX", "ours"), ("ours", "products"), ("backward", "forward")]


def main() -> None:
    print(WHAT)
    headings = ["network", "batch", *COLUMNS, *(f"{a} ÷ {b}" for a, b in RATIOS)]
    print(f"| {' | '.join(headings)} |\n|---|{'---:|' * (len(headings) - 1)}")
    slower, last = [], 0.0
    for sizes, batch in SIZES:
        times = measure(sizes, batch)
        best = {name: min(turns) for name, turns in times.items()}
        middle = {name: median(turns) for name, turns in times.items()}
        cells = ["-".join(map(str, sizes)), str(batch)]
        cells += [f"{best[c]:#.3g} ({middle[c]:#.3g})" for c in COLUMNS]
        cells += [f"{best[a] / best[b]:.2f} ({middle[a] / middle[b]:.2f})" for a, b in RATIOS]
        print(f"| {' | '.join(cells)} |", flush=True)
        if best["PyTorch"] < best["ours"]:
            slower.append(" batch ".join(cells[:2]))
        last = best["ours"] / best["products"]
    fast = f"no, slower at {', '.join(slower)}" if slower else "yes"
    print(f"\nAt least as fast as PyTorch at all {len(SIZES)} sizes: {fast}.")
    close = "yes" if last <= LIMIT else "no"
    print(f"At the largest, within {LIMIT} times its nine matrix products: {close}, {last:.2f}.")


if __name__ == "__main__":
    main()
