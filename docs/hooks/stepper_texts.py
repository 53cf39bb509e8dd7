"""What a stepper says of each step, in formulas and in words, and what stands on its buttons.

Formulas use the course's macros; tests/test_steppers.py evaluates them."""

import re

import backprop as bp

FUNCTIONS = {"sigmoid": r"\sigmoid", "tanh": r"\tanh", "relu": r"\operatorname{relu}"}

WORDS = {
    "en": {
        "back": "Back",
        "next": "Next",
        "play": "Play",
        "pause": "Pause",
        "reset": "Reset",
        "again": "Again",
        "walk": "Step through it",
        "step": "Step",
        "of": "{i} of {n}",
        "link": "Link to this state",
        "copied": "The link stands in the address bar and is copied.",
        "change": "Number to change",
        "value": "Its value",
        "sample": "Sample",
        "given": "This number is given. The slider changes it.",
        "old": "loss",
        "new": "new loss",
        "path": "One path leads here from the loss. Multiply along it:",
        "paths": "{n} paths lead here from the loss. Multiply along each, then add:",
        "more": "… and {n} more paths, together:",
        "sum": "Sum",
        "nudge": "Change of {name}",
        "nudged": "change of the weight",
        "predicted": "predicted change of the loss",
        "real": "real change of the loss",
        "off": "difference",
    },
    "ko": {
        "back": "이전",
        "next": "다음",
        "play": "재생",
        "pause": "일시정지",
        "reset": "초기화",
        "again": "한 번 더",
        "walk": "한 단계씩 보기",
        "step": "단계",
        "of": "{n}단계 가운데 {i}단계",
        "link": "이 상태로 가는 링크",
        "copied": "링크를 주소창에 넣고 클립보드에 복사했습니다.",
        "change": "바꿀 수",
        "value": "값",
        "sample": "표본",
        "given": "주어진 수입니다. 슬라이더로 바꿀 수 있습니다.",
        "old": "손실",
        "new": "새 손실",
        "path": "손실에서 여기까지 오는 경로는 하나입니다. 경로를 따라가며 곱합니다.",
        "paths": "손실에서 여기까지 오는 경로는 {n}개입니다. 경로마다 따라가며 곱한 다음 모두 더합니다.",
        "more": "… 나머지 경로 {n}개의 곱을 모두 더하면",
        "sum": "합",
        "nudge": "{name}의 변화",
        "nudged": "가중치의 변화",
        "predicted": "예측한 손실 변화",
        "real": "실제 손실 변화",
        "off": "차이",
    },
}

SAYINGS = {
    "en": {
        "z": "Layer {l} adds up what arrives: each input times the weight on its arrow, plus the bias.",
        "a": "Layer {l} sends each sum through its activation function, {function}.",
        "copy": "Layer {l} has no activation function: its sums are what it puts out.",
        "C": "The outputs are compared with the targets. That is the loss.",
        "dy": "Now backward. How fast does the loss change with each output?",
        "delta": "Back through the activation function of layer {l}: times its slope. This is the"
        " error δ of layer {l}.",
        "same": "Layer {l} has no activation function, so this is its error δ already.",
        "dW": "The gradient of a weight: what entered its arrow, times the error where the arrow"
        " ends.",
        "db": "The gradient of a bias: the error of its unit.",
        "da": "Back over the arrows into layer {next}. A unit gathers, from each arrow that leaves"
        " it, the error where the arrow ends times the weight.",
        "dx": "The same over the arrows into layer 1: how the loss changes with each input.",
        "update": "Each weight and bias moves against its gradient, η times as far.",
    },
    "ko": {
        "z": "층 {l}의 유닛마다 들어오는 값에 화살표의 가중치를 곱하여 모두 더하고, 편향을 더합니다.",
        "a": "층 {l}의 가중합을 하나씩 활성화 함수에 넣습니다. 여기서는 {function}입니다.",
        "copy": "층 {l}에는 활성화 함수가 없습니다. 가중합이 그대로 나옵니다.",
        "C": "출력을 목표값과 비교하면 손실이 나옵니다.",
        "dy": "이제 거꾸로 갑니다. 출력이 변하면 손실은 얼마나 빠르게 변할까요?",
        "delta": "층 {l}의 활성화 함수를 거꾸로 지나며 그 기울기를 곱합니다. 그 결과가 층 {l}의 오차 δ입니다.",
        "same": "층 {l}에는 활성화 함수가 없으므로 이것이 바로 층 {l}의 오차 δ입니다.",
        "dW": "가중치의 그레이디언트는 화살표로 들어간 값에 그 화살표가 닿는 유닛의 오차를 곱한 것입니다.",
        "db": "편향의 그레이디언트는 그 유닛의 오차입니다.",
        "da": "층 {next}에 닿는 화살표를 거꾸로 지납니다. 유닛마다, 나가는 화살표의 가중치에 그 화살표가"
        " 닿는 유닛의 오차를 곱하여 모두 더합니다.",
        "dx": "층 1에 닿는 화살표에서도 똑같이 합니다. 입력이 변할 때 손실이 얼마나 변하는지 알 수 있습니다.",
        "update": "가중치와 편향을 저마다 그레이디언트의 반대쪽으로, 그레이디언트의 η배만큼 움직입니다.",
    },
}

