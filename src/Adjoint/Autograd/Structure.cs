namespace Adjoint;

/// <summary>Counts what changes besides the elements of tensors, in the whole process.</summary>
/// <remarks>
/// // Note [One number for everything that changes]
/// What was captured once (Compile) holds for as long as nothing but elements changes: whether gradients are wanted, hooks, the mode of
/// modules, what they hold, dtypes. Each of these is changed seldom, and at places of this library: there this number moves. Who
/// compares it with the one he knows has compared all of it; only where it moved does he look closer.
/// </remarks>
internal static class Structure
{
    private static int s_epoch;

    /// <summary>The count.</summary>
    internal static int Epoch => Volatile.Read(ref s_epoch);

    /// <summary>Something changed.</summary>
    internal static void Change() => Interlocked.Increment(ref s_epoch);
}

/// <summary>Options that may be set at any time.</summary>
internal interface IOptions
{
    /// <summary>Another object whenever one is set.</summary>
    object? Now { get; }
}

/// <summary>A part of a model, whose operations are others when it is in another mode, has hooks or holds other parts.</summary>
internal interface IStructured
{
    /// <summary>What its operations depend on besides tensors: equal as long as that is.</summary>
    int Structure { get; }

    /// <summary>Whether code of the user's runs when it is called, besides its own.</summary>
    bool HasHooks { get; }

    /// <summary>Whether <see cref="Structure"/> and <see cref="Holds"/> say all that matters of the fields of one of its base classes.
    /// </summary>
    bool Knows(Type level);

    /// <summary>What it holds besides what its other fields show.</summary>
    IEnumerable<object> Holds { get; }
}
