"""Draws icon.png: ∇ on a dark field, the operator read downwards as the engine reads a graph. Pure Python; the picture is the same on every run."""
import struct
import zlib

SIZE, FINE = 128, 4  # pixels, and samples a pixel in each direction
FIELD, SIGN, DOT = (38, 32, 82), (255, 255, 255), (255, 176, 59)
CORNERS = [(30.0, 36.0), (98.0, 36.0), (64.0, 98.0)]
STROKE, ROUND = 6.0, 24.0


def to_segment(x, y, a, b):
    dx, dy = b[0] - a[0], b[1] - a[1]
    t = max(0.0, min(1.0, ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy)))
    return ((x - a[0] - t * dx) ** 2 + (y - a[1] - t * dy) ** 2) ** 0.5


def colour(x, y):
    """The colour of a point, with its opacity."""
    ex, ey = max(ROUND - x, x - (SIZE - ROUND), 0.0), max(ROUND - y, y - (SIZE - ROUND), 0.0)
    if (ex * ex + ey * ey) ** 0.5 > ROUND:
        return (0, 0, 0, 0)
    if any(((x - cx) ** 2 + (y - cy) ** 2) ** 0.5 < 11.0 for cx, cy in CORNERS):
        return (*DOT, 255)
    if any(to_segment(x, y, CORNERS[i], CORNERS[(i + 1) % 3]) < STROKE for i in range(3)):
        return (*SIGN, 255)
    return (*FIELD, 255)


def pixel(px, py):
    samples = [colour(px + (i + 0.5) / FINE, py + (j + 0.5) / FINE) for j in range(FINE) for i in range(FINE)]
    opacity = sum(s[3] for s in samples)
    if opacity == 0:
        return bytes(4)
    return bytes([round(sum(s[c] * s[3] for s in samples) / opacity) for c in range(3)] + [round(opacity / len(samples))])


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


rows = b"".join(b"\0" + b"".join(pixel(x, y) for x in range(SIZE)) for y in range(SIZE))
with open("icon.png", "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", SIZE, SIZE, 8, 6, 0, 0, 0))
               + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b""))
