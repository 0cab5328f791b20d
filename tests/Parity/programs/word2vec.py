import torch
import torch.nn.functional as F
from torch import nn

text = ("the king rules the land and the queen rules the land the king loves the queen and the queen loves the king "
        "the dog chases the cat and the cat chases the mouse the dog eats meat and the cat eats fish").split()
words = sorted(set(text))
number = {word: i for i, word in enumerate(words)}
pairs = [(number[text[i]], number[text[j]]) for i in range(len(text)) for j in range(max(0, i - 2), min(len(text), i + 3)) if i != j]
centre, context = torch.tensor(pairs).T

# Skip-gram with negative sampling (Mikolov et al. 2013).
torch.manual_seed(1)
inside, outside = nn.Embedding(len(words), 8), nn.Embedding(len(words), 8)
opt = torch.optim.Adam([*inside.parameters(), *outside.parameters()], lr=0.02)
frequency = torch.bincount(torch.tensor([number[word] for word in text])).float().pow(0.75)
for epoch in range(1, 61):
    others = torch.multinomial(frequency, len(pairs) * 4, replacement=True).reshape(-1, 4)
    v = inside(centre)
    near = (v * outside(context)).sum(1)
    far = (outside(others) @ v.unsqueeze(2)).squeeze(2)
    loss = -(F.logsigmoid(near) + F.logsigmoid(-far).sum(1)).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 10 == 0:
        print(f"epoch {epoch}: loss {loss.item():.4f}")
with torch.no_grad():
    for word in ["king", "dog"]:
        like = F.cosine_similarity(inside.weight[number[word]].unsqueeze(0), inside.weight)
        best = like.topk(3)
        print(word, *[f"{words[i]} {s:.3f}" for s, i in zip(best.values.tolist()[1:], best.indices.tolist()[1:])])
