"""The value and the gradients of every row of the table of operations, at the numbers that the gradient tests try it on.

The table says itself what is asked, see table.py; the expression is written down with the answer, so that a row that changed is seen.
"""

import torch

import table
from cases import case, leaf
from fixture import save

cases = []
for row in table.rows():
    for dtype in (torch.float64, torch.float32):
        inputs = [leaf(x["sample"], dtype, x["shape"]) for x in row["inputs"]]
        cases.append(case(row["name"], lambda *xs: table.call(row, *xs[: len(inputs)]), inputs, row["torch"]))
save("ops", cases)
