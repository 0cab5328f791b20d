"""Whole networks as people write them: text, initial bits, outputs, gradients, twenty steps; and their states in one file of PyTorch.

tests/Adjoint.Nn.Tests/Networks has the same networks. networks.pt holds each one's state before training in float64, for which the outputs are
those of its case.
"""

import re

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import parametrizations
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from fixture import FOLDER, save
from layers import SEED, case, tensor, weight_norm

STEPS, RATE = 20, 0.01


class UNet(nn.Module):
    @staticmethod
    def double(inputs, outputs, d):
        return nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False, dtype=d), nn.BatchNorm2d(outputs, dtype=d), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding="same", padding_mode="reflect", dtype=d), nn.InstanceNorm2d(outputs, affine=True, dtype=d),
            nn.LeakyReLU(0.1))

    def __init__(self, d):
        super().__init__()
        self.down1, self.down2 = UNet.double(1, 3, d), UNet.double(3, 4, d)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(4, 3, 2, stride=2, dtype=d)
        self.up1 = UNet.double(6, 3, d)
        self.upsample = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)
        self.out = nn.Conv2d(7, 2, 1, dtype=d)

    def forward(self, x):
        a = self.down1(x)
        b = self.down2(self.pool(a))
        c = self.up1(torch.cat([a, self.up(b)], 1))
        return self.out(torch.cat([c, self.upsample(b)], 1))


class Seq2Seq(nn.Module):
    """A GRU reads, another answers word by word with additive attention (Bahdanau et al. 2014)."""

    def __init__(self, d):
        super().__init__()
        self.src, self.tgt = nn.Embedding(7, 4, padding_idx=0, dtype=d), nn.Embedding(6, 4, dtype=d)
        self.encoder = nn.GRU(4, 3, batch_first=True, bidirectional=True, dtype=d)
        self.bridge = nn.Linear(6, 5, dtype=d)
        self.attn_w, self.attn_v = nn.Linear(6 + 5, 4, dtype=d), nn.Linear(4, 1, bias=False, dtype=d)
        self.cell = nn.GRUCell(4 + 6, 5, dtype=d)
        self.dropout = nn.Dropout(0.2)
        self.out = nn.Linear(5 + 6 + 4, 6, dtype=d)

    def forward(self, src, tgt):
        memory, last = self.encoder(self.src(src))
        h = torch.tanh(self.bridge(torch.cat([last[0], last[1]], -1)))
        scores, blocked = [], (src == 0)
        for t in range(tgt.shape[1]):
            word = self.dropout(self.tgt(tgt[:, t]))
            wide = torch.cat([memory, h.unsqueeze(1).expand(-1, memory.shape[1], -1)], -1)
            energy = self.attn_v(torch.tanh(self.attn_w(wide))).squeeze(-1).masked_fill(blocked, float("-inf"))
            context = torch.bmm(F.softmax(energy, -1).unsqueeze(1), memory).squeeze(1)
            h = self.cell(torch.cat([word, context], -1), h)
            scores.append(self.out(torch.cat([h, context, word], -1)))
        return F.log_softmax(torch.stack(scores, 1), -1)


class Tagger(nn.Module):
    """A bidirectional LSTM with projections over sequences of several lengths."""

    LENGTHS = [3, 5, 1]

    def __init__(self, d):
        super().__init__()
        self.norm = nn.LayerNorm(3, dtype=d)
        self.lstm = nn.LSTM(3, 4, num_layers=2, dropout=0.25, bidirectional=True, proj_size=2, batch_first=True, dtype=d)
        self.mix = nn.Bilinear(2, 2, 3, dtype=d)

    def forward(self, x):
        packed = pack_padded_sequence(self.norm(x), self.LENGTHS, batch_first=True, enforce_sorted=False)
        y, (h, c) = self.lstm(packed)
        y, _ = pad_packed_sequence(y, batch_first=True, padding_value=-1.0)
        left, right = y.chunk(2, -1)
        return self.mix(left.contiguous(), right.contiguous()), h, c


