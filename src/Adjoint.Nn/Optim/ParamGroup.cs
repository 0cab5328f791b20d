using Adjoint.Nn;

namespace Adjoint.Optim;

/// <summary>Parameters that an optimizer treats with the same options. Options that are not given are the optimizer's.</summary>
/// <example><code>
/// var optimizer = new SGD([new ParamGroup(net.Body.Parameters()), new ParamGroup(net.Head.Parameters()) { ["lr"] = 0.1 }], lr: 0.01);
/// </code></example>
/// <param name="parameters">The parameters, in order.</param>
public sealed class ParamGroup(IEnumerable<Tensor> parameters)
{
    /// <summary>The parameters.</summary>
    /// <exception cref="ArgumentException">A tensor was given instead of a list of tensors.</exception>
    public IReadOnlyList<Tensor> Parameters { get; } = parameters is not Tensor ? [.. parameters]
        : throw new ArgumentException("ParamGroup: takes a list of parameters, but got one tensor, which would be its slices. Pass [parameter].", nameof(parameters));

    /// <summary>The options by their names in PyTorch: <c>lr</c>, <c>momentum</c>, <c>weight_decay</c>, …</summary>
    public OrderedDictionary<string, object?> Options { get; } = [];

    /// <summary>An option by its name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such option.</exception>
    public object? this[string name]
    {
        get => Options.TryGetValue(name, out object? value) ? value
            : throw new KeyNotFoundException($"ParamGroup: there is no option \"{name}\"; there are {string.Join(", ", Options.Keys)}.");
        set => Options[name] = value;
    }

    /// <summary>The learning rate.</summary>
    public double Lr { get => Number("lr"); set => Options["lr"] = value; }

    internal double Number(string name) => Convert.ToDouble(this[name], System.Globalization.CultureInfo.InvariantCulture);

    internal bool Flag(string name) => this[name] is true;
}
