"""Writes ReferenceValues.cs: values of the elementary functions at double arguments, rounded from 60 digits."""
import random
import struct
from mpmath import mp, mpf, exp, expm1, log, log1p, sin, cos, tan, tanh, erf, erfc

mp.dps = 60
random.seed(1)
FUNCTIONS = {
    "Exp": (exp, -700, 700), "Exp2": (lambda x: mpf(2) ** x, -1000, 1000), "Expm1": (expm1, -40, 600),
    "Log": (log, 1e-300, 1e300), "Log1p": (log1p, -0.999, 1e10), "Sin": (sin, -9e7, 9e7), "Cos": (cos, -9e7, 9e7),
    "Tan": (tan, -9e7, 9e7), "Tanh": (tanh, -20, 20), "Sigmoid": (lambda x: 1 / (1 + exp(-x)), -700, 40),
    "Erf": (erf, -6, 6), "Erfc": (erfc, -6, 26),
}


def bits(x):
    return struct.pack(">d", x).hex()


def arguments(low, high):
    for i in range(90):
        x = random.uniform(max(low, -3), min(high, 3)) if i % 3 else random.uniform(low, high)
        if i % 9 == 1:
            x = abs(x) * 10.0 ** random.uniform(-20, 0) * (1 if low > -0.5 else random.choice([-1, 1]))
        yield x


with open("ReferenceValues.cs", "w") as file:
    file.write("namespace Adjoint.Tests.Kernels;\n\n/// <summary>Written by reference.py: bits of x and of f(x), rounded from 60 digits.</summary>\n")
    file.write("internal static class ReferenceValues\n{\n")
    for name, (f, low, high) in FUNCTIONS.items():
        file.write(f'    public const string {name} = """\n')
        pairs = [f"{bits(x)} {bits(float(f(mpf(x))))}" for x in arguments(low, high)]
        for i in range(0, len(pairs), 5):
            file.write("        " + " ".join(pairs[i:i + 5]) + "\n")
        file.write('        """;\n\n')
    file.write("}\n")
