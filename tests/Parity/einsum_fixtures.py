"""Einstein sums: chosen equations, then many that a seeded generator made up, with '...', repeated letters and sizes of 1."""

import math
import random

import torch

from cases import case, leaf
from fixture import save

cases = []


def grid(shape, dtype, step):
    return leaf([((step * i * i + 3 * i) % 31 - 15) / 8 for i in range(math.prod(shape))], dtype, shape)


def einsum(equation, *shapes, dtype=torch.float64):
    operands = [grid(shape, dtype, 5 + 2 * i) for i, shape in enumerate(shapes)]
    cases.append(case("einsum", lambda *x: torch.einsum(x[-1], *x[:-1]), operands, equation))


CHOSEN = [
    ("ij,jk->ik", (2, 3), (3, 4)), ("ij,jk", (2, 3), (3, 4)), ("ij,kj->ik", (2, 3), (4, 3)), ("ji,jk->ki", (3, 2), (3, 4)),
    ("i,i->", (5,), (5,)), ("i,j->ij", (3,), (4,)), ("i,i->i", (3,), (3,)), ("ij,j->i", (2, 3), (3,)), ("ij,ij->i", (2, 3), (2, 3)),
    ("bij,bjk->bik", (2, 3, 4), (2, 4, 5)), ("bhqd,bhkd->bhqk", (2, 2, 3, 4), (2, 2, 5, 4)), ("bqhd,bkhd->bhqk", (2, 3, 2, 4), (2, 5, 2, 4)),
    ("bn,anm,bm->ba", (2, 3), (4, 3, 5), (2, 5)), ("i,i,i->i", (3,), (3,), (3,)), ("ab,bc,cd,de->ae", (2, 3), (3, 2), (2, 4), (4, 2)),
    ("ii->i", (3, 3)), ("ii", (3, 3)), ("iii->i", (2, 2, 2)), ("iij->ij", (3, 3, 2)), ("iji->j", (3, 2, 3)), ("ijij->ij", (2, 3, 2, 3)), ("ijji->", (2, 3, 3, 2)),
    ("ij->ji", (2, 3)), ("ij->", (2, 3)), ("ij->j", (2, 3)), ("ba", (2, 3)), ("aB", (2, 3)), ("Ba", (2, 3)), ("", ()), ("->", ()), (",->", (), ()), ("ij,", (2, 3), ()),
    ("...ij->...ji", (2, 3, 4)), ("...", (2, 3)), ("...->", (2, 3)), ("ij->...", (2, 3)), ("a...b", (2, 3, 4)), ("b...a", (2, 3, 4)), ("a...b->b...", (2, 3, 4)),
    ("...ij,...jk->...ik", (5, 1, 2, 3), (4, 3, 2)), ("...ij,...jk->ik", (5, 1, 2, 3), (4, 3, 2)), ("i...,...->...", (2, 3), (3,)),
    ("ij,ij->ij", (1, 3), (2, 1)), ("ij,ij->j", (1, 3), (2, 1)), ("ij,ij->", (1, 1), (1, 1)), ("ij,jk->ik", (2, 1), (3, 4)), ("bij,bjk->ik", (1, 2, 3), (4, 3, 2)),
    ("ij,jk->ik", (0, 3), (3, 2)), ("ij,jk->ik", (2, 0), (0, 2)), ("ij,ij->ij", (1, 3), (0, 3)), ("ij->j", (0, 3)), ("bij,bij->b", (2, 0, 3), (2, 0, 3)),
    (" i j , j k -> i k ", (2, 3), (3, 4)), ("Zz,za->aZ", (2, 3), (3, 4)), ("ij,kl->", (2, 3), (3, 2)), ("ij,kl->li", (2, 3), (3, 2)), ("ij,kj,k->i", (2, 3), (4, 3), (4,)),
]
for dtype in (torch.float64, torch.float32):
    for equation, *shapes in CHOSEN:
        einsum(equation, *shapes, dtype=dtype)

INTEGERS = [
    ("ij,kj->ik", (2, 3), (2, 3)), ("i,i->", (3,), (3,)), ("ij->i", (2, 3)), ("i,j->ij", (2,), (3,)), ("ii->i", (2, 2)), ("ij,ij->i", (2, 3), (2, 3)),
]
for dtype in (torch.int64, torch.int32, torch.uint8):
    for equation, *shapes in INTEGERS:
        operands = [torch.arange(math.prod(shape)).reshape(shape).add(i + 1).to(dtype) for i, shape in enumerate(shapes)]
        cases.append(case("einsum", lambda *x: torch.einsum(x[-1], *x[:-1]), operands, equation))

dice = random.Random(1)


def invented():
    """Letters with sizes, some of them 1 in some operands; '...' over up to two dimensions; an output or none."""
    sizes = {letter: dice.choice([1, 2, 2, 3]) for letter in "aBcD"}
    ellipsis = [dice.choice([1, 2]) for _ in range(dice.choice([0, 0, 1, 2]))]
    terms, shapes = [], []
    for _ in range(dice.choice([1, 2, 2, 3])):
        letters = [dice.choice("aBcD") for _ in range(dice.randint(0, 3))]
        small = {letter for letter in letters if dice.random() < 0.15}
        shape = [1 if letter in small else sizes[letter] for letter in letters]
        if ellipsis and dice.random() < 0.7:
            at = dice.randint(0, len(letters))
            covered = [1 if dice.random() < 0.2 else size for size in ellipsis[dice.randint(0, len(ellipsis)):]]
            letters.insert(at, "...")
            shape[at:at] = covered
        terms.append("".join(letters))
        shapes.append(tuple(shape))
    equation = ",".join(terms)
    if dice.random() < 0.6:
        used = sorted(set(equation) - set(",."))
        output = dice.sample(used, dice.randint(0, len(used)))
        if "..." in equation and dice.random() < 0.8:
            output.insert(dice.randint(0, len(output)), "...")
        equation += "->" + "".join(output)
    return equation, shapes


for _ in range(150):
    equation, shapes = invented()
    einsum(equation, *shapes)

save("einsum", cases)
