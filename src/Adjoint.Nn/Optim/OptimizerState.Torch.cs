using System.Globalization;
using Adjoint.Formats;

namespace Adjoint.Optim;

public sealed partial record OptimizerState
{
    // Of how PyTorch runs a step, not of what the step computes.
    private static readonly string[] s_running = ["foreach", "capturable", "differentiable", "fused"];

    // What counts is a tensor in PyTorch's files.
    private static readonly string[] s_counts = ["step", "mu_product", "eta"];

    // Kept by PyTorch, and follows from the count of steps: the share of the last one in ASGD's average.
    private const string Share = "mu";

    // Options that are a pair there.
    private static readonly (string Pair, string First, string Second)[] s_pairs =
    [
        ("betas", "beta1", "beta2"), ("etas", "eta_minus", "eta_plus"), ("step_sizes", "step_size_min", "step_size_max"),
        ("eps", "eps1", "eps2"),
    ];

    /// <summary>The state as PyTorch's <c>optimizer.state_dict()</c>, for <see cref="TorchFile.Save"/>.</summary>
    /// <returns>Dictionaries <c>state</c> and <c>param_groups</c>; the tensors are the optimizer's own.</returns>
    /// <example><code>
    /// var opt = new SGD([Tensor.Ones(2).RequiresGradInPlace()], lr: 0.1, momentum: 0.9);
    /// TorchFile.Save("sgd.pt", opt.StateDict().ToTorch());
    /// opt.LoadStateDict(OptimizerState.FromTorch(TorchFile.Load("sgd.pt")));
    /// </code></example>
    public OrderedDictionary<string, object?> ToTorch()
    {
        var state = new Dictionary<int, object?>();
        foreach ((int parameter, IReadOnlyDictionary<string, object?> values) in State)
        {
            Dictionary<string, object?> own = values.ToDictionary(
                pair => pair.Key, pair => s_counts.Contains(pair.Key) && pair.Value is double count ? Count(count) : pair.Value);
            if (ShareOf(parameter, values) is { } share) own[Share] = Count(share);
            state[parameter] = own;
        }
        return new() { ["state"] = state, ["param_groups"] = ParamGroups.Select(ToTorch).ToList() };
    }

    /// <summary>The state of PyTorch's <c>optimizer.state_dict()</c>, as <see cref="TorchFile.Load(string)"/> gives it.</summary>
    /// <param name="value">Its dictionaries.</param>
    /// <exception cref="ArgumentException">It is no such state.</exception>
    public static OptimizerState FromTorch(object? value)
    {
        if (value is not OrderedDictionary<object, object?> both || !both.TryGetValue("state", out object? states)
            || states is not OrderedDictionary<object, object?> ofParameters || !both.TryGetValue("param_groups", out object? groups)
            || groups is not List<object?> list)
            throw new ArgumentException(
                "FromTorch: the state of an optimizer is a dictionary with 'state' and 'param_groups'; this is none.", nameof(value));
        var state = new Dictionary<int, IReadOnlyDictionary<string, object?>>();
        foreach ((object parameter, object? values) in ofParameters)
        {
            if (parameter is not (long and >= 0 and <= int.MaxValue) || values is not OrderedDictionary<object, object?> named)
                throw new ArgumentException($"FromTorch: '{parameter}' is no number of a parameter with its state.", nameof(value));
            state[(int)(long)parameter] = named.Where(pair => pair.Key is not Share)
                .ToDictionary(pair => $"{pair.Key}", pair => pair.Value switch
            {
                Tensor { NumEl: 1 } count when s_counts.Contains(pair.Key) => count.Item(),
                long or double when s_counts.Contains(pair.Key) => Convert.ToDouble(pair.Value, CultureInfo.InvariantCulture),
                _ => pair.Value,
            });
        }
        return new OptimizerState(state, [.. list.Select(GroupOfTorch)]);
    }

    // PyTorch counts in single precision; what that does not hold keeps its bits.
    private static Tensor Count(double count) =>
        Tensor.Scalar(count, (float)count == count || double.IsNaN(count) ? DType.Float32 : DType.Float64);

    private double? ShareOf(int parameter, IReadOnlyDictionary<string, object?> values)
    {
        if (!values.ContainsKey("ax") || !values.TryGetValue("step", out object? step) || step is not double steps) return null;
        return ParamGroups.FirstOrDefault(group => group.Parameters.Contains(parameter)) is { } own
            && own.Options.TryGetValue("t0", out object? t0) && t0 is double begin ? 1 / Math.Max(1, steps - begin) : null;
    }

    private static Dictionary<string, object?> ToTorch(Group group)
    {
        var options = new Dictionary<string, object?>();
        foreach ((string name, object? value) in group.Options)
        {
            if (Array.Find(s_pairs, p => p.First == name) is { Pair: { } pair } both) options[pair] = (value, group.Options[both.Second]);
            else if (!Array.Exists(s_pairs, p => p.Second == name)) options[name] = value;
        }
        options["params"] = group.Parameters.ToList();
        return options;
    }

    private static Group GroupOfTorch(object? value)
    {
        if (value is not OrderedDictionary<object, object?> group || !group.TryGetValue("params", out object? numbers)
            || numbers is not List<object?> parameters || !parameters.TrueForAll(n => n is long and >= 0 and <= int.MaxValue))
            throw new ArgumentException("FromTorch: a group of parameters must have 'params', their numbers.", nameof(value));
        var options = new Dictionary<string, object?>();
        foreach ((object name, object? option) in group)
        {
            if (name is "params" || s_running.Contains(name)) continue;
            if (Array.Find(s_pairs, p => p.Pair == name as string) is { Pair: not null } both
                && (option as IReadOnlyList<object?>) is [double or null, double] and [var first, var second])
                (options[both.First], options[both.Second]) = (first ?? 0.0, second);
            else options[$"{name}"] = option;
        }
        return new Group(options, [.. parameters.Select(n => (int)(long)n!)]);
    }
}
