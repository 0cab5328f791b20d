namespace Adjoint.Tests.Surface.Words;

/// <summary>Optimizers, schedules, data, and loops.</summary>
internal static class TrainingGuesses
{
    internal static readonly (string Guess, string Same)[] Lines =
    [
        ("new SGD(net.Parameters(), lr: 0.1).ParamGroups[0].Lr", "0.1"),
        ("new SGD(net.Parameters(), 0.1, momentum: 0.9).ParamGroups[0][\"momentum\"]", "0.9"),
        ("new SGD([w], lr: 0.1).ParamGroups.Count", "1"),
        ("new Adam(net.Parameters()).ParamGroups[0].Lr", "0.001"),
        ("new Adam(net.Parameters(), lr: 1e-3, betas: (0.9, 0.99)).Defaults[\"beta2\"]", "0.99"),
        ("new Adam(net.Parameters(), 1e-3, (0.8, 0.99)).Defaults[\"beta1\"]", "0.8"),
        ("new Adam(net.Parameters(), betas: (0, 0.99)).Defaults[\"beta1\"]", "0.0"),
        ("new AdamW(net.Parameters(), betas: (0.9, 0.95), weightDecay: 0.1).Defaults[\"beta2\"]", "0.95"),
        ("new NAdam(net.Parameters(), betas: (0.9, 0.95)).Defaults[\"beta2\"]", "0.95"),
        ("new RAdam(net.Parameters(), betas: (0.9, 0.95)).Defaults[\"beta2\"]", "0.95"),
        ("new Adamax(net.Parameters(), betas: (0.9, 0.95)).Defaults[\"beta2\"]", "0.95"),
        ("new SGD([new ParamGroup([w]) { [\"lr\"] = 0.5 }], lr: 0.1).ParamGroups[0].Lr", "0.5"),
        ("new SGD([new ParamGroup([w]) { Lr = 0.5 }], lr: 0.1).ParamGroups[0].Lr", "0.5"),
        ("Do(() => { var o = new SGD([w], 0.1); foreach (var g in o.ParamGroups) g.Lr *= 0.5; return o.ParamGroups[0].Lr; })", "0.05"),
        ("Do(() => { var t = w; var o = new SGD([t], 1); o.ZeroGrad(); t.Sum().Backward(); o.Step(); return t.Detach(); })",
            "Tensor.Arange(3).Float()"),
        ("Do(() => { var o = new SGD([w], 1); var s = new StepLR(o, 1, gamma: 0.5); s.Step(); return s.LastLr[0]; })", "0.5"),
        ("Do(() => { var o = new SGD([w], 1); var s = new LambdaLR(o, e => 1.0 / (1 + e)); s.Step(); return o.ParamGroups[0].Lr; })",
            "0.5"),
        ("data.Count", "2"),
        ("data[0][0]", "x[0]"),
        ("Do(() => { var (a, b) = data.All(); return a; })", "x"),
        ("new DataLoader(data, 2).Count", "1"),
        ("new DataLoader(data, batchSize: 1, shuffle: true).Count()", "2"),
        ("Do(() => { Tensor s = 0; foreach (var (a, b) in new DataLoader(data, 2)) s += a.Sum(); return s; })", "x.Sum()"),
        ("Do(() => { foreach (var batch in new DataLoader(data, 2)) return batch[0]; return null; })", "x"),
        ("new DataLoader(data, 2).First()[1]", "Tensor.From([0L, 1L])"),
        ("(data + data).Count", "4"),
        ("data.RandomSplit([1, 1]).Length", "2"),
        ("Gradients.ClipNorm(net.Parameters(), 1.0)", "0.0"),
        ("Do(() => { Rng.ManualSeed(1); return Tensor.Rand(1); })", "Tensor.Rand([1], generator: new Generator(1))"),
        ("Autograd.IsGradEnabled", "true"),
    ];
}
