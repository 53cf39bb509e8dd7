"""What the worker runs: a block of the reader's, in the namespace of its page."""

import ast
import json
import linecache
import os
import sys
import time
import traceback

import page  # the worker: write(text), cut(), show(svg)

os.environ["MPLBACKEND"] = "Agg"
namespaces: dict[str, dict] = {}
blocks: set[str] = set()  # the names under which readers' blocks were compiled


class Printed:
    """Stands in for stdout and stderr: what is printed goes to the page, a few times a second
    and up to a length, so that an endless loop that prints can't take the page down."""

    encoding = "utf-8"
    longest = 20_000  # characters of a block
    pause = 0.05  # seconds between two deliveries

    def begin(self):
        self.kept, self.sent, self.last = "", 0, 0.0

    def write(self, text):
        if self.sent <= self.longest:
            self.kept += text
            if len(self.kept) > self.longest or time.monotonic() - self.last > self.pause:
                self.flush()
        return len(text)

    def flush(self):
        if self.kept:
            room = self.longest - self.sent
            page.write(self.kept[:room])
            self.sent += len(self.kept)
            if self.sent > self.longest:
                page.cut()
            self.kept, self.last = "", time.monotonic()

    def isatty(self):
        return False


sys.stdout = sys.stderr = printed = Printed()


def draws(code):
    """Whether the code needs matplotlib: it or the package's plotting is imported."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return False
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return any(n.split(".")[0] == "matplotlib" or n.startswith("backprop.plotting") for n in names)


def run(code, of_page, name):
    """Run a block; print the value of a last expression as a notebook does; say how it went."""
    if of_page not in namespaces:  # another page, or the same one opened anew
        namespaces.clear()
        namespaces[of_page] = {"__name__": "__main__"}
    namespace = namespaces[of_page]
    blocks.add(name)
    printed.begin()
    linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
    try:
        tree = ast.parse(code, name)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr):
            last = ast.Expression(tree.body.pop().value)
        exec(compile(tree, name, "exec"), namespace)
        if last is not None:
            value = eval(compile(last, name, "eval"), namespace)
            if value is not None and not code.rstrip().endswith(";"):
                print(repr(value))
        show_figures()
    except BaseException as error:
        print(told(error), end="")
        return "out of memory" if isinstance(error, MemoryError) else "failed"
    finally:
        printed.flush()
    return "well"


def told(error):
    """The error, with the lines of the reader's own blocks that led to it."""
    if isinstance(error, SyntaxError) and error.filename in blocks:
        return "".join(traceback.format_exception_only(error))
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in blocks]
    head = ["Traceback (most recent call last):\n"] if frames else []
    return "".join(head + traceback.format_list(frames) + traceback.format_exception_only(error))


def show_figures():
    """Put every open picture under the block, and close it."""
    if "matplotlib.pyplot" not in sys.modules:
        return
    import io

    import matplotlib.pyplot as plt

    for number in plt.get_fignums():
        drawn = io.StringIO()
        plt.figure(number).savefig(drawn, format="svg", transparent=True, bbox_inches="tight")
        printed.flush()
        page.show(drawn.getvalue())
    plt.close("all")


def check(name, code, language):
    """Return the verdict on an answer, as JSON."""
    from backprop import exercises

    return json.dumps(vars(exercises.check(name, code, language)))
