"""What is said about an answer, whatever the exercise: by key, then by language.

Words that only one exercise needs stand in its file. Values in braces are put in.
"""

__all__ = ["WORDS"]

WORDS = {
    "right": {"en": "Right.", "ko": "맞습니다."},
    "todo": {
        "en": "`{name}` is still `...`: your answer goes there.",
        "ko": "`{name}` 자리가 아직 `...`입니다. 그 자리에 답을 넣으세요.",
    },
    "dots": {
        "en": "There are still dots in `{name}`: your numbers go there.",
        "ko": "`{name}` 안에 아직 `...`가 남아 있습니다. 그 자리에 수를 넣으세요.",
    },
    "missing": {
        "en": "There is no `{name}`: the answer is looked for under that name.",
        "ko": "답에 `{name}` 이름이 보이지 않습니다. 답은 그 이름에서 찾습니다.",
    },
    "no function": {
        "en": "`{name}` is to be a function, so that it can be tried on other numbers.",
        "ko": "`{name}` 자리에는 함수를 넣으세요. 그래야 다른 수로도 시험해 볼 수 있습니다.",
    },
    "can't be called": {
        "en": "`{name}` can't take what it is given, the arguments of the starter: `{error}`",
        "ko": "처음에 주어진 인자로 `{name}` 함수를 호출할 수 없습니다. `{error}`",
    },
    "returns nothing": {
        "en": "`{name}` returns nothing: is there a `return`?",
        "ko": "`{name}` 함수가 아무것도 반환하지 않습니다. `return`이 있나요?",
    },
    "no number": {
        "en": "`{name}` is to be a number or an array of numbers; here it is of type `{kind}`.",
        "ko": "`{name}`의 값은 수이거나 수의 배열이어야 하는데, 지금은 `{kind}` 형입니다.",
    },
    "no names": {
        "en": '`{name}` is to be a set of names, each in quotes, as in `{"a", "b"}`.',
        "ko": '`{name}`에는 이름을 하나씩 따옴표로 묶어 `{"a", "b"}`처럼 집합으로 넣으세요.',
    },
    "unknown name": {
        "en": "`{found}` in `{name}` is not among the names to choose from: {among}.",
        "ko": "`{name}`에 고를 수 없는 이름이 있습니다: `{found}`. "
        "다음 가운데에서 고르세요: {among}.",
    },
    "raised": {
        "en": "Line {line} of the answer fails: `{error}`",
        "ko": "답의 {line}번째 줄에서 오류가 났습니다. `{error}`",
    },
    "one number only": {
        "en": "Line {line} of the answer decides for a whole array at once. "
        "For one number that works; to decide entry by entry, use `np.where`.",
        "ko": "답의 {line}번째 줄은 배열 전체를 한꺼번에 판단합니다. 수 하나라면 괜찮지만, "
        "배열에서는 `np.where`로 원소마다 골라야 합니다.",
    },
    "not finite": {
        "en": "`{name}` holds NaN or infinity.",
        "ko": "`{name}`에 NaN이나 무한대가 들어 있습니다.",
    },
    "shape": {
        "en": "`{name}` has shape `{found}`; it needs `{right}`.",
        "ko": "`{name}`의 모양이 `{found}`입니다. 필요한 모양은 `{right}`입니다.",
    },
    "one number": {
        "en": "`{name}` is to be one number; here it is an array of shape `{found}`.",
        "ko": "`{name}`의 값은 수 하나여야 하는데, 지금은 모양이 `{found}`인 배열입니다.",
    },
    "right but for the shape": {
        "en": "The numbers of `{name}` are right, but its shape is `{found}` instead of `{right}`.",
        "ko": "`{name}`의 수는 모두 맞지만 모양이 `{found}`입니다. 필요한 모양은 `{right}`입니다.",
    },
    "transposed": {
        "en": "`{name}` has the right values, transposed: rows and columns are swapped.",
        "ko": "`{name}`의 값은 맞지만 전치되어 있습니다. 행과 열이 서로 바뀌었습니다.",
    },
    "sign": {
        "en": "`{name}` has the right size but the wrong sign.",
        "ko": "`{name}`의 크기는 맞지만 부호가 반대입니다.",
    },
    "factor": {
        "en": "`{name}` is {factor} times what it should be: a factor too many, or one too few.",
        "ko": "`{name}`의 값이 맞는 값의 {factor}배입니다. 인수가 하나 더 있거나 하나 빠졌습니다.",
    },
    "value": {
        "en": "`{name}` is {found}, and that is not it yet.",
        "ko": "`{name}`의 값이 {found}인데, 아직 맞지 않습니다.",
    },
    "rounded": {
        "en": "`{name}` is rounded too early: {found} is right as far as it goes, "
        "but {decimals} decimals are asked for.",
        "ko": "`{name}`의 값이 {found}인데, 거기까지는 맞지만 너무 일찍 반올림했습니다. "
        "소수점 아래 {decimals}자리까지 구하세요.",
    },
    "some": {
        "en": "Right numbers in `{name}`: {right} of {all}. "
        "The first wrong one, {found}, is at index `{where}`.",
        "ko": "`{name}`의 수 {all}개 가운데 {right}개가 맞습니다. "
        "처음으로 틀린 수는 인덱스 `{where}`에 있는 {found}입니다.",
    },
    "none": {
        "en": "`{name}` has the right shape, but none of its numbers is right yet.",
        "ko": "`{name}`의 모양은 맞지만, 맞는 수가 아직 하나도 없습니다.",
    },
}
