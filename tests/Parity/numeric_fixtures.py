"""Slopes of functions that are hard on difference quotients, at random points of every scale, by mpmath.
tests/Adjoint.Symbolic.Tests/NumericErrorTests.cs computes the functions in double, as written there, and looks at the error that is claimed.
"""

import random

import mpmath as mp

from fixture import save

mp.mp.dps = 80

FUNCTIONS = {
    "1 - cos x": lambda x: 1 - mp.cos(x),
    "cosh x - 1": lambda x: mp.cosh(x) - 1,
    "sqrt(1 + x^2) - 1": lambda x: mp.sqrt(1 + x * x) - 1,
    "x - sin x": lambda x: x - mp.sin(x),
    "e^x - 1 - x": lambda x: mp.exp(x) - 1 - x,
    "ln(1 + x^2)": lambda x: mp.log(1 + x * x),
    "1 + x^2": lambda x: 1 + x * x,
    "x^4": lambda x: x ** 4,
    "x^4 + 1": lambda x: x ** 4 + 1,
    "sin(x)/x": lambda x: mp.sin(x) / x,
    "cos(x)^2": lambda x: mp.cos(x) ** 2,
    "e^(-x^2)": lambda x: mp.exp(-x * x),
    "1/(1 + x^2)": lambda x: 1 / (1 + x * x),
    "tanh x": lambda x: mp.tanh(x),
    "1e6 + x": lambda x: 1000000 + x,
    "1e6 + sin x": lambda x: 1000000 + mp.sin(x),
    "(1 + x) - 1": lambda x: (1 + x) - 1,
    "(1 + x)^10": lambda x: (1 + x) ** 10,
    "sin(x)^2 + cos(x)^2": lambda x: mp.mpf(1),
    "x/(1 + |x|)": lambda x: x / (1 + abs(x)),
    "e^(-1/x^2)": lambda x: mp.exp(-1 / (x * x)),
    "ln|x|": lambda x: mp.log(abs(x)),
    "1/x": lambda x: 1 / x,
    "x^3 - x": lambda x: x ** 3 - x,
    "sqrt|x|": lambda x: mp.sqrt(abs(x)),
    "sin(100 x)": lambda x: mp.sin(100 * x),
    "erf x": lambda x: mp.erf(x),
    "atan(1e6 x)": lambda x: mp.atan(1000000 * x),
}


def cases(seed, points):
    rng = random.Random(seed)
    for name, f in FUNCTIONS.items():
        for _ in range(points):
            exponent = rng.uniform(-14, 2.5)
            x = rng.choice([-1, 1]) * 10 ** exponent
            slope = mp.diff(f, mp.mpf(x), h=mp.mpf(x) * mp.mpf(10) ** -30)
            yield {"function": name, "x": x, "slope": float(slope)}


if __name__ == "__main__":
    save("numeric", list(cases(1, 40)))
