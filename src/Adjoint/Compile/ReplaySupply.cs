namespace Adjoint;

/// <summary>Tensors of an arena for operations that make their results themselves: those of earlier steps and runs.</summary>
/// <remarks>
/// // Note [Tensors that come again]
/// What an operation of this library makes is seen by nobody else: what it needs for itself is free when it has run, and its results when
/// the last step that reads them has. So the next that asks for such a tensor gets it again. What the caller gets, what a leaf or an
/// optimizer keeps and what code of the user's has seen are never given again. As much lies here as was alive at once, which is what the
/// operations take outside.
/// </remarks>
internal sealed class ReplaySupply(ReplayPlan plan)
{
    private readonly Dictionary<(int Length, DType DType), List<Tensor>> _free = [];
    private readonly List<Tensor> _taken = [];
    private readonly List<Tensor>?[] _held = new List<Tensor>?[plan.Places.Length];

    /// <summary>A tensor for an operation that runs.</summary>
    internal Tensor Take(Here here, Shape shape, DType dtype, bool zero)
    {
        Tensor x = Find(shape, dtype) ?? New(here, shape, dtype);
        _taken.Add(x);
        if (zero) Elements.Clear(x);
        return x;
    }

    /// <summary>Runs an operation, whose tensors come from here.</summary>
    internal void Run(OpCall call, ReadOnlySpan<Tensor?> inputs, Span<Tensor?> results)
    {
        Here here = Here.Now;
        if (here.Has(GradMode.Switch.Scoped | GradMode.Switch.Supplied))
        {
            call.Execute(inputs, results);
            return;
        }
        ReplaySupply? before = here.Supply;
        (here.Supply, here.On) = (this, here.On | GradMode.Switch.Supplied);
        try
        {
            call.Execute(inputs, results);
        }
        catch
        {
            _taken.Clear();
            throw;
        }
        finally
        {
            here.On &= ~GradMode.Switch.Supplied;
            here.Supply = before;
        }
    }

    /// <summary>After an operation has run and its results are known: the others are free.</summary>
    internal void Sort(GraphOperation operation, ReadOnlySpan<Tensor?> results)
    {
        foreach (Tensor x in _taken)
        {
            int memory = MemoryOf(operation, results, x);
            if (memory == Free) Give(x);
            else if (memory >= 0) (_held[memory] ??= []).Add(x);
        }
        _taken.Clear();
    }

    /// <summary>Nobody reads a memory any more.</summary>
    internal void Release(int memory)
    {
        if (_held[memory] is not { Count: > 0 } held) return;
        foreach (Tensor x in held) Give(x);
        held.Clear();
    }

    /// <summary>A run ends.</summary>
    internal void ReleaseAll()
    {
        foreach (int memory in plan.Given) Release(memory);
    }

    private const int Free = -1, Gone = -2;

    // The memory of the result that the tensor is, or that shows it.
    private int MemoryOf(GraphOperation operation, ReadOnlySpan<Tensor?> results, Tensor x)
    {
        for (int i = 0; i < results.Length; i++)
        {
            if (results[i] is not { } y || !y.SharesStorageWith(x)) continue;
            GraphTensor? result = i < operation.Results.Count ? operation.Results[i] : operation.Saved[i - operation.Results.Count].Tensor;
            if (result is null || !operation.Makes(result.Value)) return Gone;
            GraphMemory memory = result.Value.Memory;
            return plan.IsWanted(memory) || plan.IsLent(memory) ? Gone : memory.Index;
        }
        return Free;
    }

    private void Give(Tensor x)
    {
        // The operation has done with its memory, and said so.
        if (x.IsDisposed) return;
        (int, DType) key = (x.NumEl, x.DType);
        if (!_free.TryGetValue(key, out List<Tensor>? free)) _free[key] = free = [];
        // Where it was recorded, the tensor has a history, but not its memory.
        free.Add(x.RequiresGrad || x.GradFn is not null ? x.Alias(x.Shape, null, x.Offset) : x);
    }

    private Tensor? Find(Shape shape, DType dtype)
    {
        if (!_free.TryGetValue((shape.NumEl, dtype), out List<Tensor>? free)) return null;
        for (int i = free.Count - 1; i >= 0; i--)
        {
            Tensor x = free[i];
            if (!ReferenceEquals(x.Shape, shape) && !x.Shape.Equals(shape)) continue;
            free.RemoveAt(i);
            return x;
        }
        if (free.Count == 0) return null;
        // The same memory in another shape.
        Tensor other = free[^1];
        free.RemoveAt(free.Count - 1);
        return other.Alias(shape, null, 0);
    }

    private static Tensor New(Here here, Shape shape, DType dtype)
    {
        GradMode.Switch on = here.On;
        here.On = on & ~GradMode.Switch.Supplied;
        Tensor x = Tensor.Uninitialized(here, shape, dtype);
        here.On = on;
        // It must not be given back early by the operation.
        x.ShareMemory();
        return x;
    }
}
