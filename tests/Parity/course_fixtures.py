"""What the documents of the course state, and what PyTorch prints for their programs: lines that the lessons must print."""

import torch
import torch.nn as nn
import torch.nn.functional as F

from fixture import save

lessons = {}


def note(lesson, *texts):
    """Texts that the output of a lesson must contain, in this order."""
    lessons.setdefault(lesson, []).extend(str(text) for text in texts)


def name(node):
    return "null" if node is None else node.name().rsplit("::", 1)[-1]


# -- The documents' own numbers, typed from them.
note("04-node-by-node", "gives (-7)", "gives (-7, null)", "gives (-7, -7)", "gives (-10.5, null)")
note("10-optimizers-by-hand", "0.900 with the correction, 0.684 without")
note("13-exploding-and-vanishing", "0.2500", "9.3e-10")
note("17-logistic-map", "4 − 8x", "16(1 − 10x + 24x² − 16x³)", "64(1 − 42x + 504x² − 2640x³ + 7040x⁴ − 9984x⁵ + 7168x⁶ − 2048x⁷)")
note("18-forward-mode", "0.693", "10", "−0.959", "10.693", "11.652", "0.5", "5.5")
note("19-reverse-mode", "−1", "−0.284", "1.716", "5.5")
note("21-linear-layer", "diff1 = 0.0", "diff2 = 0.0", "1.3e+10")

# -- 03 and 04: one step of the neuron.
w, b = torch.tensor(0.5, requires_grad=True), torch.tensor(-0.25, requires_grad=True)
((w * 1.5 + b - 4) ** 2).backward()
note("03-nine-rows", f"{w.grad.item():g}", f"{b.grad.item():g}")
note("04-node-by-node", f"w.Grad = {w.grad.item():g}, b.Grad = {b.grad.item():g}")

# -- 05: the tutorial on computation graphs.
x, y = torch.tensor([1.0, 2, 3], requires_grad=True), torch.tensor([4.0, 5, 6], requires_grad=True)
t = x + y
s = t.sum()
note("05-computation-graphs", t, name(t.grad_fn), s, name(s.grad_fn))
s.backward()
note("05-computation-graphs", x.grad)
(x + y).sum().backward()
note("05-computation-graphs", x.grad)
torch.manual_seed(1)
x, y = torch.randn(2, 2), torch.randn(2, 2)
note("05-computation-graphs", f"{x.requires_grad} {y.requires_grad}", (x + y).grad_fn)
z = x.requires_grad_() + y.requires_grad_()
note("05-computation-graphs", name(z.grad_fn), z.requires_grad, z, z.detach())

# -- 08: one training step of an MLP.
torch.manual_seed(0)
fc1, fc2 = nn.Linear(4, 5), nn.Linear(5, 10)
X, target = torch.randn(5, 4), torch.randint(0, 10, [5])
hidden = fc1(X)
logits = fc2(F.relu(hidden))
loss = F.cross_entropy(logits, target)
note("08-training-step", name(hidden.grad_fn), name(F.relu(hidden).grad_fn), name(logits.grad_fn), "loss = " + str(loss))
note("08-training-step", f"fc1.bias before {fc1.bias.detach()}")
loss.backward()
note("08-training-step", f"its gradient    {fc1.bias.grad}")
torch.optim.SGD([*fc1.parameters(), *fc2.parameters()], lr=0.1).step()
note("08-training-step", f"fc1.bias after  {fc1.bias.detach()}")
note("08-training-step", "loss after      " + str(F.cross_entropy(fc2(F.relu(fc1(X))), target).detach()))


# -- 10: Adam and SGD with momentum.
for make, label in ((lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9), "SGD"), (lambda p: torch.optim.Adam(p, lr=0.05), "Adam")):
    w = torch.tensor(-1.0, requires_grad=True)
    opt = make([w])
    for step in range(2):
        opt.zero_grad()
        ((w - 3) ** 2 * 0.5).backward()
        opt.step()
    note("10-optimizers-by-hand", f"{w.item():.7g}")
lessons["10-optimizers-by-hand"].append(lessons["10-optimizers-by-hand"].pop(0))

