"""Files as PyTorch and NumPy write them, for the readers of Adjoint.Formats; and a look at the files that Adjoint wrote.

torchsharp.dat was written by TorchSharp 0.107: Sequential(Linear(3, 4), BatchNorm1d(4), Linear(4, 2)).save, after one forward of ones(5, 3).

tests/Parity/fixtures/files/written.* are written by the tests of Adjoint.Formats (ADJOINT_WRITE_FILES=1); here PyTorch and NumPy read them.
"""

import collections
import pathlib

import numpy
import torch

FOLDER = pathlib.Path(__file__).parent / "fixtures" / "files"


def network():
    torch.manual_seed(3)
    return torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Tanh(), torch.nn.Linear(4, 2))


def checkpoint():
    net = network()
    adam = torch.optim.Adam([{"params": net[0].parameters(), "lr": 0.01}, {"params": net[3].parameters()}], lr=0.001, betas=(0.8, 0.99))
    for _ in range(2):
        adam.zero_grad()
        net(torch.ones(5, 3)).square().sum().backward()
        adam.step()
    return collections.OrderedDict(
        epoch=7, best=numpy.float64(0.975), seed=2**63 + 5, negative=-70000, rate=1e-3, done=False, none=None, name="Größe",
        model=net.state_dict(), optimizer=adam.state_dict(), sizes=torch.Size([2, 3]), history=[1.5, 2.5], pair=(1, (2, "x")),
        dtype=torch.float64, tags={"a"}, data=b"\x00\xff", device=torch.device("cpu"))


def tensors():
    base = torch.arange(12, dtype=torch.float32)
    matrix = base.view(3, 4)
    return {
        "base": base, "rows": matrix[1:], "transposed": matrix.t(), "every": base[1::3], "expanded": torch.tensor([1.5, 2.5]).expand(3, 2),
        "empty": torch.zeros(0, 4), "scalar": torch.tensor(2.5, dtype=torch.float64), "grad": torch.tensor([1.0, 2.0], requires_grad=True),
        "parameter": torch.nn.Parameter(torch.tensor([3.0])), "half": torch.tensor([1.0, -2.5, 6e-8], dtype=torch.float16),
        "bfloat": torch.tensor([1.0, -2.5, 3e38], dtype=torch.bfloat16), "char": torch.tensor([-128, 127], dtype=torch.int8),
        "short": torch.tensor([-32768, 32767], dtype=torch.int16), "int": torch.tensor([-2**31, 7], dtype=torch.int32),
        "long": torch.tensor([-2**63, 2**63 - 1]), "byte": torch.tensor([0, 255], dtype=torch.uint8), "bool": torch.tensor([True, False]),
    }


def arrays():
    return {
        "f4": numpy.array([[1.5, -0.0], [numpy.inf, numpy.nan]], dtype="<f4"), "f8": numpy.array(2.5),
        "f2": numpy.array([1, -2.5, 6e-8], dtype="<f2"), "big": numpy.array([[1, 2, 3], [4, 5, 6]], dtype=">f8"),
        "big2": numpy.array([1, -2], dtype=">i2"), "i1": numpy.array([-128, 127], dtype="i1"), "i4": numpy.array([[-7]], dtype="<i4"),
        "i8": numpy.array([2**62]), "u2": numpy.array([65535], dtype="<u2"), "u4": numpy.array([2**32 - 1], dtype="<u4"),
        "u8": numpy.array([2**63 - 1], dtype="<u8"), "bool": numpy.array([True, False]), "u1": numpy.array([0, 255], dtype="u1"),
        "fortran": numpy.asfortranarray(numpy.arange(24.0).reshape(2, 3, 4)), "empty": numpy.zeros((0, 3)),
    }


def half(data):
    return numpy.frombuffer(data[:2], dtype="<f2")[0].astype(numpy.float32)


def scale_min(j, q):
    if j < 4:
        return q[j] & 63, q[j + 4] & 63
    return (q[j + 4] & 0xF) | ((q[j - 4] >> 6) << 4), (q[j + 4] >> 4) | ((q[j] >> 6) << 4)


