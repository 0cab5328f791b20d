using Adjoint.Nn;

namespace Adjoint.Published;

internal sealed record Heads(Linear Query, Linear Key);

internal readonly struct Gate(Linear inner)
{
    private readonly Linear _inner = inner;

    public Tensor Open(Tensor x) => _inner.Call(x).Sigmoid() * x;
}

internal sealed class Node<T>(T layer, Node<T>? next)
{
    private readonly T _layer = layer;

    public T Layer => _layer;

    public Node<T>? Next { get; } = next;
}

internal interface IStage
{
    Tensor Run(Tensor x);
}

internal sealed class Stage : IStage
{
    private readonly Linear _fc = new(8, 8);

    public Tensor Run(Tensor x) => _fc.Call(x).Tanh();
}

/// <summary>What the primary constructor captures is a field too.</summary>
internal sealed class Captured(Linear fc) : IStage
{
    public Tensor Run(Tensor x) => fc.Call(x).Tanh();
}

internal abstract class Block : Module
{
    private readonly Linear _shortcut = new(8, 8, bias: false);

    protected Tensor Shortcut(Tensor x) => _shortcut.Call(x);
}

internal sealed class Residual : Block
{
    private readonly Tensor scale = Tensor.Ones(8).AsParameter();

    protected override Tensor Forward(Tensor x) => x + Shortcut(x) * scale;
}

internal sealed class Net : Module
{
    private readonly Linear fc1 = new(4, 8);
    private readonly Heads heads = new(new(8, 8), new(8, 8));
    private readonly List<Linear> layers = [new(8, 8), new(8, 8)];
    private readonly Residual[] blocks = [new(), new()];
    private readonly Dictionary<string, Module> named = new() { ["norm"] = new BatchNorm1d(8), ["drop"] = new Dropout(0.1) };
    private readonly (Linear Up, Linear Down) pair = (new(8, 16), new(16, 8));
    private readonly Gate gate = new(new Linear(8, 8));
    private readonly Node<Linear> chain = new(new(8, 8), new(new(8, 8), null));
    private readonly IStage[] stages = [new Stage(), new Captured(new Linear(8, 8))];
    private readonly IReadOnlyList<Inner> inner = [new(), new()];
    private Tensor seen = Tensor.Zeros(8).AsBuffer();
    private Tensor shift = Tensor.Zeros(8).AsParameter();

    public Sequential Head { get; private set; } = new(new Linear(8, 8), new ReLU(), new Linear(8, 3));

    public void Plain() => shift = shift * 2;

    public void Replace() => Head = new Sequential(new Linear(8, 3));

    protected override Tensor Forward(Tensor x)
    {
        Tensor h = fc1.Call(x).Relu() + shift;
        h = h + heads.Query.Call(h) * heads.Key.Call(h).Sigmoid();
        foreach (Linear layer in layers) h = layer.Call(h).Tanh();
        foreach (Residual block in blocks) h = block.Call(h);
        h = named["drop"].Call(named["norm"].Call(h));
        h = gate.Open(pair.Down.Call(pair.Up.Call(h).Relu()));
        for (Node<Linear>? node = chain; node is not null; node = node.Next) h = node.Layer.Call(h);
        foreach (IStage stage in stages) h = stage.Run(h);
        foreach (Inner each in inner) h = each.Run(h);
        seen = seen * 0.9 + h.Detach().Mean(0) * 0.1;
        return Head.Call(h);
    }

    private sealed class Inner
    {
        private readonly Linear _only = new(8, 8);

        public Tensor Run(Tensor x) => _only.Call(x);
    }
}

internal sealed class Hidden : Module
{
    private readonly Lazy<Linear> _layer = new(() => new Linear(1, 1));

    protected override Tensor Forward(Tensor x) => _layer.Value.Call(x);
}
