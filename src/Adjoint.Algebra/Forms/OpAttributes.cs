namespace Adjoint;

/// <summary>What an operation was told besides tensors, by PyTorch's names, in the order of its arguments.</summary>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public sealed class OpAttributes
{
    private readonly Dictionary<string, object?> _values = [];

    internal OpAttributes()
    {
    }

    /// <summary>What was told so far.</summary>
    public IReadOnlyDictionary<string, object?> Values => _values;

    /// <summary>Tells one; of an array a copy, because the operation goes on with its own.</summary>
    /// <param name="name">PyTorch's name of the argument.</param>
    /// <param name="value">Its value.</param>
    public void Add<T>(string name, T value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _values[name] = value is Array array ? array.Clone() : value;
    }
}