def unpack(kind, x):
    """The loops of ggml's dequantize_row_*, one block."""
    f, y = numpy.float32, []
    if kind == "Q8_0":
        return [f(half(x)) * f(q) for q in numpy.frombuffer(x[2:], dtype=numpy.int8)]
    if kind[-1] in "01":
        d, rest = half(x), x[2:]
        m = f(0)
        if kind[-1] == "1":
            m, rest = half(rest), rest[2:]
        fifth = 0
        if kind[1] == "5":
            fifth, rest = int.from_bytes(rest[:4], "little"), rest[4:]
        low = [(rest[j] & 0xF) | ((fifth >> j) & 1) << 4 for j in range(16)]
        high = [(rest[j] >> 4) | ((fifth >> (j + 16)) & 1) << 4 for j in range(16)]
        zero = {"Q4_0": 8, "Q5_0": 16}.get(kind, 0)
        return [f(q - zero) * d + m for q in low + high]
    if kind == "Q2_K":
        scales, q, d, dmin = x[:16], x[16:80], half(x[80:]), half(x[82:])
        at = 0
        for n in range(2):
            for j in range(4):
                for part in range(2):
                    sc = scales[at]
                    at += 1
                    y += [d * f(sc & 0xF) * f((q[n * 32 + part * 16 + l] >> (2 * j)) & 3) - dmin * f(sc >> 4) for l in range(16)]
    elif kind == "Q3_K":
        hm, q, d = x[:32], x[32:96], half(x[108:])
        aux = [int.from_bytes(x[96 + 4 * i:100 + 4 * i], "little") for i in range(3)] + [0]
        one, two, tmp = 0x03030303, 0x0f0f0f0f, aux[2]
        aux[2] = ((aux[0] >> 4) & two) | (((tmp >> 4) & one) << 4)
        aux[3] = ((aux[1] >> 4) & two) | (((tmp >> 6) & one) << 4)
        aux[0] = (aux[0] & two) | ((tmp & one) << 4)
        aux[1] = (aux[1] & two) | (((tmp >> 2) & one) << 4)
        scales = b"".join(a.to_bytes(4, "little") for a in aux)
        at, m = 0, 1
        for n in range(2):
            for j in range(4):
                for part in range(2):
                    dl = d * f(scales[at] - 32)
                    at += 1
                    for l in range(part * 16, part * 16 + 16):
                        y.append(dl * f(((q[n * 32 + l] >> (2 * j)) & 3) - (0 if hm[l] & m else 4)))
                m <<= 1
    elif kind in ("Q4_K", "Q5_K"):
        d, dmin, scales = half(x), half(x[2:]), x[4:16]
        qh, q = (x[16:48], x[48:]) if kind == "Q5_K" else (bytes(32), x[16:])
        for j in range(4):
            for part in range(2):
                sc, m = scale_min(2 * j + part, scales)
                for l in range(32):
                    value = (q[32 * j + l] >> (4 * part)) & 0xF
                    value += 16 if qh[l] & (1 << (2 * j + part)) else 0
                    y.append(d * f(sc) * f(value) - dmin * f(m))
    else:
        ql, qh, sc, d = x[:128], x[128:192], numpy.frombuffer(x[192:208], dtype=numpy.int8), half(x[208:])
        y = [f(0)] * 256
        for n in range(2):
            for l in range(32):
                i = l // 16
                a, b, h = ql[64 * n + l], ql[64 * n + l + 32], qh[32 * n + l]
                for k, bits in enumerate((a & 0xF, b & 0xF, a >> 4, b >> 4)):
                    value = (bits | ((h >> (2 * k)) & 3) << 4) - 32
                    y[128 * n + 32 * k + l] = d * f(sc[8 * n + i + 2 * k]) * f(value)
    return y


def gguf():
    """A file as llama.cpp has them, and the numbers in it."""
    kinds = {"Q4_0": (2, 32, 18, 0), "Q4_1": (3, 32, 20, 0), "Q5_0": (6, 32, 22, 0), "Q5_1": (7, 32, 24, 0), "Q8_0": (8, 32, 34, 0),
             "Q2_K": (10, 256, 84, 80), "Q3_K": (11, 256, 110, 108), "Q4_K": (12, 256, 144, 0), "Q5_K": (13, 256, 176, 0),
             "Q6_K": (14, 256, 210, 208)}
    random = numpy.random.RandomState(5)
    tensors, expected, data = [], {}, b""

    def number(count, size):
        return int(count).to_bytes(size, "little")

    def text(value):
        return number(len(value.encode()), 8) + value.encode()

    def add(name, shape, kind, content):
        nonlocal data
        tensors.append(text(name) + number(len(shape), 4) + b"".join(number(n, 8) for n in reversed(shape)) + number(kind, 4)
                       + number(len(data), 8))
        data += content + b"\0" * (-len(content) % 32)

    for name, (kind, count, size, halves) in kinds.items():
        content, values = b"", []
        for _ in range(3):
            block = bytearray(random.bytes(size))
            for at in (halves, halves + 2)[:2 if name[-1] == "1" or name in ("Q2_K", "Q4_K", "Q5_K") else 1]:
                block[at:at + 2] = numpy.array(random.uniform(-2, 2), dtype="<f2").tobytes()
            content += bytes(block)
            values += unpack(name, bytes(block))
        add(name, (3, count), kind, content)
        expected[name] = numpy.array(values, dtype=numpy.float32).reshape(3, count)
    for name, kind, array in (("f32", 0, numpy.array([[1.5, 2], [3, 4], [5, 6]], dtype="<f4")), ("f16", 1, numpy.array([0.5, -2], dtype="<f2")),
                              ("i32", 26, numpy.array([-7], dtype="<i4"))):
        add(name, array.shape, kind, array.tobytes())
        expected[name] = array.astype(numpy.float32) if name == "f16" else array
    values = [text("general.name") + number(8, 4) + text("tiny"), text("block_count") + number(4, 4) + number(12, 4),
              text("rate") + number(6, 4) + numpy.array(0.25, dtype="<f4").tobytes(), text("flag") + number(7, 4) + b"\1",
              text("tokens") + number(9, 4) + number(8, 4) + number(2, 8) + text("a") + text("ß")]
    head = b"GGUF" + number(3, 4) + number(len(tensors), 8) + number(len(values), 8) + b"".join(values) + b"".join(tensors)
    (FOLDER / "tiny.gguf").write_bytes(head + b"\0" * (-len(head) % 32) + data)
    numpy.savez(FOLDER / "tiny.gguf.npz", **expected)


