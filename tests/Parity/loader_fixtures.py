"""The orders in which torch's DataLoader and samplers go through a dataset of 23 examples over two epochs after
manual_seed(21), and one number drawn afterwards, which shows how much of the stream was used.
"""

import torch
from torch.utils.data import (BatchSampler, DataLoader, RandomSampler, SequentialSampler, SubsetRandomSampler,
                              WeightedRandomSampler, random_split)

from fixture import save

N = 23
data = torch.arange(N)
cases = []


def epochs(name, make, own=None):
    torch.manual_seed(21)
    generator = None if own is None else torch.Generator().manual_seed(own)
    loader = make(generator)
    batches = [[batch.reshape(-1).tolist() for batch in loader] for _ in range(2)]
    case = {"name": name, "batches": batches, "then": int(torch.empty((), dtype=torch.int64).random_())}
    cases.append(case)
    if generator is not None:
        case["then_own"] = int(torch.empty((), dtype=torch.int64).random_(generator=generator))


epochs("sequential", lambda g: DataLoader(data, batch_size=6))
epochs("drop_last", lambda g: DataLoader(data, batch_size=6, drop_last=True))
epochs("single", lambda g: DataLoader(data, batch_size=None))
epochs("shuffle", lambda g: DataLoader(data, batch_size=6, shuffle=True))
epochs("shuffle_generator", lambda g: DataLoader(data, batch_size=6, shuffle=True, generator=g), 99)
epochs("replacement", lambda g: DataLoader(data, batch_size=6, sampler=RandomSampler(data, replacement=True, num_samples=70)))
epochs("more_samples", lambda g: DataLoader(data, batch_size=6, sampler=RandomSampler(data, num_samples=50, generator=g)), 99)
epochs("subset", lambda g: DataLoader(data, batch_size=2, sampler=SubsetRandomSampler([3, 1, 4, 15, 9])))
epochs("weighted", lambda g: DataLoader(data, batch_size=6, sampler=WeightedRandomSampler([float(i) for i in range(N)], 20)))
epochs("weighted_without", lambda g: DataLoader(data, batch_size=6, sampler=WeightedRandomSampler([float(i) for i in range(N)], 20, replacement=False)))
epochs("batch_sampler", lambda g: DataLoader(data, batch_sampler=BatchSampler(SequentialSampler(data), 5, True)))

torch.manual_seed(21)
splits = {"lengths": [part.indices for part in random_split(data, [10, 8, 5])],
          "fractions": [len(part) for part in random_split(range(10), [0.5, 0.25, 0.25])]}

save("loaders", cases)
save("splits", [splits])
