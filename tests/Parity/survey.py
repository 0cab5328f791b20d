#!/usr/bin/python3
"""Which of PyTorch's names a program uses that we lack: docs/programs.md. Names are matched against docs/pytorch-map.md and what the libraries make
public (src/*/PublicApi.txt); a name is ours if it is the same word in .NET's form, or stands in a row of the map.

    tests/Parity/survey.py            the programs of tests/Parity/programs, read, and those of survey.json, whose names were written down
    tests/Parity/survey.py FILE.py …  prints what other programs lack
"""

import ast
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parents[1]

# Names that have another form here, or that a machine with processors alone has no use for.
OTHER = {
    "tensor.size": "Shape", "tensor.numel": "NumEl", "tensor.float": "Float", "tensor.tolist": "ToArray", "tensor.data": "Detach",
    "torch.from_numpy": "Tensor.From", "torch.frombuffer": "Tensor.From", "torch.tensor": "Tensor.From", "torch.save": "TorchFile.Save",
    "torch.load": "TorchFile.Load", "torch.device": "-", "torch.cuda.is_available": "-", "tensor.to": "To", "tensor.cuda": "-",
    "nn.Module.register_buffer": "AsBuffer", "nn.Parameter": "AsParameter", "torch.set_default_dtype": "dtype:", "tensor.backward": "Backward",
    "torch.utils.data.DataLoader": "DataLoader", "torchvision.datasets.MNIST": "Mnist.Load", "tensor.T": "T", "tensor.mT": "MT", "tensor.H": "H",
    "nn.Module": "Module", "tensor.new_zeros": "Tensor.Zeros", "tensor.new_ones": "Tensor.Ones", "tensor.new_tensor": "Tensor.From",
    "torch.finfo": "float.Epsilon", "tensor.device": "-", "torch.distributed.init_process_group": "ProcessGroup.Init",
    "torch.distributed.destroy_process_group": "Dispose", "torch.distributed.get_rank": "Rank", "torch.distributed.get_world_size": "Size",
    "torchvision.utils.save_image": "ImageGrid.SaveImage", "torch.func.jacrev": "Transforms.Jacobian",
    "torch.multiprocessing.Process": "Thread", "tensor.share_memory_": "-",
    "torch.func.jacfwd": "Transforms.Jacobian", "nn.init.calculate_gain": "Init.Gain", "torch.set_num_threads": "Cpu.Threads",
}
ALIASES = {"torch.nn.functional": "F", "torch.nn": "nn"}
METHODS = re.compile(r"^tensor\.")


def known():
    """All words of the map's left side, and all of ours, in lower case without underscores."""
    words = set()
    for row in (ROOT / "docs" / "pytorch-map.md").read_text().splitlines():
        cells = row.split(" | ")
        if row.startswith("| `") and len(cells) >= 2:
            words |= {plain(word) for word in re.findall(r"[A-Za-z_][A-Za-z_0-9]*", cells[0])}
    for api in ROOT.glob("src/*/PublicApi.txt"):
        words |= {plain(word) for word in re.findall(r"[A-Za-z_][A-Za-z_0-9]*", api.read_text())}
    return words


def plain(word):
    if word.endswith("_") and not word.endswith("__"):
        word = word[:-1] + "InPlace"
    return word.replace("_", "").lower()


def is_ours(name, words):
    if name in OTHER and OTHER[name] == "-":
        return True
    last = plain(name.split(".")[-1])
    return (bool(OTHER.get(name)) or last in words or (name.startswith("nn.init.") and last.removesuffix("inplace") in words))


def names(path):
    """The names of PyTorch in a program: what is reached from its modules, and methods that tensors have."""
    import torch
    tree, short, found = ast.parse(pathlib.Path(path).read_text()), {}, set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                if name.name.split(".")[0] in ("torch", "torchvision"):
                    short[name.asname or name.name.split(".")[0]] = name.name if name.asname else name.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in ("torch", "torchvision"):
            for name in node.names:
                short[name.asname or name.name] = f"{node.module}.{name.name}"

    def full(node):
        if isinstance(node, ast.Name):
            return short.get(node.id)
        if isinstance(node, ast.Attribute):
            before = full(node.value)
            return before and f"{before}.{node.attr}"
        return None

    def is_module(name):
        value = sys.modules.get("torch")
        for part in name.split(".")[1:]:
            value = getattr(value, part, None)
        return isinstance(value, type(sys))

    for node in ast.walk(tree):
        name = full(node)
        if name and not is_module(name) and name not in ("torch", "torchvision"):
            for long, alias in ALIASES.items():
                if name.startswith(long + "."):
                    name = alias + name[len(long):]
                    break
            found.add(name)
        elif isinstance(node, ast.Attribute) and not name and hasattr(torch.Tensor, node.attr) and not node.attr.startswith("_"):
            found.add("tensor." + node.attr)
    # What an attribute of a name is reached through is none of its own.
    return sorted(name for name in found if not any(other.startswith(name + ".") for other in found))


def row(program, used, words):
    missing = [name for name in used if not is_ours(name, words)]
    return f"| {program} | {len(used)} | {', '.join(f'`{name}`' for name in missing) or '-'} |", not missing


def main():
    words = known()
    if len(sys.argv) > 1:
        for path in sys.argv[1:]:
            print(row(path, names(path), words)[0])
        return
    rows = [row(f"[{path.stem}](../examples/programs/{path.stem}.cs)", names(path), words)
            for path in sorted((HERE / "programs").glob("*.py")) if path.stem != "digits"]
    rows += [row(program, used, words) for program, used in json.loads((HERE / "survey.json").read_text()).items()]
    whole = sum(1 for _, is_whole in rows if is_whole)
    (ROOT / "docs" / "programs.md").write_text(f"""# Programs, and what they still lack

Of each program the names of PyTorch that it uses, and those that we have no word for. `tests/Parity/survey.py` writes this page: it matches names
against [the map](pytorch-map.md) and what the libraries make public, and `tests/Parity/survey.py FILE.py` does so for any program. The first are
in `examples/programs`, each beside its twin in `tests/Parity/programs` with the numbers that PyTorch prints; of the others, whose text is not ours,
the names were written down by hand (`tests/Parity/survey.json`: pytorch/examples, the tutorials of pytorch.org, nanoGPT, minGPT, makemore and labml's
annotated papers), so that a rare one may be missing there; the programs themselves were not run here. It is a choice of ours, not a list that
somebody else drew up.

{whole} of {len(rows)} lack nothing.

| Program | names | missing |
|---|---|---|
""" + "\n".join(text for text, _ in rows) + "\n")


if __name__ == "__main__":
    main()
