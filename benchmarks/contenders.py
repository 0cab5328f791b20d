"""Programs that take turns within one run, so that what slows the machine down slows all of them; for `compare` and `against`."""

import json
import os
import statistics
import subprocess
import time

PLAIN = ("accuracy %", "collector %", "MB", "ratio", "bytes")  # names that end so are not times


# The threads of OpenBLAS and OpenMP go on spinning for some tens of ms after a call, on the cores that the next contender needs.
SETTLE = 0.15


class Contender:
    """A program that answers each line with one sample, {name of the work: seconds}.

    `fresh` ones are started anew for each: what the runtime saw of a program when it compiled it differs from process to process,
    and two processes of one build by 10 to 20 %. Of such a process only the sample after the first `warm` ones counts.
    """

    def __init__(self, family, setting, command, environment=None, fresh=False, warm=0):
        self.family, self.setting, self.fresh, self.warm, self.samples = family, setting, fresh, warm, []
        self.command, self.environment = [str(part) for part in command], {**os.environ, **(environment or {})}
        self.start()

    def start(self):
        self.used = False
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.environment)

    def sample(self):
        if self.fresh and self.used:
            self.end()
            self.start()
        if not self.used:
            for _ in range(self.warm):
                self.ask()
        time.sleep(SETTLE)
        quiet()
        self.samples.append(self.ask())
        self.used = True

    def ask(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.family} ({self.setting}) ended with code {self.process.wait()}")
        return json.loads(line)

    def warm_up(self):
        """One sample that does not count."""
        self.sample()
        self.samples.clear()

    def end(self):
        self.process.stdin.close()
        self.process.wait()

    def series(self, name):
        """{variant: one number a round} of the work `name`; a round without it has None."""
        keys = {key for sample in self.samples for key in sample if key.split("|")[0] == name}
        return {key.partition("|")[2]: [sample.get(key) for sample in self.samples] for key in keys}


def quiet():
    """Gives whoever else is running a moment to finish."""
    for _ in range(20):
        with open("/proc/stat") as stat:
            if int(next(line for line in stat if line.startswith("procs_running")).split()[1]) <= 1:
                return
        time.sleep(0.05)


def text(name, number):
    if name.endswith(PLAIN):
        return f"{number:.2f}"
    for unit, size in (("s ", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if number >= size:
            return f"{number / size:.2f} {unit}"
    return f"{number * 1e9:.1f} ns"


def middle(numbers):
    known = [number for number in numbers if number is not None]
    return statistics.median(known) if known else None


def take_turns(contenders, rounds, warm_up=True):
    """`rounds` samples of each, one after the other; then they are ended."""
    if warm_up:
        for contender in contenders:
            contender.warm_up()
    for _ in range(rounds):
        for contender in contenders:
            contender.sample()
    for contender in contenders:
        contender.end()
