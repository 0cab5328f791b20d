namespace Adjoint.Nn;

/// <summary>The rule of <see cref="CtcOp"/>; of derivatives of derivatives <see cref="CtcAlignment.Composed"/>'s is the rule.</summary>
internal struct CtcRule : IRule
{
    private static readonly string[] s_names = ["log_probs", "labels", "input_lengths", "ends"];

    private readonly Saved[] _inputs;
    private readonly int _blank;
    private readonly bool _zeroInfinity;
    private Saved _ways;

    internal CtcRule(Here here, ReadOnlySpan<Tensor?> inputs, Tensor ways, int blank, bool zeroInfinity)
    {
        _inputs = new Saved[inputs.Length];
        for (int i = 0; i < inputs.Length; i++) _inputs[i] = Saved.Input(here, inputs[i]!);
        _ways = Saved.Input(here, ways);
        (_blank, _zeroInfinity) = (blank, zeroInfinity);
    }

    public readonly string NodeName => "CtcLossBackward0";

    public readonly int Results => 1;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (!wanted[0]) return;
        if (!Here.Now.IsObserved)
        {
            dx[0] = Door.Run(
                new CtcGradientOp(_blank), g[0]!, Input(node, 0), Input(node, 1), Input(node, 2), Input(node, 3), _ways.Get(node));
            return;
        }
        using GradScope _ = Autograd.EnableGrad();
        // As a view: what it was computed from is not to be gone back to.
        Tensor x = Input(node, 0), view = x.View(x.Shape);
        dx[0] = Autograd.Grad([Composed(node, view)], [view], [g[0]], createGraph: true, allowUnused: true)[0];
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        CtcRule rule = this;
        dy[0] = Transforms.Jvp(x => [rule.Composed(node, x[0])], [Input(node, 0)], [t[0]!], createGraph: true).Products[0];
    }

    public readonly void Show(SavedValues to)
    {
        for (int i = 0; i < _inputs.Length; i++) to.Add(s_names[i], _inputs[i]);
        to.Add("log_alpha", _ways);
        to.Attributes.Add("blank", _blank);
        to.Attributes.Add("zero_infinity", _zeroInfinity);
    }

    public void Free()
    {
        foreach (ref Saved saved in _inputs.AsSpan()) saved.Free();
        _ways.Free();
    }

    private readonly Tensor Input(Node node, int i) => _inputs[i].Get(node);

    private readonly Tensor Composed(Node node, Tensor x) =>
        new CtcAlignment(Input(node, 1), Input(node, 2), Input(node, 3), _blank).Composed(x, _zeroInfinity);
}
