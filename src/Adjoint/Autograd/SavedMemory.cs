namespace Adjoint;

/// <summary>What a computation keeps for its backward pass; the same memory is counted once, however often it was saved.</summary>
/// <param name="Tensors">How often a tensor was saved.</param>
/// <param name="Bytes">The memory that is kept.</param>
/// <param name="LeafBytes">How much of it belongs to leaves, such as parameters and data, and would be there in any case.</param>
public readonly record struct SavedMemory(int Tensors, long Bytes, long LeafBytes)
{
    /// <summary>The memory that is kept for the backward pass alone.</summary>
    public long ExtraBytes => Bytes - LeafBytes;
}

public static partial class Autograd
{
    /// <summary>
    /// Runs <paramref name="forward"/> and counts what it saves for backward: everything of the default mode that
    /// <see cref="NoGrad"/> and <see cref="InferenceMode"/> do without.
    /// </summary>
    /// <remarks>
    /// Uses <see cref="SavedTensorsHooks"/>, of which only the innermost pair applies: hooks around this call are not asked meanwhile.
    /// </remarks>
    /// <param name="forward">What to run; its result is kept until the count is taken.</param>
    public static SavedMemory SavedForBackward(Func<Tensor> forward)
    {
        ArgumentNullException.ThrowIfNull(forward);
        UserCode.CheckStack();
        // Whether a tensor is a leaf is looked at in the end: an output is saved before it is given its history.
        var saved = new List<Tensor>();
        using (SavedTensorsHooks(Keep, packed => (Tensor)packed))
        {
            Tensor result = forward();
            GC.KeepAlive(result);
        }
        var memory = new Dictionary<object, (long Bytes, bool Leaf)>(ReferenceEqualityComparer.Instance);
        foreach (Tensor x in saved)
        {
            bool leaf = (x.Base ?? x).IsLeaf || memory.TryGetValue(x.MemoryOwner, out var known) && known.Leaf;
            memory[x.MemoryOwner] = ((long)x.MemoryLength * x.DType.Size, leaf);
        }
        return new(saved.Count, memory.Values.Sum(m => m.Bytes), memory.Values.Where(m => m.Leaf).Sum(m => m.Bytes));

        object Keep(Tensor x)
        {
            saved.Add(x);
            return x;
        }
    }
}