class ViT(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.patch = nn.Conv2d(2, 6, 2, stride=2, dtype=d)
        self.cls = nn.Parameter(torch.zeros(1, 1, 6, dtype=d))
        self.pos = nn.Parameter(torch.empty(1, 5, 6, dtype=d))
        nn.init.trunc_normal_(self.pos, std=0.02)
        layer = nn.TransformerEncoderLayer(6, 3, 8, dropout=0.1, activation="gelu", batch_first=True, norm_first=True, dtype=d)
        self.blocks = nn.TransformerEncoder(layer, 2, norm=nn.LayerNorm(6, dtype=d))
        self.head = nn.Linear(6, 3, dtype=d)
        nn.init.zeros_(self.head.bias)

    def forward(self, x):
        x = self.patch(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls.expand(x.shape[0], -1, -1), x], 1) + self.pos
        return self.head(self.blocks(x)[:, 0])


class Gan(nn.Module):
    """A DCGAN: what the discriminator says of generated and of real pictures."""

    def __init__(self, d):
        super().__init__()
        self.generator = nn.Sequential(
            nn.ConvTranspose2d(3, 4, 2, bias=False, dtype=d), nn.BatchNorm2d(4, dtype=d), nn.ReLU(),
            nn.ConvTranspose2d(4, 1, 4, stride=2, padding=1, output_padding=1, bias=False, dtype=d), nn.Tanh())
        spectral = parametrizations.spectral_norm
        self.discriminator = nn.Sequential(
            spectral(nn.Conv2d(1, 3, 3, stride=2, padding=1, dtype=d)), nn.LeakyReLU(0.2), nn.Dropout2d(0.3),
            spectral(nn.Conv2d(3, 1, 3, dtype=d)), nn.Flatten(), nn.Sigmoid())
        self.apply(Gan.drawn)

    @staticmethod
    def drawn(module):
        if isinstance(module, nn.ConvTranspose2d):
            nn.init.normal_(module.weight, 0.0, 0.2)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, 0.02)
            nn.init.constant_(module.bias, 0.0)

    def forward(self, z, real):
        made = self.generator(z)
        return made, self.discriminator(made), self.discriminator(real)


class Bottleneck(nn.Module):
    def __init__(self, inputs, wide, stride, d):
        super().__init__()
        self.conv1, self.gn1 = nn.Conv2d(inputs, wide, 1, bias=False, dtype=d), nn.GroupNorm(2, wide, dtype=d)
        self.conv2, self.gn2 = nn.Conv2d(wide, wide, 3, stride, 1, groups=2, bias=False, dtype=d), nn.GroupNorm(2, wide, dtype=d)
        self.conv3, self.gn3 = nn.Conv2d(wide, 2 * wide, 1, bias=False, dtype=d), nn.GroupNorm(2, 2 * wide, dtype=d)
        self.relu = nn.ReLU()
        self.downsample = None
        if stride != 1 or inputs != 2 * wide:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, 2 * wide, 1, stride, bias=False, dtype=d), nn.GroupNorm(2, 2 * wide, dtype=d))

    def forward(self, x):
        y = self.gn3(self.conv3(self.relu(self.gn2(self.conv2(self.relu(self.gn1(self.conv1(x))))))))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(2, 4, 3, padding=1, bias=False, dtype=d), nn.GroupNorm(2, 4, dtype=d), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.layer1 = Bottleneck(4, 2, 1, d)
        self.layer2 = nn.Sequential(Bottleneck(4, 4, 2, d), Bottleneck(8, 4, 1, d))
        self.pool, self.fc = nn.AdaptiveAvgPool2d((1, 1)), nn.Linear(8, 3, dtype=d)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        nn.init.zeros_(self.layer2[1].gn3.weight)

    def forward(self, x):
        return self.fc(torch.flatten(self.pool(self.layer2(self.layer1(self.stem(x)))), 1))


