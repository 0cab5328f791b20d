using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Adjoint.Nn;

/// <summary>
/// Parameters by name, in the order they were added, that belong to the module which holds the dictionary. Tensors are made parameters.
/// </summary>
public sealed class ParameterDict : Module, IReadOnlyDictionary<string, Tensor>
{
    private readonly OrderedDictionary<string, Tensor> _parameters = [];

    /// <summary>The parameter of a name; what is assigned is made one.</summary>
    public Tensor this[string key]
    {
        get => _parameters.TryGetValue(key.Given(), out Tensor? found) ? found : throw Missing(key); set =>
        _parameters[key.Given()] = ParameterList.AsParameter(value.Given());
    }

    /// <summary>How many parameters.</summary>
    public int Count => _parameters.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _parameters.Keys;

    /// <inheritdoc/>
    public IEnumerable<Tensor> Values => _parameters.Values;

    /// <summary>Adds a parameter at the end.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Add(string key, Tensor tensor) => _ = _parameters.TryAdd(key.Given(), ParameterList.AsParameter(tensor.Given())) ? 0
        : throw new ArgumentException($"ParameterDict: there already is a parameter named \"{key}\".", nameof(key));

    /// <summary>Takes a parameter out; false when there is none of the name.</summary>
    public bool Remove(string key) => _parameters.Remove(key.Given());

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _parameters.ContainsKey(key.Given());

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor value) => _parameters.TryGetValue(key.Given(), out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() => _parameters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The container and what is in it, in PyTorch's form.</summary>
    public override string ToString() =>
        ContainerText.Of(TypeName, _parameters.Select(p => (p.Key, p.Value)), ContainerText.TensorTypeName);

    private KeyNotFoundException Missing(string key) =>
        new($"ParameterDict: there is no parameter \"{key}\"; there are {string.Join(", ", Keys)}.");

    private protected override IEnumerable<Slot> Held => _parameters.Select(p => new Slot(p.Key, p.Value));
}
