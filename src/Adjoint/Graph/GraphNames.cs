using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Adjoint;

/// <summary>What knows the names of its tensors and parts, as a module does.</summary>
internal interface INamesTensors
{
    /// <summary>All tensors in it by their dotted names.</summary>
    IEnumerable<(string Name, Tensor Tensor)> NamesOfTensors { get; }

    /// <summary>All parts of it by their dotted names, itself as "".</summary>
    IEnumerable<(string Name, object Part)> NamesOfParts { get; }

    /// <summary>
    /// Remembers what its fields hold; the result brings back those that were assigned since, and names the first that holds a parameter
    /// or a buffer.
    /// </summary>
    Func<string?> Hold();
}

/// <summary>The names of tensors and modules in a captured function: as the caller wrote them, and as the modules know them.</summary>
/// <remarks>
/// // Note [Names of variables]
/// A lambda holds the variables it uses in the fields of an object, by their names: there the modules and tensors are found. A program
/// that was trimmed may have lost these names; then parameters are numbered.
/// </remarks>
internal sealed class GraphNames
{
    private const int Deepest = 4;

    private readonly Dictionary<object, string> _tensors = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, Tensor> _leaves = new(ReferenceEqualityComparer.Instance);
    private readonly List<INamesTensors> _holders = [];
    private readonly Dictionary<object, string> _parts = new(ReferenceEqualityComparer.Instance);

    internal GraphNames(Delegate f, IReadOnlyList<Tensor> inputs, string?[] written)
    {
        for (int i = 0; i < inputs.Count; i++)
            _tensors.TryAdd(inputs[i].SharedMemory(), Plain(written[i]) ?? $"input{i + 1}");
        var found = new List<(string Name, object Value)>();
        if (f.Target is { } target) Look(target, "", found, Deepest);
        var modules =
            found.Where(v => v.Value is INamesTensors).Select(v => (v.Name, Value: (INamesTensors)v.Value))
            .Where(m => m.Value.NamesOfTensors.Any())
            // Two functions may hold the same one.
            .DistinctBy(m => m.Value, (IEqualityComparer<INamesTensors>)ReferenceEqualityComparer.Instance).ToList();
        foreach ((string name, INamesTensors module) in modules)
        {
            string prefix = modules.Count == 1 ? "" : name;
            foreach ((string own, Tensor tensor) in module.NamesOfTensors) _tensors.TryAdd(tensor.SharedMemory(), Join(prefix, own));
        }
        foreach (Tensor leaf in found.SelectMany(TensorsOf).Concat(inputs))
            if (leaf is { RequiresGrad: true, IsLeaf: true }) _leaves.TryAdd(leaf.SharedMemory(), leaf);
        // A tensor that requires grad gives its name to the aliases of it.
        foreach ((string name, object value) in found.OrderBy(v => v.Value is Tensor { RequiresGrad: true, IsLeaf: true } ? 0 : 1))
        {
            if (value is Tensor tensor) _tensors.TryAdd(tensor.SharedMemory(), name);
            if (value is INamesTensors held) _holders.Add(held);
            if (value is INamesTensors module)
                foreach ((string own, object part) in module.NamesOfParts) _parts.TryAdd(part, Join(name, own));
        }
    }

    /// <summary>Whether a module was there before the function was called.</summary>
    internal bool Knows(object part) => _parts.ContainsKey(part);

    /// <summary>Remembers the fields of all modules; the result brings them back, and names one that was assigned.</summary>
    internal Func<string?> Hold()
    {
        Func<string?>[] all = [.. _holders.Select(holder => holder.Hold())];
        // All of them, whichever was first.
        return () => all.Select(bringBack => bringBack()).ToList().Find(name => name is not null);
    }

    /// <summary>The name of a tensor, or null.</summary>
    internal string? Of(Tensor x) => _tensors.GetValueOrDefault(x.SharedMemory());

    /// <summary>The tensor that requires grad in the memory of a tensor, or null.</summary>
    internal Tensor? LeafOf(Tensor x) => _leaves.GetValueOrDefault(x.SharedMemory());

    private static IEnumerable<Tensor> TensorsOf((string Name, object Value) found) => found.Value switch
    {
        Tensor tensor => [tensor],
        INamesTensors module => module.NamesOfTensors.Select(t => t.Tensor),
        _ => [],
    };

    /// <summary>What to call a module within the modules that are running: what its name adds to theirs.</summary>
    internal string Path(object part, IReadOnlyList<string> outer)
    {
        string name = _parts.GetValueOrDefault(part) ?? part.GetType().Name;
        string around = string.Join('.', outer.Where(o => o.Length > 0));
        return around.Length > 0 && name.StartsWith(around + ".", StringComparison.Ordinal) ? name[(around.Length + 1)..] : name;
    }

    private static string Join(string prefix, string name) => prefix.Length == 0 ? name : name.Length == 0 ? prefix : $"{prefix}.{name}";

    // The caller's expression, if it is short enough to be a name.
    private static string? Plain(string? written) => written is { Length: > 0 and <= 24 } && !written.Contains('\n') ? written : null;

    [UnconditionalSuppressMessage(
        "Trimming", "IL2075", Justification = "Names only: what is trimmed away has none. See Note [Names of variables].")]
    private static void Look(object holder, string prefix, List<(string, object)> found, int depth)
    {
        if (holder is INamesTensors)
        {
            found.Add((prefix, holder));
            return;
        }
        foreach (FieldInfo field in holder.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (field.GetValue(holder) is not { } value) continue;
            string name = field.Name is ['<', .. var inside] && inside.IndexOf('>') is var end and > 0 ? inside[..end] : field.Name;
            if (value is Tensor or INamesTensors) found.Add((name, value));
            else if (
                depth > 0
                && (field.Name.StartsWith("CS$<>8__locals", StringComparison.Ordinal)
                    || field.Name.EndsWith("__this", StringComparison.Ordinal)))
                Look(value, "", found, depth - 1);
            // A function that the function calls.
            else if (depth > 0 && value is Delegate { Target: { } inner }) Look(inner, "", found, depth - 1);
        }
    }
}
