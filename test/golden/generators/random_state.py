"""The draws of NumPy's legacy generator, so that one `randomState` means the same start in both languages."""

import numpy as np

from . import golden

about = (
    "numpy.random.RandomState(seed): `fresh` are draws each from a new generator, `sequence` draws one after the other "
    "from one generator. `p` are weights, to be divided by their sum."
)

seeds = [0, 1, 42, 2**32 - 1]

draws = [
    {"method": "randomSample", "size": 8},
    {"method": "uniform", "low": 0, "high": 1, "size": 4},
    {"method": "uniform", "low": -2.5, "high": 7, "size": 4},
    {"method": "choice", "n": 10, "p": [1] * 10},
    {"method": "choice", "n": 1000, "p": [1] * 1000},
    {"method": "choice", "n": 5, "p": [0, 1, 2, 0, 5]},
    {"method": "choice", "n": 1, "p": [1]},
    {"method": "choices", "n": 10, "size": 6, "p": [1] * 10},
    {"method": "choices", "n": 5, "size": 9, "p": [0, 1, 2, 0, 5]},
    {"method": "choiceWithoutReplacement", "n": 10, "size": 4, "p": [1] * 10},
    {"method": "choiceWithoutReplacement", "n": 6, "size": 6, "p": [1] * 6},
    {"method": "choiceWithoutReplacement", "n": 8, "size": 5, "p": [0, 1, 2, 100, 0, 3, 1, 7]},
    {"method": "choiceWithoutReplacement", "n": 300, "size": 20, "p": [1 + i % 7 for i in range(300)]},
    {"method": "randint", "low": 0, "high": 2**31 - 1, "size": 5},
    {"method": "randint", "low": 0, "high": 10, "size": 12},
    {"method": "randint", "low": 0, "high": 1000, "size": 8},
    {"method": "randint", "low": 5, "high": 6, "size": 3},
    {"method": "randint", "low": 0, "high": 2**31 + 1, "size": 4},
    {"method": "permutation", "n": 12},
    {"method": "permutation", "n": 1},
    {"method": "permutation", "n": 300},
]


def share(weights):
    weights = np.asarray(weights, dtype=np.float64)
    return weights / weights.sum()


def drawn(generator, draw):
    match draw["method"]:
        case "randomSample":
            return generator.random_sample(draw["size"])
        case "uniform":
            return generator.uniform(draw["low"], draw["high"], draw["size"])
        case "choice":
            return generator.choice(draw["n"], p=share(draw["p"]))
        case "choices":
            return generator.choice(draw["n"], size=draw["size"], p=share(draw["p"]))
        case "choiceWithoutReplacement":
            return generator.choice(draw["n"], size=draw["size"], replace=False, p=share(draw["p"]))
        case "randint":
            return generator.randint(draw["low"], draw["high"], size=draw["size"])
        case "permutation":
            return generator.permutation(draw["n"])


def write(name):
    cases = []
    for seed in seeds:
        one = np.random.RandomState(seed)
        cases.append(
            {
                "seed": seed,
                "fresh": [drawn(np.random.RandomState(seed), draw) for draw in draws],
                "sequence": [drawn(one, draw) for draw in draws],
            }
        )
    golden.write(name, about, cases, draws=draws)
