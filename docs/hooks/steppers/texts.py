"""What a stepper says of each step, in English and Korean, and what stands on its buttons."""

import re

from hooks.steppers.formulas import kind_and_layer, through

import backprop as bp

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
        "copied": "Copied, and in the address bar",
        "inAddress": "Now in the address bar",
        "picture": "The network with its numbers. Arrow keys go from number to number.",
        "moves": "Steps",
        "text": "Back to the text",
        "change": "Change",
        "value": "Its value",
        "sample": "Sample",
        "given": "This number is given. The slider changes it.",
        "old": "loss",
        "new": "new loss",
        "far": "too large to be computed: the learning rate is too large.",
        "path": "One path leads here from the loss. Multiply along it:",
        "paths": "{n} paths lead here from the loss. Multiply along each, then add:",
        "more": "… and {n} more paths, together:",
        "sum": "Sum",
        "nudge": "Change of {name}",
        "nudged": "change of the weight",
        "predicted": "predicted change of the loss",
        "real": "real change of the loss",
        "bars": "predicted|real",
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
        "copied": "복사하고 주소창에도 넣었습니다",
        "inAddress": "주소창에 넣었습니다",
        "picture": "수가 적힌 신경망. 화살표 키로 수에서 수로 옮겨 갑니다.",
        "moves": "단계",
        "text": "본문으로",
        "change": "바꿀 값",
        "value": "값",
        "sample": "표본",
        "given": "주어진 수입니다. 슬라이더로 바꿀 수 있습니다.",
        "old": "손실",
        "new": "새 손실",
        "far": "너무 커서 계산할 수 없습니다. 학습률이 너무 큽니다.",
        "path": "손실에서 여기까지 오는 경로는 하나입니다. 경로를 따라가며 곱합니다.",
        "paths": "손실에서 여기까지 오는 경로는 {n}개입니다. 경로마다 따라가며 곱한 다음 모두 더합니다.",
        "more": "… 나머지 경로 {n}개의 곱을 모두 더하면",
        "sum": "합",
        "nudge": "{name}의 변화",
        "nudged": "가중치의 변화",
        "predicted": "예측한 손실 변화",
        "real": "실제 손실 변화",
        "bars": "예측|실제",
        "off": "차이",
    },
}

SAYINGS = {
    "en": {
        "z": "Layer {l} adds up what arrives: each input times the weight on its arrow, plus the bias.",
        "z_weights": "Layer {l} adds up what arrives: each input times the weight on its arrow. It has"
        " no biases.",
        "a": "Layer {l} sends each sum through its activation function, {function}.",
        "copy": "Layer {l} has no activation function: its sums are what it puts out.",
        "C": "How far is the answer from the target? One number says it: the loss.",
        "dy": "Now backward. How fast does the loss change with the output? (d in front of a name means:"
        " the derivative of the loss with respect to it.)",
        "delta": "Back through the activation function of layer {l}: what came back is multiplied by"
        " its slope. The results are the errors δ of the layer's units.",
        "same": "Layer {l} has no activation function, so these are the errors δ of its units already.",
        "dW": "The derivative with respect to a weight: what came in along its arrow, times the error of"
        " the unit that the arrow leads to.",
        "db": "The derivative with respect to a bias: the error of its unit.",
        "da": "Back along the arrows into layer {next}, to the activations of layer {l}. A unit adds up,"
        " for each arrow that leaves it, the error of the unit it leads to, times the weight.",
        "dx": "The same along the arrows into layer 1: the derivative with respect to each input.",
        "update": "From each weight and each bias, η times its own derivative is subtracted: a step against the slope. η, the learning rate, is {lr} here.",
        "update_weights": "From each weight, η times its own derivative is subtracted: a step against"
        " the slope. η, the learning rate, is {lr} here.",
    },
    "ko": {
        "z": "층 {l}의 유닛마다 들어오는 값에 화살표의 가중치를 곱하여 모두 더하고, 편향을 더합니다.",
        "z_weights": "층 {l}의 유닛마다 들어오는 값에 화살표의 가중치를 곱하여 모두 더합니다. 이 층에는"
        " 편향이 없습니다.",
        "a": "층 {l}의 가중합을 하나씩 활성화 함수에 넣습니다. 여기서는 {function}입니다.",
        "copy": "층 {l}에는 활성화 함수가 없습니다. 가중합이 그대로 나옵니다.",
        "C": "출력은 목표값에서 얼마나 떨어져 있을까요? 손실이 수 하나로 말해 줍니다.",
        "dy": "이제 손실에서 거슬러 갑니다. 출력이 변하면 손실은 그 몇 배만큼 변할까요? (이름 앞의 d는 그 수로 손실을 미분한 값이라는 뜻입니다.)",
        "delta": "층 {l}의 활성화 함수를 거꾸로 지나며 그 기울기를 곱합니다. 그 결과가 층 {l}에 있는 유닛들의 오차 δ입니다.",
        "same": "층 {l}에는 활성화 함수가 없으므로 이것이 바로 층 {l}에 있는 유닛들의 오차 δ입니다.",
        "dW": "들어온 값에 그 값이 향하는 유닛의 오차를 곱합니다. 그 결과가 손실을 가중치로 미분한 값입니다.",
        "db": "손실을 편향으로 미분한 값은 그 유닛의 오차와 같습니다.",
        "da": "층 {next}에 들어오는 화살표를 거꾸로 지나 층 {l}의 활성값에 이릅니다. 유닛마다, 나가는"
        " 화살표의 가중치에 그 화살표가 향하는 유닛의 오차를 곱하여 모두 더합니다.",
        "dx": "층 1에 들어오는 화살표에서도 똑같이 합니다. 그 결과가 손실을 입력으로 미분한 값입니다.",
        "update": "가중치와 편향마다 자기 미분값의 η배를 뺍니다. 기울기를 거슬러 한 걸음 내려가는 것입니다."
        " η는 학습률이고, 여기서는 {lr}입니다.",
        "update_weights": "가중치마다 자기 미분값의 η배를 뺍니다. 기울기를 거슬러 한 걸음 내려가는 것입니다."
        " η는 학습률이고, 여기서는 {lr}입니다.",
    },
}

