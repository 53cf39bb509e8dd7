"""What the panel says from which readers take their network along, in English and Korean."""

WORDS = {
    "en": {
        "program": "As a program",
        "numpy": "NumPy",
        "package": "the course's package",
        "pytorch": "PyTorch",
        "about_numpy": "Every step in plain NumPy. It prints exactly the numbers of this page, to eight"
        " digits.",
        "about_package": "The same with the package of this course. The home page tells how to"
        " install it. It prints exactly the numbers of this page, to eight digits.",
        "about_pytorch": "The same in PyTorch, which finds the gradients by itself. It prints the"
        " numbers of this page, to eight digits. For units deep in saturation it loses some of these"
        " digits.",
        "copy": "Copy",
        "copied": "Copied",
        "marked": "Selected: copy it with the keyboard",
        "save": "Save as a .py file",
        "prints": "What it prints",
        "figure": "As a picture",
        "sample": "Sample",
        "picture": "Save as an SVG file",
        "title": "The network with its sums, activations, errors and gradients; below it the"
        " weights and biases of each layer with their gradients",
    },
    "ko": {
        "program": "프로그램으로",
        "numpy": "NumPy",
        "package": "이 강의의 패키지",
        "pytorch": "PyTorch",
        "about_numpy": "모든 단계를 NumPy만으로 계산합니다. 이 페이지의 수를 유효숫자 여덟 자리까지"
        " 그대로 출력합니다.",
        "about_package": "같은 계산을 이 강의의 패키지로 합니다. 설치하는 방법은 첫 페이지에"
        " 있습니다. 이 페이지의 수를 유효숫자 여덟 자리까지 그대로 출력합니다.",
        "about_pytorch": "같은 계산을 PyTorch로 합니다. 그레이디언트는 PyTorch가 자동으로"
        " 구합니다. 이 페이지의 수를 유효숫자 여덟 자리까지 출력합니다. 심하게 포화된 유닛에서는"
        " 그 가운데 몇 자리가 정확하지 않을 수 있습니다.",
        "copy": "복사",
        "copied": "복사했습니다",
        "marked": "선택했습니다. 키보드로 복사하세요",
        "save": ".py 파일로 저장",
        "prints": "출력되는 내용",
        "figure": "그림으로",
        "sample": "표본",
        "picture": "SVG 파일로 저장",
        "title": "가중합, 활성값, 오차, 그레이디언트가 적힌 신경망. 그 아래에 층마다 가중치와"
        " 편향, 그 그레이디언트가 있습니다",
    },
}
