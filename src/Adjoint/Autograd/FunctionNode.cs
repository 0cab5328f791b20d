namespace Adjoint;

/// <summary>The node of a <see cref="Function"/>: checks what the user's rules return, and fits it to the inputs.</summary>
internal sealed class FunctionNode : VariadicNode
{
    private readonly Function _function;
    private readonly TensorFacts[] _inputs;
    private readonly TensorFacts[] _outputs;
    private readonly bool[] _differentiable;

    internal FunctionNode(Function function, Tensor[] inputs, Tensor[] outputs, HashSet<Tensor> nonDifferentiable) : base(inputs)
    {
        _function = function;
        _inputs = Array.ConvertAll(inputs, TensorFacts.Of);
        _outputs = Array.ConvertAll(outputs, TensorFacts.Of);
        _differentiable = Array.ConvertAll(outputs, y => !nonDifferentiable.Contains(y));
    }

    public override string Name => _function.NodeName;

    internal override int OutputCount => _outputs.Length;

    internal override void ReleaseSaved() => _function.FreeSaved();

    internal override Tensor?[] Apply(Tensor?[] gradients)
    {
        var given = new Tensor?[gradients.Length];
        for (int i = 0; i < given.Length; i++)
        {
            given[i] = gradients[i];
            if (given[i] is { } g) g.Escape();
            else if (_function.MaterializeGrads && _outputs[i].DType.IsFloatingPoint) given[i] = Tensor.Zeros(_outputs[i].Shape, _outputs[i].DType);
        }

        using UserCode _ = UserCode.Here();
        IReadOnlyList<Tensor?> results;
        if (_function.IsOnceDifferentiable && GradMode.IsEnabled)
        {
            using (Autograd.NoGrad()) results = _function.RunBackward(given);
            if (History.AnyRequiresGrad(given)) results = [.. (results ?? []).Select(r => r is null ? null : NotTwice.Of(r, Name, given))];
        }
        else
        {
            results = _function.RunBackward(given);
        }
        return Fit(results);
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        IReadOnlyList<Tensor?> results;
        using (UserCode.Here()) results = _function.RunJvp(tangents);
        if (results is null) throw new AutogradException($"{Name}: Jvp returned null instead of a list. Return a list with null for each output without a tangent.");
        if (results.Count != _outputs.Length)
            throw new AutogradException($"{Name}: Jvp returned {results.Count} tangents, but the function has {_outputs.Length} outputs.");
        var checkedResults = new Tensor?[results.Count];
        for (int i = 0; i < checkedResults.Length; i++)
        {
            if (!_differentiable[i] || results[i] is not { } tangent) continue;
            if (!tangent.Shape.Equals(_outputs[i].Shape))
                throw new ShapeException($"{Name}: Jvp returned a tangent of shape {tangent.Shape} for output {i} of shape {_outputs[i].Shape}.");
            checkedResults[i] = tangent;
        }
        return checkedResults;
    }

    private Tensor?[] Fit(IReadOnlyList<Tensor?> results)
    {
        if (results is null)
            throw new AutogradException($"{Name}: Backward returned null instead of a list. Return a list with null for each input without a gradient.");
        for (int i = _inputs.Length; i < results.Count; i++)
        {
            if (results[i] is not null)
                throw new AutogradException($"{Name}: Backward returned {results.Count} gradients, but the function has {_inputs.Length} inputs.");
        }
        if (results.Count < _inputs.Length)
            throw new AutogradException($"{Name}: Backward returned {results.Count} gradients, but the function has {_inputs.Length} inputs. Return null for one without.");

        var fitted = new Tensor?[_inputs.Length];
        for (int i = 0; i < fitted.Length; i++)
        {
            if (results[i] is not { } gradient || !Needs(i)) continue;
            gradient.Escape();
            if (Layout.Broadcast(gradient.Shape, _inputs[i].Shape) is not { } shape || !shape.Equals(gradient.Shape))
                throw new ShapeException($"{Name}: Backward returned a gradient of shape {gradient.Shape} for input {i} of shape {_inputs[i].Shape}.");
            fitted[i] = gradient.To(_inputs[i].DType).SumTo(_inputs[i].Shape);
        }
        return fitted;
    }
}

/// <summary>Ends the graph behind a gradient of a once-differentiable function: going on is an error, not a wrong result.</summary>
internal sealed class NotTwice : VariadicNode
{
    private readonly string _function;

    private NotTwice(string function, Tensor?[] inputs) : base(inputs) => _function = function;

    public override string Name => "NotDifferentiable";

    internal static Tensor Of(Tensor gradient, string function, Tensor?[] inputs)
    {
        Tensor marked = gradient.Detach();
        marked.SetHistory(new NotTwice(function, inputs));
        return marked;
    }

    internal override Tensor?[] Apply(Tensor?[] gradients) =>
        throw new AutogradException($"{_function}: its backward was marked as once differentiable, so it cannot be differentiated again.");
}