# Of a demon that adds to the sum of a unit.
WORDS_OF_THE_DEMON = {
    "en": {
        "demon": "The demon sits at",
        "unit": "unit {j} of layer {l}",
        "adds": "Δz: what the demon adds to the sum",
        "error": "error δ of the unit",
        "product": "predicted change δ\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}Δz",
        "ratio": "real ÷ predicted",
        "curve": "The loss E over Δz, added at {unit}: a curve, and its tangent, whose slope is δ",
        "reached": "The network with its sums and activations. The demon sits at {unit}. What changes"
        " because of it is drawn in strong lines.",
    },
    "ko": {
        "demon": "도깨비가 있는 곳",
        "unit": "층 {l}의 유닛 {j}",
        "adds": "Δz: 도깨비가 가중합에 더하는 값",
        "error": "유닛의 오차 δ",
        "product": "예측한 변화 δ\N{NO-BREAK SPACE}·\N{NO-BREAK SPACE}Δz",
        "ratio": "실제 ÷ 예측",
        "curve": "{unit}에 더한 Δz에 따른 손실 E. 곡선과 그 접선이 있고, 접선의 기울기는 δ입니다",
        "reached": "가중합과 활성값이 적힌 신경망. 도깨비는 {unit}에 있습니다. 그 때문에 달라지는 것이"
        " 굵게 그려져 있습니다.",
    },
}

