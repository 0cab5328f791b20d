"""Derivatives of orders 0 to 4 where digits are easily lost: beside removable poles, and where squares overflow or vanish. Asked of
mpmath (Debian's python3-mpmath) with 80 digits, because PyTorch loses them too."""

import mpmath as mp

from fixture import number, save

mp.mp.dps = 80
ORDERS = 5


def sinc(x):
    return mp.mpf(1) if x == 0 else mp.sin(mp.pi * x) / (mp.pi * x)



def derivatives(f, at):
    at = mp.mpf(at)
    step = mp.mpf(10) ** -30 * max(abs(at), mp.mpf(10) ** -3 if f is sinc else abs(at))
    mp.mp.dps = 400
    found = [mp.diff(f, at, n, h=step) if n else f(at) for n in range(ORDERS)]
    mp.mp.dps = 80
    return [float(d) for d in found]


POINTS = {
    "sinc": (sinc, [0.0, 1e-300, 1e-8, -1e-8, 1e-5, 1e-3, -0.01, 0.1, 0.3, 0.6, 0.63, 0.6366, 0.6367, -0.64, 0.7, 1.0, 2.5, 10.0]),
    "asinh": (mp.asinh, [1e-9, 0.5, 30.0, 1e10, 1e160, 1e200]),
    "atan2_x": (lambda x: mp.atan2(x, mp.mpf(1e200)), [1e200, -3e200, 1e180]),
    "atan2_y": (lambda y: mp.atan2(mp.mpf(1e200), y), [1e200, -3e200, 1e180]),
    "atan2_tiny": (lambda x: mp.atan2(x, mp.mpf(1e-200)), [1e-200, -3e-200]),
    "hypot": (lambda x: mp.sqrt(x * x + mp.mpf(1e200) ** 2), [1e200, -3e200]),
    "hypot_tiny": (lambda x: mp.sqrt(x * x + mp.mpf(1e-200) ** 2), [1e-200, 3e-200]),
    "gelu_tanh": (lambda x: x * (1 + mp.tanh(mp.sqrt(2 / mp.pi) * (x + mp.mpf(0.044715) * x**3))) / 2, [0.5, 20.0, 1e120, -1e120, 1e160, -1e200]),
}

save("extremes", [{"name": name, "x": number(at), "derivatives": [number(d) for d in derivatives(f, at)]}
                  for name, (f, points) in POINTS.items() for at in points])
