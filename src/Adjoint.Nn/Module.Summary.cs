namespace Adjoint.Nn;

public abstract partial class Module
{
    /// <summary>
    /// What the module is made of and what a call takes: <c>Console.WriteLine(net.Summary([1, 784]))</c>. The module is called once in
    /// evaluation mode, without gradients, with zeros.
    /// </summary>
    /// <param name="inputSize">The shape of the input, with its batch.</param>
    /// <param name="depth">How deep modules in each other are listed; at least 0.</param>
    /// <param name="dtype">The dtype of the input.</param>
    /// <returns>Its <c>ToString()</c> is the table that torchinfo prints.</returns>
    /// <example><code>
    /// var net = new Sequential(new Linear(784, 32), new ReLU(), new Linear(32, 10));
    /// ModuleSummary summary = net.Summary([8, 784]);
    /// if (summary.Parameters != 784 * 32 + 32 + 32 * 10 + 10) throw new Exception($"{summary}");
    /// </code></example>
    public ModuleSummary Summary(Shape inputSize, int depth = 3, DType dtype = DType.Float32) =>
        Summary(Tensor.Zeros(inputSize.Given(), dtype), depth);

    /// <summary>What the module is made of and what a call with <paramref name="input"/> takes.</summary>
    /// <param name="input">The input.</param>
    /// <param name="depth">How deep modules in each other are listed; at least 0.</param>
    /// <inheritdoc cref="Summary(Shape, int, DType)"/>
    public ModuleSummary Summary(Tensor input, int depth = 3)
    {
        input.Given();
        return Summary(() => Call(input), depth, (long)input.NumEl * input.DType.Size);
    }

    /// <summary>What the module is made of and what a call of it takes, however it is called.</summary>
    /// <param name="call">Calls the module.</param>
    /// <param name="depth">How deep modules in each other are listed; at least 0.</param>
    /// <param name="inputBytes">The bytes of the inputs; at least 0.</param>
    /// <inheritdoc cref="Summary(Shape, int, DType)"/>
    public ModuleSummary Summary(Action call, int depth = 3, long inputBytes = 0)
    {
        call.Given();
        depth.AtLeast(0);
        if (inputBytes < 0)
            throw new ArgumentOutOfRangeException(nameof(inputBytes), inputBytes, "Summary: inputBytes must be at least 0.");
        List<LayerSummary> layers = SummaryWalk.Of(this, call);
        return layers.Count > 0 ? new(layers, inputBytes, depth)
            : throw new ArgumentException($"Summary: {nameof(call)} did not call {TypeName} or a module in it.", nameof(call));
    }

    /// <summary>Lets go of a list of hooks with nothing in it, which would be looked at in each call.</summary>
    internal void DropEmptyHooks()
    {
        if (_hooks is { Any: false, Backward.IsEmpty: true } && !ReferenceEquals(_hooks, ModuleHooks.NotCalledYet)) _hooks = null;
    }
}
