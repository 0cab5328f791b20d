import math

import torch
import torch.nn.functional as F
from torch import nn

text = ("a bird in the hand is worth two in the bush. all that glitters is not gold. still waters run deep. the early bird catches the "
        "worm. a rolling stone gathers no moss. where there is smoke there is fire. ") * 4
letters = sorted(set(text))
number = {letter: i for i, letter in enumerate(letters)}
data = torch.tensor([number[letter] for letter in text])
context, width, heads, blocks = 32, 48, 4, 2


class CausalSelfAttention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.register_buffer("mask", torch.tril(torch.ones(context, context)).view(1, 1, context, context))

    def forward(self, x):
        n, t, c = x.shape
        q, k, v = (part.view(n, t, heads, c // heads).transpose(1, 2) for part in self.qkv(x).split(c, dim=2))
        scores = (q @ k.transpose(-2, -1)) / math.sqrt(c // heads)
        scores = scores.masked_fill(self.mask[:, :, :t, :t] == 0, float("-inf"))
        return self.out((F.softmax(scores, dim=-1) @ v).transpose(1, 2).contiguous().view(n, t, c))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln1, self.attention, self.ln2 = nn.LayerNorm(width), CausalSelfAttention(), nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        x = x + self.attention(self.ln1(x))
        return x + self.mlp(self.ln2(x))


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.places = nn.Embedding(len(letters), width), nn.Embedding(context, width)
        self.blocks = nn.Sequential(*[Block() for _ in range(blocks)])
        self.ln = nn.LayerNorm(width)
        self.head = nn.Linear(width, len(letters), bias=False)
        self.apply(self.initialize)

    @staticmethod
    def initialize(module):
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, mean=0.0, std=0.02)
        if isinstance(module, nn.Linear) and module.bias is not None:
            nn.init.zeros_(module.bias)

    def forward(self, x):
        h = self.tokens(x) + self.places(torch.arange(x.shape[1]))
        return self.head(self.ln(self.blocks(h)))

    @torch.no_grad()
    def generate(self, x, steps, temperature, top_k):
        for _ in range(steps):
            scores = self(x[:, -context:])[:, -1, :] / temperature
            least = scores.topk(top_k).values[:, [-1]]
            scores[scores < least] = float("-inf")
            x = torch.cat([x, torch.multinomial(F.softmax(scores, dim=-1), 1)], dim=1)
        return x


torch.manual_seed(1)
net = Gpt()
print(f"{sum(p.numel() for p in net.parameters())} parameters")
# Weights decay, biases, norms and vectors do not.
decays = [p for p in net.parameters() if p.dim() >= 2]
others = [p for p in net.parameters() if p.dim() < 2]
opt = torch.optim.AdamW([{"params": decays, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}], lr=3e-3, betas=(0.9, 0.95))
schedule = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min((s + 1) / 20, 0.5 * (1 + math.cos(math.pi * s / 150))))
for step in range(1, 151):
    starts = torch.randint(0, len(data) - context - 1, (8,))
    x = torch.stack([data[s:s + context] for s in starts])
    y = torch.stack([data[s + 1:s + context + 1] for s in starts])
    scores = net(x)
    loss = F.cross_entropy(scores.view(-1, scores.size(-1)), y.view(-1))
    opt.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    schedule.step()
    if step % 25 == 0:
        print(f"step {step}: loss {loss.item():.3f} lr {schedule.get_last_lr()[0]:.6f}")
net.eval()
start = torch.tensor([[number[letter] for letter in "the "]])
print("".join(letters[i] for i in net.generate(start, 60, temperature=0.7, top_k=5)[0].tolist()))
