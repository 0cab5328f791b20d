namespace Adjoint.Nn;

/// <summary>The parameters of a module, counted.</summary>
internal sealed class LayerParameters
{
    private const string Origin = "_orig", Mask = "_mask";

    internal LayerParameters(Module module)
    {
        var named = new List<(string, long)>();
        foreach ((string full, Tensor parameter) in module.NamedParameters())
        {
            (string name, long count) = Counted(module, full, parameter);
            named.Add((name, count));
            Count += count;
            Bytes += count * parameter.DType.Size;
            if (parameter.RequiresGrad) Trainable += count;
        }
        (Named, IsLeaf) = (named, !module.Children().Any());
    }

    internal long Count { get; }

    internal long Trainable { get; }

    internal long Bytes { get; }

    internal bool IsLeaf { get; }

    internal IReadOnlyList<(string Name, long Count)> Named { get; }

    // Of a pruned parameter counts what is left.
    private static (string, long) Counted(Module module, string name, Tensor parameter)
    {
        if (!name.EndsWith(Origin, StringComparison.Ordinal)) return (name, parameter.NumEl);
        string plain = name[..^Origin.Length];
        Tensor? mask = module.NamedBuffers().FirstOrDefault(b => b.Name == plain + Mask).Buffer;
        return mask is null ? (name, parameter.NumEl) : (plain, (long)mask.Detach().Sum().Item());
    }
}
