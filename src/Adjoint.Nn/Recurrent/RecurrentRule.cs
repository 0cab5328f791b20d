using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>
/// The rule of <see cref="RecurrentOp"/>: back through time. Its inputs are x, h, c and the weights; of derivatives of derivatives
/// <see cref="RecurrentComposite"/>'s is the rule.
/// </summary>
internal struct RecurrentRule : IRule
{
    private static readonly string[] s_names = ["input", "hx", "cx", "weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"];

    private readonly RecurrentKind _kind;
    private readonly RecurrentOrder _order;
    private readonly Saved[] _inputs;
    private Saved _gates, _kept, _before;

    internal RecurrentRule(
        Here here, RecurrentKind kind, RecurrentOrder order, ReadOnlySpan<Tensor?> inputs, Tensor gates, Tensor? kept, Tensor before)
    {
        (_kind, _order) = (kind, order);
        _inputs = new Saved[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i] is { } input) _inputs[i] = Saved.Input(here, input);
        _gates = Saved.Input(here, gates);
        if (kept is not null) _kept = Saved.Input(here, kept);
        _before = Saved.Input(here, before);
    }

    public readonly string NodeName => _kind switch
    {
        RecurrentKind.Lstm => "LstmBackward0",
        RecurrentKind.Gru => "GruBackward0",
        RecurrentKind.Relu => "RnnReluBackward0",
        _ => "RnnTanhBackward0",
    };

    public readonly int Results => _kind == RecurrentKind.Lstm ? 3 : 2;

    public readonly void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        var needed = new bool[dx.Length];
        for (int i = 0; i < needed.Length; i++) needed[i] = wanted[i];
        Tensor?[] inputs = Inputs(node);
        if (Here.Now.IsObserved)
        {
            Composed(inputs, g, needed, dx);
            return;
        }
        Door.RunMany(new RecurrentGradient(_kind, _order, needed), g[0], g[1], Results == 3 ? g[2] : null, inputs[0], inputs[3], inputs[4],
            inputs[7],
            _gates.Get(node), _kept.GetOrNull(node), _before.Get(node)).CopyTo(dx);
    }

    public readonly void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        Tensor?[] inputs = Inputs(node), tangents = t.ToArray();
        int[] moving = [.. Enumerable.Range(0, inputs.Length).Where(i => inputs[i] is not null && tangents[i] is not null)];
        RecurrentRule rule = this;
        (_, IReadOnlyList<Tensor> products) = Transforms.Jvp(
            xs =>
            {
                var all = (Tensor?[])inputs.Clone();
                for (int i = 0; i < moving.Length; i++) all[moving[i]] = xs[i];
                return rule.Outputs(all);
            },
            [.. moving.Select(i => inputs[i]!)], [.. moving.Select(i => tangents[i])], createGraph: true);
        for (int i = 0; i < products.Count; i++) dy[i] = products[i];
    }

    public readonly void Show(SavedValues to)
    {
        for (int i = 0; i < _inputs.Length; i++)
            if (_inputs[i].Exists) to.Add(s_names[i], _inputs[i]);
        to.Add("gates", _gates);
        if (_kept.Exists) to.Add("cells", _kept);
        to.Add("states", _before);
        to.Attributes.Add("batch_sizes", _order.BatchSizes);
        to.Attributes.Add("reverse", _order.IsReversed);
    }

    public void Free()
    {
        foreach (ref Saved saved in _inputs.AsSpan()) saved.Free();
        _gates.Free();
        _kept.Free();
        _before.Free();
    }

    private readonly Tensor?[] Inputs(Node node) => Array.ConvertAll(_inputs, saved => saved.GetOrNull(node));

    private readonly Tensor[] Outputs(Tensor?[] inputs)
    {
        (Tensor y, Tensor h, Tensor? c) = RecurrentComposite.Run(_kind, _order, inputs[0]!, inputs[1]!, inputs[2],
            new RecurrentWeights(inputs[3]!, inputs[4]!, inputs[5], inputs[6], inputs[7]));
        return c is null ? [y, h] : [y, h, c];
    }

    // The inputs as views: one that was computed from another is not to count as a way to it.
    private readonly void Composed(Tensor?[] inputs, ReadOnlySpan<Tensor?> g, bool[] needed, Span<Tensor?> dx)
    {
        using GradScope _ = Autograd.EnableGrad();
        Tensor?[] views = Array.ConvertAll(inputs, x => x?.View(x.Shape));
        Tensor[] outputs = Outputs(views);
        List<Tensor> reached = [], gradients = [], asked = [];
        for (int i = 0; i < outputs.Length; i++)
        {
            if (g[i] is not { } gradient || !outputs[i].RequiresGrad) continue;
            reached.Add(outputs[i]);
            gradients.Add(gradient);
        }
        for (int i = 0; i < views.Length; i++)
            if (needed[i]) asked.Add(views[i]!);
        Tensor?[] found = Autograd.Grad(reached, asked, gradients, createGraph: true, allowUnused: true);
        for (int i = 0, next = 0; i < views.Length; i++)
            if (needed[i]) dx[i] = found[next++];
    }
}