class Autoencoder(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.conv1, self.act1 = nn.Conv2d(1, 3, 3, padding=1, padding_mode="circular", dtype=d), nn.PReLU(3, dtype=d)
        self.pool = nn.MaxPool2d(2, return_indices=True)
        self.conv2, self.act2 = nn.Conv2d(3, 4, 2, dilation=2, dtype=d), nn.ELU()
        self.code = nn.Sequential(nn.Flatten(), nn.Linear(4, 3, dtype=d), nn.Softplus(1.0, 20.0), nn.Linear(3, 4, dtype=d), nn.Unflatten(1, (4, 1, 1)))
        self.up2, self.act3 = nn.ConvTranspose2d(4, 3, 2, dilation=2, dtype=d), nn.PReLU(dtype=d)
        self.unpool = nn.MaxUnpool2d(2)
        self.up1 = nn.ConvTranspose2d(3, 1, 3, padding=1, dtype=d)

    def forward(self, x):
        y, places = self.pool(self.act1(self.conv1(x)))
        code = self.code(self.act2(self.conv2(y)))
        return torch.sigmoid(self.up1(self.unpool(self.act3(self.up2(code)), places))), code


class Texts(nn.Module):
    """A classifier of bags of words, given one after the other with the beginning of each."""

    def __init__(self, d):
        super().__init__()
        self.words = nn.EmbeddingBag(9, 4, mode="sum", padding_idx=2, dtype=d)
        self.pairs = nn.EmbeddingBag(5, 3, mode="mean", dtype=d)
        self.top = nn.EmbeddingBag(9, 2, mode="max", dtype=d)
        self.fc = nn.Sequential(nn.Linear(9, 6, dtype=d), nn.BatchNorm1d(6, dtype=d), nn.GELU(), nn.AlphaDropout(0.2), nn.Linear(6, 3, dtype=d))
        self.init_weights()

    def init_weights(self):
        self.words.weight.data.uniform_(-0.5, 0.5)
        self.fc[0].weight.data.uniform_(-0.5, 0.5)
        self.fc[0].bias.data.zero_()

    def forward(self, text, offsets, weights):
        return self.fc(torch.cat([self.words(text, offsets, weights), self.pairs(text % 5, offsets), self.top(text, offsets)], 1))


class Decoder(nn.Module):
    """A decoder of a transformer with masks; the words' vectors are its last layer, too."""

    def __init__(self, d):
        super().__init__()
        self.embedding = nn.Embedding(7, 6, dtype=d)
        self.register_buffer("pe", tensor(5, 6, step=0.7).to(d).unsqueeze(1))
        self.decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(6, 2, 8, dropout=0.1, dtype=d), num_layers=2, norm=nn.LayerNorm(6, dtype=d))
        self.out = nn.Linear(6, 7, dtype=d)
        for p in self.decoder.parameters():
            if p.dim() > 1:
                nn.init.xavier_uniform_(p)
        self.out.weight = self.embedding.weight

    def forward(self, words, memory):
        mask = torch.triu(torch.full((words.shape[0],) * 2, float("-inf"), dtype=memory.dtype), 1)
        x = self.embedding(words) * 6 ** 0.5 + self.pe[:words.shape[0]]
        y = self.decoder(x, memory, tgt_mask=mask, tgt_key_padding_mask=(words == 0).t(), memory_key_padding_mask=memory[:, :, 0].t() > 0.9)
        return self.out(y)


class Tcn(nn.Module):
    """Convolutions that look at the past only (Bai et al. 2018)."""

    class Block(nn.Module):
        def __init__(self, inputs, outputs, dilation, d):
            super().__init__()
            pad = 2 * dilation
            self.conv1 = weight_norm(nn.Conv1d(inputs, outputs, 3, padding=pad, dilation=dilation, dtype=d))
            self.conv2 = weight_norm(nn.Conv1d(outputs, outputs, 3, padding=pad, dilation=dilation, dtype=d))
            self.relu1, self.relu2, self.relu = nn.ReLU(), nn.SiLU(), nn.ReLU()
            self.dropout1 = nn.Dropout(0.1)
            self.downsample = nn.Conv1d(inputs, outputs, 1, dtype=d) if inputs != outputs else None
            self.pad = pad

        def forward(self, x):
            y = self.dropout1(self.relu1(self.conv1(x)[:, :, :-self.pad].contiguous()))
            y = self.relu2(self.conv2(y)[:, :, :-self.pad].contiguous())
            return self.relu(y + (x if self.downsample is None else self.downsample(x)))

    def __init__(self, d):
        super().__init__()
        self.network = nn.Sequential(*(Tcn.Block(2 if i == 0 else 3, 3, 2 ** i, d) for i in range(3)))
        self.linear = nn.Linear(3, 2, dtype=d)

    def forward(self, x):
        return self.linear(self.network(x)[:, :, -1])