# Of a network that is one unit with one input: it has no layers.
WORDS_OF_THE_UNIT = {
    "en": {"picture": "The unit with its numbers. Arrow keys go from number to number."},
    "ko": {"picture": "수가 적힌 유닛. 화살표 키로 수에서 수로 옮겨 갑니다."},
}
SAYINGS_OF_THE_UNIT = {
    "en": {
        "z": "The unit multiplies its input x by the weight w and adds the bias b. The sum is z.",
        "z_weights": "The unit multiplies its input x by the weight w. It has no bias, so this is its"
        " sum z.",
        "a": "The sum goes through the activation function, {function}. What comes out is the unit's"
        " output a.",
        "copy": "The unit has no activation function: the sum is its output a.",
        "C": "How far is the output a from the target t? One number says it: the loss E.",
        "dy": "Now backward. How fast does the loss change with the output? (d in front of a name means:"
        " the derivative of the loss with respect to it. So this is da.)",
        "delta": "Back through the activation function: what came back is multiplied by its slope."
        " The result is how fast the loss changes with the sum z: the error δ of the unit.",
        "same": "There is no activation function, so this is the error δ of the unit already.",
        "dW": "What came in, times the error of the unit: that is the derivative of the loss with"
        " respect to the weight.",
        "db": "The bias is added as it is, so its slope is 1: the derivative with respect to the bias"
        " is the error of the unit.",
        "dx": "The input is multiplied by the weight, so the weight is its slope: the error of the"
        " unit times the weight is the derivative with respect to the input.",
        "update": "From the weight and from the bias we subtract η times its own derivative: a step"
        " against the slope. η, the learning rate, is {lr} here.",
        "update_weights": "From the weight we subtract η times its derivative: a step against the"
        " slope. η, the learning rate, is {lr} here.",
    },
    "ko": {
        "z": "유닛은 입력 x에 가중치 w를 곱하고 편향 b를 더합니다. 이 값이 유닛의 가중합 z입니다.",
        "z_weights": "유닛은 입력 x에 가중치 w를 곱합니다. 편향이 없으므로 이 값이 유닛의 가중합 z입니다.",
        "a": "가중합을 활성화 함수에 넣습니다. 여기서는 {function}입니다. 그 결과가 유닛의 활성값 a, 곧 출력입니다.",
        "copy": "유닛에 활성화 함수가 없습니다. 가중합이 그대로 출력 a가 됩니다.",
        "C": "출력 a는 목표값 t에서 얼마나 떨어져 있을까요? 손실 E가 수 하나로 알려 줍니다.",
        "dy": "이제 손실에서 거슬러 갑니다. 출력이 변하면 손실은 그 몇 배만큼 변할까요? (이름 앞의 d는 그 수로"
        " 손실을 미분한 값이라는 뜻입니다. 그래서 이 값의 이름은 da입니다.)",
        "delta": "활성화 함수를 거꾸로 지나며 그 기울기를 곱합니다. 그 결과는 손실을 가중합 z로 미분한"
        " 값이고, 유닛의 오차 δ라고 합니다.",
        "same": "활성화 함수가 없으므로 이 값이 바로 유닛의 오차 δ입니다.",
        "dW": "들어온 값에 유닛의 오차를 곱합니다. 그 결과가 손실을 가중치로 미분한 값입니다.",
        "db": "편향은 그대로 더해지므로 그 기울기는 1입니다. 그래서 손실을 편향으로 미분한 값은 유닛의"
        " 오차와 같습니다.",
        "dx": "입력에는 가중치가 곱해지므로 가중치가 곧 기울기입니다. 유닛의 오차에 가중치를 곱하면"
        " 손실을 입력으로 미분한 값이 됩니다.",
        "update": "가중치와 편향에서 각각 자기 미분값의 η배를 뺍니다. 기울기를 거슬러 한 걸음 내려가는"
        " 것입니다. η는 학습률이고, 여기서는 {lr}입니다.",
        "update_weights": "가중치에서 그 미분값의 η배를 뺍니다. 기울기를 거슬러 한 걸음 내려가는"
        " 것입니다. η는 학습률이고, 여기서는 {lr}입니다.",
    },
}

FUNCTION_NAMES = {
    "en": {
        "sigmoid": "the sigmoid",
        "tanh": "tanh",
        "relu": "ReLU",
        "leaky_relu": "leaky ReLU",
        "identity": "the identity",
    },
    "ko": {
        "sigmoid": "시그모이드",
        "tanh": "tanh",
        "relu": "ReLU",
        "leaky_relu": "leaky ReLU",
        "identity": "항등 함수",
    },
}


def saying(step: bp.tracing.Step, layers: int, language: str, plain: bool = False) -> str:
    """What a step does, in a sentence or two; plain where the network is one unit."""
    kind, number = kind_and_layer(step.name)
    l = int(number) if number else layers
    function = re.match(r"(\w+)\(", step.expression)
    if kind == "z" and not step.operands[2:]:
        kind = "z_weights"
    if kind in {"a", "y"}:
        kind = "a" if function else "copy"
    elif kind == "delta" and not through(step):
        kind = "same" if step.expression == "dy" else "da"
    name = FUNCTION_NAMES[language].get(function[1] if function else "", "")
    said = SAYINGS_OF_THE_UNIT if plain else SAYINGS
    return said[language][kind].format(l=l, next=l + 1, function=name)
