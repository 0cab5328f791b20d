"""Files as PyTorch and NumPy write them, for the readers of Adjoint.Formats; and a look at the files that Adjoint wrote.

tests/Parity/fixtures/files/written.* are written by the tests of Adjoint.Formats (ADJOINT_WRITE_FILES=1); here PyTorch and NumPy read them.
"""

import collections
import pathlib
import re
import zipfile

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


def save_legacy(value, path):
    torch.save(value, path, _use_new_zipfile_serialization=False)
    # The names of storages are addresses: numbers of the same length, so that every run writes the same.
    data = path.read_bytes()
    names = []
    for name in re.findall(rb"\d{10,20}", data):
        if name not in names:
            names.append(name)
    for i, name in enumerate(names):
        data = data.replace(name, str(i).zfill(len(name)).encode())
    path.write_bytes(data)


def arrays():
    return {
        "f4": numpy.array([[1.5, -0.0], [numpy.inf, numpy.nan]], dtype="<f4"), "f8": numpy.array(2.5),
        "f2": numpy.array([1, -2.5, 6e-8], dtype="<f2"), "big": numpy.array([[1, 2, 3], [4, 5, 6]], dtype=">f8"),
        "big2": numpy.array([1, -2], dtype=">i2"), "i1": numpy.array([-128, 127], dtype="i1"), "i4": numpy.array([[-7]], dtype="<i4"),
        "i8": numpy.array([2**62]), "u2": numpy.array([65535], dtype="<u2"), "u4": numpy.array([2**32 - 1], dtype="<u4"),
        "u8": numpy.array([2**63 - 1], dtype="<u8"), "bool": numpy.array([True, False]), "u1": numpy.array([0, 255], dtype="u1"),
        "fortran": numpy.asfortranarray(numpy.arange(24.0).reshape(2, 3, 4)), "empty": numpy.zeros((0, 3)),
    }


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
    save_legacy(checkpoint(), FOLDER / "checkpoint.legacy.pth")
    save_legacy(tensors(), FOLDER / "tensors.legacy.pth")
    torch.save(network(), FOLDER / "module.pt")
    torch.save(network().state_dict(), FOLDER / "state.pth")
    torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), FOLDER / "script.pt")
    for name, array in arrays().items():
        numpy.save(FOLDER / f"{name}.npy", array)
    with open(FOLDER / "version3.npy", "wb") as file:
        numpy.lib.format.write_array(file, numpy.array([1.0, 2.0]), version=(3, 0))
    numpy.save(FOLDER / "fields.npy", numpy.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f4")]))
    numpy.save(FOLDER / "complex.npy", numpy.array([1j]))
    numpy.savez(FOLDER / "arrays.npz", **arrays())
    numpy.savez_compressed(FOLDER / "arrays.packed.npz", **arrays())
    if (FOLDER / "written.pt").exists():
        read_back()
        print("PyTorch and NumPy read what Adjoint wrote")


if __name__ == "__main__":
    main()
