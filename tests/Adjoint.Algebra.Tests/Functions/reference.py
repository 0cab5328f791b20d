"""Writes ReferenceValues*.cs: values of the elementary functions at double arguments, rounded from 60 digits."""
import math
import random
import struct
from mpmath import mp, mpf, exp, expm1, log, log1p, sin, cos, tan, tanh, erf, erfc, sqrt
from mpmath import besseli, erfinv, quad, findroot, pi
from mpmath import atan, asin, acos, sinh, cosh, asinh, acosh, atanh, atan2

mp.dps = 60
random.seed(1)
FUNCTIONS = {
    "Exp": (exp, -700, 700), "Exp2": (lambda x: mpf(2) ** x, -1000, 1000), "Expm1": (expm1, -40, 600),
    "Log": (log, 1e-300, 1e300), "Log1p": (log1p, -0.999, 1e10), "Sin": (sin, -9e7, 9e7), "Cos": (cos, -9e7, 9e7),
    "Tan": (tan, -9e7, 9e7), "Tanh": (tanh, -20, 20), "Sigmoid": (lambda x: 1 / (1 + exp(-x)), -700, 40),
    "Erf": (erf, -6, 6), "Erfc": (erfc, -6, 26),
}
INVERSE = {
    "Log2": (lambda x: log(x) / log(2), 1e-300, 1e300), "Log10": (lambda x: log(x) / log(10), 1e-300, 1e300),
    "Atan": (atan, -100, 100), "Asin": (asin, -1, 1), "Acos": (acos, -1, 1), "Sinh": (sinh, -700, 700), "Cosh": (cosh, -700, 700),
    "Asinh": (asinh, -1e6, 1e6), "Acosh": (acosh, 1, 1e6), "Atanh": (atanh, -1, 1),
}
def ndtr(x):
    return erfc(-x / sqrt(2)) / 2


def normal_quantile(p):
    """The x whose Φ(x) is p, by Newton's steps in the logarithm from where the tail is −√(−2·ln p)."""
    if p > mpf(1) / 2:
        return -normal_quantile(1 - p)
    x = -sqrt(-2 * log(p)) if p < 0.1 else (p - mpf(1) / 2) * sqrt(2 * pi)
    for _ in range(60):
        step = (log(ndtr(x)) - log(p)) * ndtr(x) / (exp(-x * x / 2) / sqrt(2 * pi))
        x -= step
        if abs(step) < mpf(10) ** -50 * (1 + abs(x)):
            break
    return x


# Name, function, interval; tails by their exponents.
SPECIAL = {
    "Erfcx": (lambda x: exp(x * x) * erfc(x), -26, 1e6), "Erfinv": (lambda y: normal_quantile((1 + y) / 2) / sqrt(2), -1, 1),
    "Ndtr": (ndtr, -37, 8), "Ndtri": (normal_quantile, 0, 1), "LogNdtr": (lambda x: log(ndtr(x)), -1e4, 8),
    "I0": (lambda x: besseli(0, x), -700, 700), "I0e": (lambda x: exp(-abs(x)) * besseli(0, x), -1e5, 1e5),
    "I1": (lambda x: besseli(1, x), -700, 700), "I1e": (lambda x: exp(-abs(x)) * besseli(1, x), -1e5, 1e5),
}


def special_arguments(low, high):
    yield from arguments(low, high)
    # Where series meet, and far out.
    for x in (0.5, -0.5, 8.0, -8.0, 7.999999, 8.000001, 10.5, 28.0, 27.999999, -1.0, -0.999999, 0.85, -0.85, 0.925, 0.075, 1e-3, 0.999999):
        if low < x < high:
            yield x
    if (low, high) == (0, 1):
        for _ in range(40):
            yield 10.0 ** random.uniform(-300, -1)


PAIRS = {
    "Pow": lambda x, y: mpf(abs(x)) ** mpf(y), "Atan2": lambda x, y: atan2(mpf(x), mpf(y)), "Hypot": lambda x, y: sqrt(mpf(x) ** 2 + mpf(y) ** 2),
}


def bits(x):
    return struct.pack(">d", x).hex()


def arguments(low, high):
    for i in range(90):
        x = random.uniform(max(low, -3), min(high, 3)) if i % 3 else random.uniform(low, high)
        if i % 9 == 1:
            x = abs(x) * 10.0 ** random.uniform(-20, 0) * (1 if low > -0.5 else random.choice([-1, 1]))
        yield x


def near_one():
    return 1 + random.choice([-1, 1]) * 10.0 ** random.uniform(-12, -1)


def pairs(name):
    for i in range(90):
        x, y = random.uniform(-3, 3), random.uniform(-3, 3)
        if i % 3 == 1:
            x, y = (near_one(), random.uniform(-1e4, 1e4)) if name == "Pow" else (x, x * near_one())
        if i % 9 == 2:
            x, y = (10.0 ** random.uniform(-300, 300), random.uniform(-1, 1)) if name == "Pow" else (x * 1e300, y * 10.0 ** random.uniform(280, 300))
        yield abs(x) if name == "Pow" else x, y


