namespace Adjoint;

/// <summary>What a function's variables held when it was captured. See Note [Variables are looked at].</summary>
internal sealed class ClosureWatch
{
    private readonly ClosureFact[] _facts, _others;
    private readonly ClosureCode? _code;

    private ClosureWatch(ClosureWalk walk)
    {
        _facts = [.. walk.Facts];
        (Tensors, Parts, TooMuch, Unseen) = (walk.Tensors, walk.Parts, walk.TooMuch, walk.Unseen);
        FieldFact[] fields = [.. _facts.OfType<FieldFact>().Where(ClosureCode.CanCompare)];
        StructsFact[] structs = [.. _facts.OfType<StructsFact>().Where(ClosureCode.CanCompare)];
        _code = TooMuch is null ? ClosureCode.Of(fields, structs) : null;
        _others = _code is null ? _facts : [.. _facts.Except(fields).Except(structs)];
    }

    /// <summary>The tensors that the function reaches.</summary>
    internal IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>The modules and optimizers that it reaches.</summary>
    internal IReadOnlyList<IStructured> Parts { get; }

    /// <summary>What there is too much of to be looked at; null for nothing.</summary>
    internal string? TooMuch { get; }

    /// <summary>A type whose fields cannot be seen; null for none.</summary>
    internal string? Unseen { get; }

    /// <summary>Whether hooks hang on what it reaches.</summary>
    internal bool HasHooks => Parts.Any(part => part.HasHooks) || Tensors.Any(x => x.HasHooks);

    /// <summary>Whether the memory of a tensor is that of one it reaches, or of its gradient.</summary>
    internal bool Holds(Tensor x)
    {
        object memory = x.MemoryOwner;
        return Tensors.Any(held => ReferenceEquals(held.MemoryOwner, memory) || ReferenceEquals(held.GradUnnoted?.MemoryOwner, memory));
    }

    /// <summary>Looks at what a function reaches now.</summary>
    internal static ClosureWatch Of(Delegate function) => new(ClosureWalk.Of(function));

    /// <summary>Whether all of it is as it was.</summary>
    internal bool IsSame()
    {
        if (_code is { IsSame: false }) return false;
        foreach (ClosureFact fact in _others)
            if (!fact.IsSame()) return false;
        return true;
    }

    /// <summary>The first that is no longer as it was; null for none.</summary>
    internal ClosureFact? FirstChanged() => Array.Find(_facts, fact => !fact.IsSame());

    /// <summary>Makes what changed as it was, where that can be done.</summary>
    internal void BringBack()
    {
        foreach (ClosureFact fact in _facts) fact.BringBack();
    }
}