def read_back():
    """What Adjoint wrote is what PyTorch and NumPy read."""
    expected = {"weight": torch.tensor([[1.5, -2.0], [0.0, 4.0]]), "steps": torch.tensor(3), "mask": torch.tensor([True, False]),
                "big": torch.tensor([1e300], dtype=torch.float64)}
    loaded = torch.load(FOLDER / "written.pt")
    assert type(loaded) is collections.OrderedDict and list(loaded) == ["model", "view", "epoch", "rate", "pair", "list", "none", "seed",
                                                                         "dtype", "bytes", "grad"], loaded
    assert type(loaded["model"]) is collections.OrderedDict
    for name, value in expected.items():
        assert loaded["model"][name].dtype == value.dtype and torch.equal(loaded["model"][name], value), name
    assert torch.equal(loaded["view"], expected["weight"].t())
    assert loaded["view"].storage().data_ptr() == loaded["model"]["weight"].storage().data_ptr() and loaded["view"].stride() == (1, 2)
    assert (loaded["epoch"], loaded["rate"], loaded["pair"], loaded["list"]) == (70000, 0.25, (1, "x"), [1, 2.5, True])
    assert loaded["none"] is None and loaded["seed"] == 2**63 + 5 and loaded["dtype"] is torch.float64 and loaded["bytes"] == b"\x00\xff"
    assert loaded["grad"].requires_grad and not loaded["view"].requires_grad
    for name in ("written.npz", "written.packed.npz"):
        archive = numpy.load(FOLDER / name)
        assert sorted(archive.files) == sorted(expected)
        for key, value in expected.items():
            assert archive[key].dtype == value.numpy().dtype and (archive[key] == value.numpy()).all(), key
    assert (numpy.load(FOLDER / "written.npy") == expected["weight"].t().numpy()).all()
    # Adam's state, into PyTorch's own.
    net = network()
    adam = torch.optim.Adam(net.parameters(), lr=0.5)
    adam.load_state_dict(torch.load(FOLDER / "written.adam.pt"))
    assert adam.param_groups[0]["lr"] == 0.01 and adam.param_groups[0]["betas"] == (0.8, 0.99)
    assert float(adam.state[net[0].weight]["step"]) == 2 and adam.state[net[0].weight]["exp_avg"].shape == (4, 3)
    net(torch.ones(5, 3)).sum().backward()
    adam.step()


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    torch.save(checkpoint(), FOLDER / "checkpoint.pt")
    torch.save(tensors(), FOLDER / "tensors.pt")
    # Whose order follows addresses: another file each time.
    for name, value in (("checkpoint", checkpoint), ("tensors", tensors)):
        if not (FOLDER / f"{name}.legacy.pth").exists():
            torch.save(value(), FOLDER / f"{name}.legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(network(), FOLDER / "module.pt")
    torch.save(network().state_dict(), FOLDER / "state.pth")
    if not (FOLDER / "script.pt").exists():
        torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), FOLDER / "script.pt")
    for name, array in arrays().items():
        numpy.save(FOLDER / f"{name}.npy", array)
    with open(FOLDER / "version3.npy", "wb") as file:
        numpy.lib.format.write_array(file, numpy.array([1.0, 2.0]), version=(3, 0))
    numpy.save(FOLDER / "fields.npy", numpy.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f4")]))
    numpy.save(FOLDER / "complex.npy", numpy.array([1j]))
    numpy.savez(FOLDER / "arrays.npz", **arrays())
    numpy.savez_compressed(FOLDER / "arrays.packed.npz", **arrays())
    gguf()
    if (FOLDER / "written.pt").exists():
        read_back()
        print("PyTorch and NumPy read what Adjoint wrote")


if __name__ == "__main__":
    main()