class Hardsigmoid(nn.Module):
    """PyTorch's own takes 1/6 in float32 for its gradient, of doubles, too."""

    def forward(self, x):
        return F.relu6(x + 3) / 6


class Mobile(nn.Module):
    """Depthwise convolutions with squeeze and excitation, as in MobileNet V3, and a pixel shuffle."""

    class Block(nn.Module):
        def __init__(self, wide, d):
            super().__init__()
            self.depth = nn.Conv2d(wide, wide, 3, padding=1, groups=wide, bias=False, dtype=d)
            self.bn = nn.BatchNorm2d(wide, eps=1e-3, momentum=0.01, dtype=d)
            self.squeeze = nn.Sequential(
                nn.AdaptiveAvgPool2d(1), nn.Conv2d(wide, 2, 1, dtype=d), nn.ReLU6(), nn.Conv2d(2, wide, 1, dtype=d), Hardsigmoid())
            self.act = nn.Hardswish()

        def forward(self, x):
            y = self.act(self.bn(self.depth(x)))
            return x + y * self.squeeze(y)

    def __init__(self, d):
        super().__init__()
        self.stem = nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(2, 4, 3, stride=2, dtype=d), nn.Hardswish())
        self.blocks = nn.ModuleList([Mobile.Block(4, d) for _ in range(2)])
        self.heads = nn.ModuleDict({"class": nn.Linear(4, 3, dtype=d), "picture": nn.PixelShuffle(2)})
        self.scale = nn.ParameterList([nn.Parameter(torch.ones(1, dtype=d)), nn.Parameter(torch.full((2,), 0.5, dtype=d))])

    def forward(self, x):
        x = self.stem(x)
        for block in self.blocks:
            x = block(x)
        mean = F.adaptive_avg_pool2d(x, 1).flatten(1)
        return self.heads["class"](mean) * self.scale[0], self.heads["picture"](x) * self.scale[1].mean(), F.normalize(mean, dim=1)


def quoted(layer):
    """PyTorch 2 prints words as Python does, in quotes."""
    text = layer.extra_repr
    layer.extra_repr = lambda self: re.sub(r"mode=(\w+)", r"mode='\1'", text(self))


def words(*rows):
    return torch.tensor(rows)


if __name__ == "__main__":
    for layer in (nn.EmbeddingBag, nn.Upsample):
        quoted(layer)
    image = tensor(2, 2, 8, 8)
    # erfinv of PyTorch is what the C library's erff makes of it: its last bit is another one on another system.
    computed = ("_u", "_v", "original0", "pos")
    NETWORKS = {
        "unet": (UNet, [tensor(2, 1, 8, 8)]),
        "seq2seq": (Seq2Seq, [words([1, 2, 3, 4], [5, 6, 0, 0]), words([0, 1, 2], [3, 4, 5])]),
        "tagger": (Tagger, [tensor(3, 5, 3)]),
        "vit": (ViT, [tensor(3, 2, 4, 4)]),
        "gan": (Gan, [tensor(3, 3, 1, 1), tensor(3, 1, 5, 5, step=0.6)]),
        "resnet": (ResNet, [image]),
        "autoencoder": (Autoencoder, [tensor(2, 1, 6, 6)]),
        "texts": (Texts, [torch.tensor([1, 5, 2, 8, 0, 3, 3, 7]), torch.tensor([0, 3, 3, 5]), tensor(8, step=0.3)]),
        "decoder": (Decoder, [words([1, 2], [3, 4], [5, 6], [6, 0]), tensor(3, 2, 6)]),
        "tcn": (Tcn, [tensor(3, 2, 9)]),
        "mobile": (Mobile, [image]),
    }
    save("networks", [
        case(name, net, inputs, computed=computed, steps=STEPS, rate=RATE) for name, (net, inputs) in NETWORKS.items()])
    states = {}
    for name, (net, _) in NETWORKS.items():
        torch.manual_seed(SEED)
        states[name] = net(torch.float64).state_dict()
    # As the older weight_norm of PyTorch names them.
    states["tcn.old"] = {
        key.replace("parametrizations.weight.original0", "weight_g").replace("parametrizations.weight.original1", "weight_v"): x
        for key, x in states["tcn"].items()}
    torch.save(states, FOLDER / "files" / "networks.pt")
