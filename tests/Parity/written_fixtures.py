"""What PyTorch prints for the programs of examples/programs: each has a twin in programs/, and its output is written to examples/expected/programs."""

import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).parent
expected = here.parents[1] / "examples" / "expected" / "programs"
expected.mkdir(parents=True, exist_ok=True)
for program in sorted((here / "programs").glob("*.py")):
    if program.stem == "digits":
        continue
    printed = subprocess.run([sys.executable, "-B", program.name], cwd=here / "programs", check=True, capture_output=True, text=True).stdout
    (expected / f"{program.stem}.txt").write_text(printed)
    print(f"{program.stem}: {len(printed.splitlines())} lines")
