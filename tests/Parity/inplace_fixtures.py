"""Which modules can change their input, and what they print when they do."""

import inspect

from torch import nn

from fixture import save

ARGUMENTS = {"Threshold": (1.0, 2.0)}

save("inplace", [
    {"name": name, "text": str(kind(*ARGUMENTS.get(name, ()), inplace=True))}
    for name, kind in sorted(vars(nn).items())
    if inspect.isclass(kind) and issubclass(kind, nn.Module) and "inplace" in inspect.signature(kind).parameters])
