namespace Adjoint.Optim;

/// <summary>Parameters that an optimizer treats with the same options. Options that are not given are the optimizer's.</summary>
/// <example><code>
/// var optimizer = new SGD([new ParamGroup(net.Body.Parameters()), new ParamGroup(net.Head.Parameters()) { ["lr"] = 0.1 }], lr: 0.01);
/// </code></example>
/// <remarks>
/// // Note [What a step walks]
/// Every step walks the array itself. Walking it as a list makes the first steps of a process slow: when the runtime replaces the
/// framework's enumerator by code that counts, its constructor, until then part of another method, is called as a method of its own
/// for the first time, and after a method's first call nothing is compiled in the background for 100 ms.
/// </remarks>
/// <param name="parameters">The parameters, in order.</param>
public sealed class ParamGroup(IEnumerable<Tensor> parameters)
{
    // See Note [What a step walks].
    internal readonly Tensor[] Held = parameters is not Tensor ? [.. parameters.Elements()]
        : throw new ArgumentException(
            "ParamGroup: takes a list of parameters, but got one tensor, which would be its slices. Pass [parameter].", nameof(parameters));

    /// <summary>The parameters.</summary>
    /// <exception cref="ArgumentException">A tensor was given instead of a list of tensors, or one is null.</exception>
    public IReadOnlyList<Tensor> Parameters => field ??= Held.AsReadOnly();

    /// <summary>The options by their names in PyTorch: <c>lr</c>, <c>momentum</c>, <c>weight_decay</c>, …</summary>
    public ParamGroupOptions Options { get; private init; } = new();

    /// <summary>One parameter with the options of the group, which are the same object.</summary>
    internal ParamGroup Part(Tensor parameter) => new([parameter]) { Options = Options };

    /// <inheritdoc cref="ParamGroupOptions.this"/>
    public object? this[string name] { get => Options[name]; set => Options[name] = value; }

    /// <summary>The learning rate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is negative, infinite or NaN; the rate is as before
    /// then.</exception>
    public double Lr { get => Number("lr"); set => Options["lr"] = value; }

    /// <summary>The parameter of the optimizer's constructor from which it made the group itself.</summary>
    internal string? Argument { get; private init; }

    /// <summary>The only group of an optimizer that is given its parameters.</summary>
    internal static ParamGroup All(IEnumerable<Tensor> parameters) => new(parameters.Given()) { Argument = nameof(parameters) };

    /// <summary>An option that is a number, of whatever type of number it was given.</summary>
    /// <exception cref="KeyNotFoundException">There is no such option.</exception>
    /// <exception cref="ArgumentException">It is no number.</exception>
    public double Number(string name) => OptionView.Number(this[name], name);

    /// <summary>Whether an option is true.</summary>
    /// <exception cref="KeyNotFoundException">There is no such option.</exception>
    public bool Flag(string name) => this[name] is true;
}
