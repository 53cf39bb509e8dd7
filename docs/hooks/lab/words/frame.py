"""What stands around the panels of the laboratory, and the titles of its networks."""

WORDS = {
    "en": {
        "tabs": "What to do with the network",
        "bring": "Bring it",
        "walk": "Walk it",
        "derive": "Derive it",
        "take": "Take it along",
        "sheet": "Worksheets",
        "picture": "The network: inputs, weights, biases and targets.",
        "link": "Link to this network",
        "copied": "Copied, and in the address bar",
        "inAddress": "Now in the address bar",
        "unreadable": "The link could not be read: {why} Shown instead: {title}.",
        "kept": "This is the network you had here last.",
    },
    "ko": {
        "tabs": "이 신경망으로 할 일",
        "bring": "가져오기",
        "walk": "따라가기",
        "derive": "유도하기",
        "take": "가져가기",
        "sheet": "연습지",
        "picture": "입력, 가중치, 편향, 목표값이 적힌 신경망.",
        "link": "이 신경망으로 가는 링크",
        "copied": "복사하고 주소창에도 넣었습니다",
        "inAddress": "주소창에 넣었습니다",
        "unreadable": "링크를 읽을 수 없습니다. {why} 대신 다음 신경망을 보여 줍니다: {title}.",
        "kept": "지난번에 여기서 보던 신경망입니다.",
    },
}

PRESETS = {
    "en": {
        "network_221": "2-2-1 sigmoid (One path)",
        "network_222": "2-2-2 sigmoid (Every element)",
        "network_2322": "2-3-2-2 sigmoid (The error)",
        "network_relu": "Two ReLU layers, two samples (The walk back)",
        "xor": "XOR: four samples, one hidden layer",
        "dead_unit": "ReLU with a dead unit",
        "classes": "3-4-2 tanh, softmax cross-entropy",
        "widely_copied": "The widely copied 2-2-2 example",
    },
    "ko": {
        "network_221": "2-2-1 시그모이드 (경로 하나)",
        "network_222": "2-2-2 시그모이드 (모든 미분값을 손으로 구하기)",
        "network_2322": "2-3-2-2 시그모이드 (오차)",
        "network_relu": "ReLU 은닉층 둘, 표본 둘 (거꾸로 걷기)",
        "xor": "XOR: 표본 넷, 은닉층 하나",
        "dead_unit": "죽은 유닛이 있는 ReLU",
        "classes": "3-4-2 tanh, 소프트맥스 교차 엔트로피",
        "widely_copied": "널리 퍼진 2-2-2 예제",
    },
}
