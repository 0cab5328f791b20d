import torch
import torch.nn.functional as F
from torch import nn

text = ("the sun rose over the hill and the sea lay still below it. the wind came from the west and went over the sea and the hill. "
        "the ship lay still on the sea and the crew slept. then the wind rose and the ship went with the wind to the west. ") * 4
letters = sorted(set(text))
number = {letter: i for i, letter in enumerate(letters)}
data = torch.tensor([number[letter] for letter in text])


class CharLstm(nn.Module):
    def __init__(self, letters, width):
        super().__init__()
        self.embedding = nn.Embedding(letters, 16)
        self.lstm = nn.LSTM(16, width, num_layers=2, batch_first=True)
        self.head = nn.Linear(width, letters)

    def forward(self, x, state=None):
        output, state = self.lstm(self.embedding(x), state)
        return self.head(output), state


torch.manual_seed(1)
net = CharLstm(len(letters), 64)
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
length, batch = 32, 8
for step in range(1, 151):
    starts = torch.randint(0, len(data) - length - 1, (batch,))
    x = torch.stack([data[s:s + length] for s in starts])
    y = torch.stack([data[s + 1:s + length + 1] for s in starts])
    scores, _ = net(x)
    loss = F.cross_entropy(scores.transpose(1, 2), y)
    opt.zero_grad()
    loss.backward()
    norm = nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if step % 25 == 0:
        print(f"step {step}: loss {loss.item():.3f} norm {norm.item():.2f}")

net.eval()
with torch.no_grad():
    state, written = None, "the "
    for letter in written:
        scores, state = net(torch.tensor([[number[letter]]]), state)
    for _ in range(60):
        probabilities = (scores[0, -1] / 0.5).softmax(-1)
        letter = letters[torch.multinomial(probabilities, 1).item()]
        written += letter
        scores, state = net(torch.tensor([[number[letter]]]), state)
print(written)
