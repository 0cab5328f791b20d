namespace Adjoint.Nn;

/// <summary>
/// One call of a module with backward hooks: a node behind its output, which keeps the gradient that arrives, and one before its
/// inputs, which hands both to the hooks.
/// </summary>
internal sealed class BackwardHooks(Module module, HookList<Func<Module, Tensor?[], Tensor?[], Tensor?[]?>> hooks)
{
    private Tensor?[] _gradOutput = [];
    private int[] _differentiable = [];
    private int[]? _outputs;
    private int _inputs, _outputCount;

    /// <summary>The inputs as the module is to see them.</summary>
    internal Tensor[] Enter(Tensor[] inputs)
    {
        _inputs = inputs.Length;
        _differentiable = [.. Enumerable.Range(0, inputs.Length).Where(i => inputs[i].RequiresGrad)];
        Tensor[] passed = Boundary.Pass([.. _differentiable.Select(i => inputs[i])], LeaveBackward);
        Tensor[] all = [.. inputs];
        for (int i = 0; i < passed.Length; i++) all[_differentiable[i]] = passed[i];
        return all;
    }

    /// <summary>The output as the user is to see it.</summary>
    internal Tensor Leave(Tensor output) => output.RequiresGrad ? Boundary.Pass([output], EnterBackward)[0] : output;

    /// <summary>The tensors of an output of several, as the user is to see them.</summary>
    internal Tensor[] Leave(Tensor[] outputs)
    {
        _outputs = [.. Enumerable.Range(0, outputs.Length).Where(i => outputs[i].RequiresGrad)];
        _outputCount = outputs.Length;
        Tensor[] passed = Boundary.Pass([.. _outputs.Select(i => outputs[i])], EnterBackward);
        Tensor[] all = [.. outputs];
        for (int i = 0; i < passed.Length; i++) all[_outputs[i]] = passed[i];
        return all;
    }

    private Tensor?[] EnterBackward(Tensor?[] gradOutput)
    {
        _gradOutput = gradOutput;
        if (_outputs is not null)
        {
            _gradOutput = new Tensor?[_outputCount];
            for (int i = 0; i < gradOutput.Length; i++) _gradOutput[_outputs[i]] = gradOutput[i];
        }
        // Without an input that requires grad the pass never comes to the other side.
        if (_differentiable.Length == 0) Run(new Tensor?[_inputs]);
        return gradOutput;
    }

    private Tensor?[] LeaveBackward(Tensor?[] gradients)
    {
        var gradInput = new Tensor?[_inputs];
        for (int i = 0; i < gradients.Length; i++) gradInput[_differentiable[i]] = gradients[i];
        Tensor?[] replaced = Run(gradInput);
        return [.. _differentiable.Select(i => replaced[i])];
    }

    private Tensor?[] Run(Tensor?[] gradInput)
    {
        foreach (var (_, hook) in hooks.All)
        {
            if (hook(module, gradInput, _gradOutput) is not { } replaced) continue;
            if (replaced.Length != _inputs)
                throw new AutogradException(
                    $"A backward hook of {TypeText.Of(module.GetType())} returned {replaced.Length} gradients, but the module has {_inputs} "
                    + "inputs.");
            for (int i = 0; i < _inputs; i++)
            {
                if (replaced[i] is { } g && gradInput[i] is { } before && !g.Shape.Equals(before.Shape))
                    throw new ShapeException(
                        $"A backward hook of {TypeText.Of(module.GetType())} returned a gradient of shape {g.Shape} for input {i}, whose "
                        + $"gradient has shape {before.Shape}.");
            }
            gradInput = replaced;
        }
        return gradInput;
    }

    /// <summary>Passes tensors on as views of themselves, and their gradients through a function.</summary>
    private readonly struct Boundary(int count, Func<Tensor?[], Tensor?[]> backward) : IRule
    {
        public static bool RunsUserCode => true;

        public string NodeName => "BackwardHookFunctionBackward";

        public int Results => count;

        internal static Tensor[] Pass(Tensor[] inputs, Func<Tensor?[], Tensor?[]> backward)
        {
            if (inputs.Length == 0 || !Autograd.IsGradEnabled) return inputs;
            Tensor[] outputs = [.. inputs.Select(x =>
                x.Alias(x.Shape, x.IsContiguous ? null : x.Strides.ToArray(), x.StorageOffset).AsViewOf(x, ViewOrigin.CustomFunction))];
            History.Record(outputs, new RuleNode<Boundary>(Here.Now, new Boundary(inputs.Length, backward), inputs), inputs);
            return outputs;
        }

        public void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
        {
            using UserCode _ = UserCode.Here();
            backward(g.ToArray()).CopyTo(dx);
        }

        public void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy) => t.CopyTo(dy);
    }
}