FUNCTION_NAMES = {
    "en": {"sigmoid": "the sigmoid", "tanh": "tanh", "relu": "ReLU", "identity": "the identity"},
    "ko": {"sigmoid": "시그모이드", "tanh": "tanh", "relu": "ReLU", "identity": "항등 함수"},
}


def kind_and_layer(name: str) -> tuple[str, str]:
    """What a name stands for, and its layer: "dW", "1" for dW1; "C", "" for C."""
    kind = name.rstrip("0123456789")
    return kind, name.removeprefix(kind)


def through(step: bp.tracing.Step) -> str | None:
    """The activation function whose slope is a factor of a step."""
    found = re.search(r"(\w+)_derivative", step.expression)
    return found and found[1]


def saying(step: bp.tracing.Step, layers: int, language: str) -> str:
    """What a step does, in a sentence or two."""
    kind, number = kind_and_layer(step.name)
    l = int(number) if number else layers
    function = re.match(r"(\w+)\(", step.expression)
    if kind in {"a", "y"}:
        kind = "a" if function else "copy"
    elif kind == "delta" and not through(step):
        kind = "same" if step.expression == "dy" else "da"
    name = FUNCTION_NAMES[language].get(function[1] if function else "", "")
    return SAYINGS[language][kind].format(l=l, next=l + 1, function=name)


def symbol(name: str, last: str, batch: bool) -> str:
    """A name of `backprop.trace` in LaTeX; last is the output's, by the number of its layer."""
    loss = r"\Loss" if batch else r"\Lossx"
    kind, l = kind_and_layer(name)
    if kind == "y":
        return symbol(last, last, batch)
    if kind == "delta":
        return rf"\err{{{l}}}"
    if kind in {"x", "t"}:
        return {"x": r"\X", "t": r"\Tgt"}[kind] if batch else rf"\{kind}"
    if kind in {"dy", "dW", "db", "da", "dx"}:
        return rf"\grad{{{loss}}}{{{symbol(name[1:], last, batch)}}}"
    return rf"\{kind.upper() if batch and kind in 'za' else kind}{{{l}}}"


def formula(step: bp.tracing.Step, last: str, n: int) -> str:
    """How a step computes its result, for all units at once."""
    batch = n > 1

    def of(name: str) -> str:
        return symbol(name, last, batch)

    names = [operand.name for operand in step.operands]
    softmax = "softmax" in step.expression
    if step.name == "C":
        if softmax:
            return rf"\Loss = -\frac{{1}}{{n}} \sum_i \log p_i, \quad p = \operatorname{{softmax}}({of('y')})"
        square = rf"\left\| {of('y')} - {of('t')} \right\|^2"
        return (
            rf"\Loss = \frac{{1}}{{2 n}} {square}"
            if batch
            else rf"\Lossx = \frac{{1}}{{2}} {square}"
        )
    left = f"{of(step.name)} = "
    if step.name == "dy":
        if softmax:
            return rf"{left}\frac{{1}}{{n}} (\operatorname{{softmax}}({of('y')}) - \text{{one-hot}}(\t))"
        difference = f"{of('y')} - {of('t')}"
        return rf"{left}\frac{{1}}{{n}} ({difference})" if batch else left + difference
    if step.phase == "forward":
        if step.name.startswith("z"):
            return f"{left}{of(names[0])} {of(names[1])} + {of(names[2])}"
        function = FUNCTIONS.get(step.expression.partition("(")[0])
        return f"{left}{function}({of(names[0])})" if function else left + of(names[0])
    if slope := through(step):
        factor = rf" \had {FUNCTIONS[slope]}'({of(names[2])})" if slope in FUNCTIONS else ""
        return left + of(names[0]) + factor
    if step.name.startswith("dW"):
        return rf"{left}({of(names[0])})^\T {of(names[1])}"
    if step.name.startswith("db"):
        return left + (rf"\sum_i {of(names[0])}_i" if batch else of(names[0]))
    return left + of(names[0]) + (rf" ({of(names[1])})^\T" if len(names) > 1 else "")


def update_formula(batch: bool) -> str:
    """The last step: gradient descent, in every layer l."""
    loss = r"\Loss" if batch else r"\Lossx"
    rows = [rf"{p} &\leftarrow {p} - \lr \grad{{{loss}}}{{{p}}}" for p in (r"\W{l}", r"\b{l}")]
    return r"\begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}"
