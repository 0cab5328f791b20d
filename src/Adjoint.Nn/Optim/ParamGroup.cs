using System.Globalization;

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

    private object?[] _seen = [];

    /// <summary>The parameters.</summary>
    /// <exception cref="ArgumentException">A tensor was given instead of a list of tensors, or one is null.</exception>
    public IReadOnlyList<Tensor> Parameters => field ??= Held.AsReadOnly();

    /// <summary>The options by their names in PyTorch: <c>lr</c>, <c>momentum</c>, <c>weight_decay</c>, …</summary>
    public OrderedDictionary<string, object?> Options { get; private init; } = [];

    /// <summary>One parameter with the options of the group, which are the same object.</summary>
    internal ParamGroup Part(Tensor parameter) => new([parameter]) { Options = Options, Owner = Owner };

    /// <summary>An option by its name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such option.</exception>
    /// <exception cref="ArgumentException">Set to what the optimizer does not accept; the option is as before then.</exception>
    public object? this[string name]
    {
        get => Options.TryGetValue(name.Given(), out object? value) ? value
            : throw new KeyNotFoundException($"ParamGroup: there is no option \"{name}\"; there are {string.Join(", ", Options.Keys)}.");
        set => Set(name.Given(), value);
    }

    /// <summary>The learning rate.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a number that is negative, infinite or NaN; the rate is as before
    /// then.</exception>
    public double Lr { get => Number("lr"); set => Set("lr", value); }

    /// <summary>The optimizer that uses the group, and so knows what its options can be.</summary>
    internal Optimizer? Owner { get; set; }

    /// <summary>The parameter of the optimizer's constructor from which it made the group itself.</summary>
    internal string? Argument { get; private init; }

    /// <summary>The only group of an optimizer that is given its parameters.</summary>
    internal static ParamGroup All(IEnumerable<Tensor> parameters) => new(parameters.Given()) { Argument = nameof(parameters) };

    /// <summary>What the optimizer made of the options for its steps, as long as none is set.</summary>
    internal object? Kept { get; set; }

    /// <summary>Whether an option was set since <see cref="See"/>, by whatever way: a value that is set is another object.</summary>
    internal bool IsChanged
    {
        get
        {
            object?[] seen = _seen;
            if (seen.Length != Options.Count) return true;
            for (int i = 0; i < seen.Length; i++)
                if (!ReferenceEquals(Options.GetAt(i).Value, seen[i])) return true;
            return false;
        }
    }

    /// <summary>Notes the options as they are, after they were checked.</summary>
    internal void See()
    {
        Kept = null;
        _seen = [.. Options.Values];
    }

    /// <summary>An option that is a number, of whatever type of number it was given.</summary>
    /// <exception cref="KeyNotFoundException">There is no such option.</exception>
    /// <exception cref="ArgumentException">It is no number.</exception>
    public double Number(string name) => this[name] switch
    {
        double number => number,
        Half number => (double)number,
        // A state that was saved, or a user, may give any kind of number.
        float or decimal or int or long or short or byte or sbyte or uint or ulong or ushort =>
            Convert.ToDouble(this[name], CultureInfo.InvariantCulture),
        { } other =>
            throw new ArgumentException(
                $"ParamGroup: the option \"{name}\" must be a number, but is {other} ({other.GetType().Name}).", name),
        null => throw new ArgumentNullException(name, $"ParamGroup: the option \"{name}\" must be a number, but is null."),
    };

    private void Set(string name, object? value)
    {
        bool was = Options.TryGetValue(name, out object? before);
        Options[name] = value;
        try
        {
            Owner?.CheckOptions(this);
        }
        catch (ArgumentException)
        {
            if (was) Options[name] = before;
            else Options.Remove(name);
            throw;
        }
    }

    /// <summary>Whether an option is true.</summary>
    /// <exception cref="KeyNotFoundException">There is no such option.</exception>
    public bool Flag(string name) => this[name] is true;
}
