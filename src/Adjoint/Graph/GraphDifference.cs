using System.Collections;
using System.Globalization;

namespace Adjoint;

/// <summary>The first thing in which two captures of one function differ. See Note [What a graph cannot see].</summary>
/// <param name="Operation">The number of the operation.</param>
/// <param name="Line">Its line, where it is known.</param>
/// <param name="Message">What differs, and what to do.</param>
internal sealed record GraphDifference(int Operation, GraphLine? Line, string Message)
{
    private const string WayOut =
        "A run of the graph would go on with one of them. Pass it to the function as an argument, or as Graph.Number(() => …)";

    /// <summary>Compares operation by operation, attribute by attribute; null if there is no difference.</summary>
    /// <param name="first">One capture.</param>
    /// <param name="second">Another.</param>
    /// <param name="later">Whether calls lay between them, in which the options of optimizers may have changed: a run reads them.</param>
    internal static GraphDifference? Between(Graph first, Graph second, bool later = false)
    {
        int count = Math.Min(first.Operations.Count, second.Operations.Count);
        for (int i = 0; i < count; i++)
            if (Text(first.Operations[i], second.Operations[i], later) is { } text) return new(i, first.Operations[i].Line, text);
        if (first.Operations.Count != second.Operations.Count)
        {
            GraphOperation more = (first.Operations.Count > count ? first : second).Operations[count];
            return new(count, more.Line, $"{more.Name}: {first.Operations.Count} operations ran in one call of the function, {second.Operations.Count} in the next. {Branch}");
        }
        return Outputs(first, second, later) ?? Gradients(first, second, later);
    }

    private const string Other =
        "A run goes on with the one that it knows. Change the elements of a tensor in place (CopyInPlace) instead of holding another one, "
        + "or pass it as an argument.";

    private const string Branch =
        "An if or a loop over C# values went another way; make it depend on what does not change, or compute with Tensor.Where.";

    private static GraphDifference? Outputs(Graph first, Graph second, bool later)
    {
        if (first.Outputs.Count == second.Outputs.Count && first.Outputs.Zip(second.Outputs).All(pair => IsSame(pair.First, pair.Second)
            && !(later && IsOther(pair.First.Value.Memory, pair.Second.Value.Memory))))
            return null;
        return new(
            first.Operations.Count - 1, first.Operations.LastOrDefault()?.Line,
            "Graph.Capture: the function returned other tensors in its second call. " + Branch);
    }

    // The gradients that it leaves: of the same leaves, with the same values.
    private static GraphDifference? Gradients(Graph first, Graph second, bool later)
    {
        // Whether there was one to let go is another matter in each call.
        GraphGradient[] some = [.. first.Gradients.Where(g => !later || g.Value is not null)],
            others = [.. second.Gradients.Where(g => !later || g.Value is not null)];
        bool isSame = some.Length == others.Length && some.Zip(others).All(pair =>
            pair.First.Leaf.Index == pair.Second.Leaf.Index
            && (pair.First.Value is null ? pair.Second.Value is null : IsSame(pair.First.Value, pair.Second.Value))
            && !(later && IsOther(pair.First.Leaf, pair.Second.Leaf)));
        return isSame ? null : new(
            first.Operations.Count - 1, first.Operations.LastOrDefault()?.Line,
            "Graph.Capture: the function left the gradients of other tensors in its second call. " + Branch);
    }

    // Whether what is held is another tensor, even if it has the same elements now.
    private static bool IsOther(GraphMemory before, GraphMemory after) =>
        before.Role is GraphRole.Parameter or GraphRole.Buffer or GraphRole.Constant && !before.IsMadeInside
        && !before.Tensor!.SharesStorageWith(after.Tensor!);

