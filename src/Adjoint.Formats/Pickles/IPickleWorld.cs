namespace Adjoint.Formats;

/// <summary>What a pickle may name, and what comes of it: the whole of what its reader can do.</summary>
internal interface IPickleWorld
{
    /// <summary>What a name is: itself, if it may be called, or data; null where it may not stand in the file.</summary>
    object? Named(PickleGlobal name);

    /// <summary>What a call of a name gives.</summary>
    /// <exception cref="FormatException">The arguments are none for it.</exception>
    object? Call(PickleGlobal name, object?[] arguments);

    /// <summary>What an object that lies outside of the pickle is.</summary>
    /// <exception cref="FormatException">There is none of that kind.</exception>
    object? Persistent(object? id);
}

/// <summary>A name of Python in a pickle.</summary>
/// <param name="Module">Its module.</param>
/// <param name="Name">Its name there.</param>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}