def write(file_name, rows):
    with open(file_name, "w") as file:
        file.write("namespace Adjoint.Tests.Kernels;\n\n/// <summary>Written by reference.py: bits of x and of f(x), rounded from 60 digits.</summary>\n")
        file.write("internal static partial class ReferenceValues\n{\n")
        for name, values in rows:
            file.write(f'    public const string {name} = """\n')
            words = [bits(v) for v in values]
            for i in range(0, len(words), 10):
                file.write("        " + " ".join(words[i:i + 10]) + "\n")
            file.write('        """;\n\n')
        file.write("}\n")


def single(functions):
    for name, (f, low, high) in functions.items():
        points = list(arguments(low, high))
        if name in ("Asin", "Acos", "Atanh"):
            points[::4] = [x for x in (near_one() for _ in range(200)) if x < 1][:23]
        if name == "Acosh":
            points = [x if x >= 1 else 1 + x for x in points]
            points[::4] = [x for x in (near_one() for _ in range(200)) if x > 1][:23]
        yield name, [v for x in points for v in (x, float(f(mpf(x))))]


write("ReferenceValues.cs", single(FUNCTIONS))
write("ReferenceValues.Inverse.cs", single(INVERSE))
write("ReferenceValues.Pairs.cs", ((name, [v for x, y in pairs(name) for v in (x, y, float(f(x, y)))]) for name, f in PAIRS.items()))
write("ReferenceValues.Special.cs", ((name, [v for x in special_arguments(low, high) for v in (x, float(f(mpf(x))))])
                                     for name, (f, low, high) in SPECIAL.items()))


# Gamma functions: of one number, with the integral of two.
from mpmath import loggamma, digamma, psi, re

GAMMA = {
    "Lgamma": (lambda x: re(loggamma(x)), 0, 60), "LgammaLarge": (loggamma, 1, 1e12), "LgammaBelow": (lambda x: re(loggamma(x)), -40, 0),
    "Digamma": (digamma, 0, 60), "DigammaLarge": (digamma, 1, 1e12), "DigammaBelow": (digamma, -40, 0),
    "Trigamma": (lambda x: psi(1, x), 0, 60), "Tetragamma": (lambda x: psi(2, x), 0, 60), "Polygamma9": (lambda x: psi(9, x), 0, 60),
    "TrigammaBelow": (lambda x: psi(1, x), -40, 0),
}


def gamma_arguments(low, high):
    for i in range(90):
        x = 10.0 ** random.uniform(-8, math.log10(high)) if low >= 0 else random.uniform(low, high)
        yield x if low < 1 else max(x, 1 + random.random())
    if low >= 0:
        yield from (1.0, 2.0, 3.0, 8.0, 10.0, 1 + 1e-9, 1 - 1e-9, 2 + 1e-9, 2 - 1e-9, 1.4616321449683622, 1.5, 0.5, 7.999999, 8.000001, 9.999999, 1e-300)


def incomplete():
    for i in range(120):
        a = 10.0 ** random.uniform(-3, 4.5)
        x = a * (1 + random.uniform(-5, 5) / math.sqrt(a)) if i % 2 and a > 30 else a * 10.0 ** random.uniform(-1, 0.3)
        yield a, x
    for i in range(60):
        yield 10.0 ** random.uniform(-6, 0.5), 10.0 ** random.uniform(-5, 0.5)


def lower(a, x):
    """P(a, x), by its series of positive terms."""
    total = term = mpf(1)
    n = mpf(a)
    while term > total * mpf(10) ** -mp.dps:
        n += 1
        term *= x / n
        total += term
    return total * exp(a * log(x) - x - loggamma(a + 1))


def integrals():
    mp.dps = 110
    for a, x in incomplete():
        p = lower(mpf(a), mpf(x))
        if p > mpf(10) ** -40 and 1 - p > mpf(10) ** -40:
            yield a, x, p


def tails():
    """Far out: P where x is well below a, Q where it is well above."""
    mp.dps = 340
    for i in range(80):
        a = 10.0 ** random.uniform(1, 4.2)
        x = a * (random.uniform(0.2, 0.9) if i % 2 else random.uniform(1.1, 3))
        value = lower(mpf(a), mpf(x)) if i % 2 else 1 - lower(mpf(a), mpf(x))
        if value > mpf(10) ** -300:
            yield i % 2, a, x, float(value)


INTEGRALS = list(integrals())
TAILS = list(tails())
write("ReferenceValues.Gamma.cs", [(name, [v for x in gamma_arguments(low, high) for v in (x, float(f(mpf(x))))])
                                   for name, (f, low, high) in GAMMA.items()]
      + [("Igamma", [v for a, x, p in INTEGRALS for v in (a, x, float(p))]),
         ("Igammac", [v for a, x, p in INTEGRALS for v in (a, x, float(1 - p))]),
         ("IgammaTail", [v for below, a, x, p in TAILS if below for v in (a, x, p)]),
         ("IgammacTail", [v for below, a, x, p in TAILS if not below for v in (a, x, p)])])