    private static string? Text(GraphOperation a, GraphOperation b, bool later)
    {
        if (a.Call.Operation is IStatefulOperation { Group: var one } && b.Call.Operation is IStatefulOperation { Group: var other }
            && a.Name == b.Name && !ReferenceEquals(one, other))
            return later ? $"{a.Name}: is the step of another optimizer than when the function was captured. A run goes on with that one; "
                    + "hold one optimizer, or compile the function anew."
                : $"{a.Name}: is the step of an optimizer that the function makes anew in each call. Make it outside of the function.";
        if (a.Name != b.Name) return $"{a.Name}: ran in one call of the function, {b.Name} in its place in the next. {Branch}";
        foreach ((string name, object? value) in a.Attributes)
            if (later && a.Phase == GraphPhase.Update) break;
            else if (value is Generator && !Equals(value, b.Attributes.GetValueOrDefault(name)))
                return $"{a.Name}: draws from a generator that the function makes anew in each call, where a run of the graph would go on with one. Make the generator outside of the function.";
            else if (!Equal(value, b.Attributes.GetValueOrDefault(name)))
                return a.Phase == GraphPhase.Update
                    ? $"{a.Name}: the option {name} was {Shown(value)} in one call of the function and {Shown(b.Attributes.GetValueOrDefault(name))} in the next, so the function sets it. Do that (a scheduler's Step, say) outside of it: a run reads the option."
                    : $"{a.Name}: its {name} was {Shown(value)} in one call of the function and {Shown(b.Attributes.GetValueOrDefault(name))} in the next. {WayOut}.";
        if (a.Inputs.Count != b.Inputs.Count)
            return $"{a.Name}: had {a.Inputs.Count} operands in one call and {b.Inputs.Count} in the next. {Branch}";
        for (int i = 0; i < a.Inputs.Count; i++)
            if (Operand(a, i, a.Inputs[i], b.Inputs[i], later) is { } text) return text;
        return null;
    }

    private static string? Operand(GraphOperation at, int i, GraphTensor? a, GraphTensor? b, bool later)
    {
        if (a is null && b is null) return null;
        if (!IsSame(a, b)) return $"{at.Name}: its operand {i + 1} was {a?.ToString() ?? "none"} in one call of the function and {b?.ToString() ?? "none"} in the next. {Branch}";
        GraphMemory before = a!.Value.Memory, after = b!.Value.Memory;
        if (later && IsOther(before, after))
            return $"{at.Name}: its operand {i + 1}, {before.Name}, is another tensor than when the function was captured. {Other}";
        if (before.Role is not (GraphRole.Number or GraphRole.Constant) || before.Tensor is not { } x || after.Tensor is not { } y)
            return null;
        if (x.SharesStorageWith(y) || Elements.AreSame(x.WholeMemory(), y.WholeMemory())) return null;
        return before.Role == GraphRole.Number
            ? $"{at.Name}: the number {GraphPrint.Number(x)} became {GraphPrint.Number(y)} between two calls of the function. {WayOut}."
            : $"{at.Name}: its operand {i + 1}, a {x.DType} tensor of shape {x.Shape} that C# code made, was another one in the next call of the function. {WayOut}.";
    }

    private static bool IsSame(GraphTensor? a, GraphTensor? b) => a is not null && b is not null
        && a.Value.Memory.Index == b.Value.Memory.Index && a.Value.Version == b.Value.Version && a.DType == b.DType
        && a.Value.Memory.Role == b.Value.Memory.Role && a.Shape.Equals(b.Shape)
        && a.Offset - a.Value.Memory.Start == b.Offset - b.Value.Memory.Start
        && a.Strides.SequenceEqual(b.Strides);

    /// <summary>Whether two attributes are the same: numbers by their bits (0 and −0 are two), lists element by element.</summary>
    internal static bool Equal(object? a, object? b) => (a, b) switch
    {
        (double x, double y) => BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y),
        (float x, float y) => BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y),
        (Number x, Number y) => x.IsWhole == y.IsWhole && Equal(x.ToDouble(), y.ToDouble()),
        (string, string) => Equals(a, b),
        (IEnumerable x, IEnumerable y) => x.Cast<object?>().SequenceEqual(y.Cast<object?>(), Elementwise.Instance),
        _ => Equals(a, b),
    };

    private static string Shown(object? value) =>
        value is IFormattable text ? text.ToString(null, CultureInfo.InvariantCulture) : value?.ToString() ?? "none";

    private sealed class Elementwise : IEqualityComparer<object?>
    {
        internal static readonly Elementwise Instance = new();

        bool IEqualityComparer<object?>.Equals(object? a, object? b) => Equal(a, b);

        int IEqualityComparer<object?>.GetHashCode(object? value) => 0;
    }
}
