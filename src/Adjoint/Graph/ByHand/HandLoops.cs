namespace Adjoint;

/// <summary>Loops through the dimensions of tensors; dimensions that lie one behind the other in all of them are one loop.</summary>
internal sealed class HandLoops(HandLines lines, HandNames names)
{
    private const string Letters = "ijklmnopq";
    private int _depth;

    /// <summary>A variable for another loop: the next letter that is no name of the model.</summary>
    private string Next()
    {
        while (_depth < Letters.Length && names.Has($"{Letters[_depth]}")) _depth++;
        return _depth < Letters.Length ? $"{Letters[_depth++]}" : names.Has($"i{_depth}") ? $"loop{_depth++}" : $"i{_depth++}";
    }

    /// <summary>Loops through the first dimensions of tensors, which have the same sizes there.</summary>
    /// <param name="count">How many dimensions.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="body">Writes what is done in the innermost, with what is left of the tensors.</param>
    internal void Run(int count, IReadOnlyList<HandTensor> tensors, Action<HandTensor[]> body)
    {
        (int size, int[] strides)[] dims = Merged(count, tensors);
        int[] rest(HandTensor x) => x.Strides[count..];
        HandTensor[] merged = [.. tensors.Select((x, i) => x.As(
            Shape.Of([.. dims.Select(d => d.size), .. x.Shape.Sizes[count..].ToArray()]), [.. dims.Select(d => d.strides[i]), .. rest(x)],
            x.Offset))];
        Go(dims, 0, [], merged, body);
    }

    /// <summary>A loop with a variable of its own, which is called as is wished if nothing else is.</summary>
    internal void For(string count, Action<string> body, string wished = "")
    {
        int before = _depth;
        string v = wished.Length > 0 && !names.Has(wished) ? wished : Next();
        lines.Block($"for (int {v} = 0; {v} < {count}; {v}++)", () => body(v));
        _depth = before;
    }

    private void Go((int Size, int[] Strides)[] dims, int dim, List<string> variables, HandTensor[] tensors, Action<HandTensor[]> body)
    {
        if (dim == dims.Length)
        {
            body([.. tensors.Select(x => x.At([.. variables]))]);
            return;
        }
        For($"{dims[dim].Size}", v =>
        {
            variables.Add(v);
            Go(dims, dim + 1, variables, tensors, body);
            variables.RemoveAt(variables.Count - 1);
        });
    }

    /// <summary>The dimensions without those of size 1, joined where they lie one behind the other.</summary>
    internal static (int Size, int[] Strides)[] Merged(int count, IReadOnlyList<HandTensor> tensors)
    {
        var dims = new List<(int Size, int[] Strides)>();
        for (int d = 0; d < count; d++)
        {
            int size = tensors[0].Shape[d];
            if (size == 1) continue;
            int[] strides = [.. tensors.Select(x => x.Strides[d])];
            if (dims.Count > 0 && dims[^1].Strides.Zip(strides).All(s => s.First == s.Second * size))
                dims[^1] = (dims[^1].Size * size, strides);
            else dims.Add((size, strides));
        }
        return [.. dims];
    }
}
