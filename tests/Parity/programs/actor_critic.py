import math

import torch
import torch.nn.functional as F
from torch import nn


class Pole:
    """A pole on a cart (Barto, Sutton and Anderson 1983)."""

    def reset(self):
        self.state = [float(v) for v in torch.empty(4).uniform_(-0.05, 0.05)]
        return self.state

    def step(self, push):
        x, v, a, w = self.state
        force = 10.0 if push == 1 else -10.0
        cos, sin = math.cos(a), math.sin(a)
        temp = (force + 0.05 * w * w * sin) / 1.1
        turn = (9.8 * sin - cos * temp) / (0.5 * (4.0 / 3.0 - 0.1 * cos * cos / 1.1))
        move = temp - 0.05 * turn * cos / 1.1
        self.state = [x + 0.02 * v, v + 0.02 * move, a + 0.02 * w, w + 0.02 * turn]
        return self.state, abs(self.state[0]) > 2.4 or abs(self.state[2]) > 12 * math.pi / 180


class ActorCritic(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(4, 32)
        self.actor = nn.Linear(32, 2)
        self.critic = nn.Linear(32, 1)

    def forward(self, x):
        h = F.relu(self.hidden(x))
        return F.log_softmax(self.actor(h), dim=-1), self.critic(h)


torch.manual_seed(3)
net, pole = ActorCritic(), Pole()
opt = torch.optim.Adam(net.parameters(), lr=1e-2)
for episode in range(1, 13):
    state, done, rewards, logs, values = pole.reset(), False, [], [], []
    while not done and len(rewards) < 200:
        log, value = net(torch.tensor(state))
        action = torch.multinomial(log.exp(), 1).item()
        state, done = pole.step(action)
        logs.append(log[action])
        values.append(value[0])
        rewards.append(1.0)
    returns, total = [], 0.0
    for reward in reversed(rewards):
        total = reward + 0.99 * total
        returns.insert(0, total)
    returns = torch.tensor(returns)
    returns = (returns - returns.mean()) / (returns.std() + 1e-6)
    values = torch.stack(values)
    advantage = returns - values.detach()
    loss = -(torch.stack(logs) * advantage).sum() + F.smooth_l1_loss(values, returns, reduction="sum")
    opt.zero_grad()
    loss.backward()
    opt.step()
    print(f"episode {episode}: {len(rewards)} steps, loss {loss.item():.3f}")