# -- 13: the slope of the sigmoid.
points = torch.tensor([-4.0, -1, 0, 1, 4], dtype=torch.float64, requires_grad=True)
torch.sigmoid(points).sum().backward()
lessons["13-exploding-and-vanishing"].insert(0, str(points.grad))


# -- 22: modules.
class MyLinear(nn.Module):
    def __init__(self, in_features, out_features):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(in_features, out_features))
        self.bias = nn.Parameter(torch.randn(out_features))

    def forward(self, x):
        return x @ self.weight + self.bias


class Net2(nn.Module):
    def __init__(self):
        super().__init__()
        self.l0, self.l1 = MyLinear(4, 3), MyLinear(3, 1)


torch.manual_seed(0)
layer = MyLinear(4, 3)
note("22-modules", layer(torch.randn(4)))
for parameter in layer.named_parameters():
    note("22-modules", f"({parameter[0]}, {parameter[1]})")
net = Net2()
note("22-modules", net, ", ".join(n for n, _ in net.named_parameters()), ", ".join(type(m).__name__ for m in net.children()))
big = nn.Sequential(MyLinear(5, 4), Net2(), nn.ReLU())
note("22-modules", ", ".join(type(m).__name__ for m in big.children()), ", ".join(type(m).__name__ for m in big.modules()))
note("22-modules", ", ".join(n or "''" for n, _ in big.named_modules()))
# PyTorch 2 prints equal modules of a list in one line; 1.13 does not yet.
note("22-modules", "(0-2): 3 x Linear(in_features=4, out_features=4, bias=True)")
scales = repr(nn.ParameterList([torch.ones(i + 1) for i in range(3)])).splitlines()
note("22-modules", *(line.strip() for line in scales[1:-1]), nn.ParameterDict({"shift": torch.zeros(4)}))

# -- 23: Linear's bounds.
torch.manual_seed(0)
linear = nn.Linear(16, 8)
low, high, bias = linear.weight.min().item(), linear.weight.max().item(), linear.bias.min().item()
note("23-parameters", f"{linear}: bound 1/√16 = 0.25, weights from {low:.3f} to {high:.3f}, biases from {bias:.3f}")


# -- 24: backward through two layers, and with the first frozen.
class TwoLayers(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1, self.layer2 = nn.Linear(4, 3), nn.Linear(3, 1)

    def forward(self, x):
        return self.layer2(torch.tanh(self.layer1(x)))


torch.manual_seed(0)
net = TwoLayers()
x = torch.randn(1, 4, requires_grad=True)
for frozen in (False, True):
    net.layer1.requires_grad_(not frozen)
    net.zero_grad(set_to_none=True)
    x.grad = None
    z = net(x)
    z.retain_grad()
    z.sum().backward()
    dw1 = net.layer1.weight.grad
    note("24-backward-through-modules", f"z   {z.detach()}", f"dz  {z.grad}", f"dw2 {net.layer2.weight.grad}")
    note("24-backward-through-modules", f"dw1 {'null' if dw1 is None else dw1}", f"dx  {x.grad}")

# -- 26 and 27: the same random numbers.
torch.manual_seed(0)
dropout, ones = nn.Dropout(0.5), torch.ones(10)
note("26-dropout", dropout(ones), dropout(ones), dropout.eval()(ones))
torch.manual_seed(0)
norm = nn.BatchNorm1d(3)
x = torch.randn(200, 3) * torch.tensor([0.1, 5, 40]) + torch.tensor([7.0, -3, 100])
after = norm(x).detach()
note("27-batch-norm", f"{after.min().item():.1f}, {after.max().item():.1f}", " ".join(f"{v:8.2f}" for v in norm.running_mean.tolist()))
for _ in range(49):
    norm(x)
note("27-batch-norm", " ".join(f"{v:8.2f}" for v in norm.running_mean.tolist()), " ".join(f"{v:8.2f}" for v in norm.running_var.tolist()))

save("course", [{"lesson": lesson, "prints": texts} for lesson, texts in sorted(lessons.items())])
