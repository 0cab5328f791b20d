namespace Adjoint;

/// <summary>The rule of a <see cref="Function"/>: checks what the user's rules return, and fits it to the inputs.</summary>
internal readonly struct FunctionRule : IRule
{
    private readonly Function _function;
    private readonly TensorFacts[] _inputs;
    private readonly TensorFacts[] _outputs;
    private readonly bool[] _differentiable;

    internal FunctionRule(Function function, Tensor[] inputs, Tensor[] outputs, HashSet<Tensor> nonDifferentiable)
    {
        _function = function;
        _inputs = Array.ConvertAll(inputs, TensorFacts.Of);
        _outputs = Array.ConvertAll(outputs, TensorFacts.Of);
        _differentiable = Array.ConvertAll(outputs, y => !nonDifferentiable.Contains(y));
    }

    public static bool RunsUserCode => true;

    public string NodeName => _function.NodeName;

    public int Results => _outputs.Length;

    public void Free() => _function.FreeSaved();

    public void Vjp(Node node, ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> dx)
    {
        var given = new Tensor?[gradients.Length];
        for (int i = 0; i < given.Length; i++)
        {
            given[i] = gradients[i];
            if (given[i] is null && _function.MaterializeGrads && _outputs[i].DType.IsFloatingPoint)
                given[i] = Tensor.Zeros(_outputs[i].Shape, _outputs[i].DType);
        }

        using UserCode _ = UserCode.Here();
        IReadOnlyList<Tensor?> results;
        if (_function.IsOnceDifferentiable && GradMode.IsEnabled)
        {
            using (Autograd.NoGrad()) results = _function.RunBackward(given);
            string name = NodeName;
            if (History.AnyRequiresGrad(given)) results = [.. (results ?? []).Select(r => r is null ? null : NotTwice.Of(r, name, given))];
        }
        else
        {
            results = _function.RunBackward(given);
        }
        Fit(results, wanted, dx);
    }

    public void Jvp(Node node, ReadOnlySpan<Tensor?> tangents, Span<Tensor?> dy)
    {
        IReadOnlyList<Tensor?> results;
        using (UserCode.Here()) results = _function.RunJvp(tangents.ToArray());
        if (results is null)
            throw new AutogradException(
                $"{NodeName}: Jvp returned null instead of a list. Return a list with null for each output without a tangent.");
        if (results.Count != _outputs.Length)
            throw new AutogradException(
                $"{NodeName}: Jvp returned {results.Count} tangents, but the function has {_outputs.Length} outputs.");
        for (int i = 0; i < dy.Length; i++)
        {
            if (!_differentiable[i] || results[i] is not { } tangent) continue;
            if (!tangent.Shape.Equals(_outputs[i].Shape))
                throw new ShapeException(
                    $"{NodeName}: Jvp returned a tangent of shape {tangent.Shape} for output {i} of shape {_outputs[i].Shape}.");
            dy[i] = tangent;
        }
    }

    private void Fit(IReadOnlyList<Tensor?> results, Wanted wanted, Span<Tensor?> dx)
    {
        if (results is null)
            throw new AutogradException(
                $"{NodeName}: Backward returned null instead of a list. Return a list with null for each input without a gradient.");
        for (int i = _inputs.Length; i < results.Count; i++)
        {
            if (results[i] is not null)
                throw new AutogradException(
                    $"{NodeName}: Backward returned {results.Count} gradients, but the function has {_inputs.Length} inputs.");
        }
        if (results.Count < _inputs.Length)
            throw new AutogradException(
                $"{NodeName}: Backward returned {results.Count} gradients, but the function has {_inputs.Length} inputs. Return null "
                + "for one without.");

        for (int i = 0; i < dx.Length; i++)
        {
            if (results[i] is not { } gradient || !wanted[i]) continue;
            if (Layout.Broadcast(gradient.Shape, _inputs[i].Shape) is not { } shape || !shape.Equals(gradient.Shape))
                throw new ShapeException(
                    $"{NodeName}: Backward returned a gradient of shape {gradient.Shape} for input {i} of shape {_inputs[i].Shape}.");
            dx[i] = gradient.To(_inputs[i].DType).SumTo(_inputs[i].Shape);
        }
    }
}

/// <summary>Ends the graph behind a gradient of a once-differentiable function: going on is an error, not a wrong result.</summary>
internal readonly struct NotTwice(string function) : IRule
{
    public string NodeName => "NotDifferentiable";

    public int Results => 1;

    internal static Tensor Of(Tensor gradient, string function, Tensor?[] inputs)
    {
        Tensor marked = gradient.Detach();
        marked.SetHistory(new RuleNode<NotTwice>(Here.Now, new NotTwice(function), inputs));
        return marked;
    }

    public void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx) =>
        throw new AutogradException($"{function}: its backward was marked as once differentiable, so it cannot be differentiated again.");

    public void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy) =>
        throw new MissingRuleException($"{NodeName}: forward mode is not available for this operation. Use reverse mode (Backward, Vjp).");
}
