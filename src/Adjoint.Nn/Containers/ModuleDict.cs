using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Adjoint.Nn;

/// <summary>
/// Modules by name, in the order they were added, that belong to the module which holds the dictionary; it has no Forward.
/// </summary>
public sealed class ModuleDict : Module, IReadOnlyDictionary<string, Module>
{
    private readonly OrderedDictionary<string, Module> _modules = [];

    /// <summary>The module of a name; assigning replaces it or adds it at the end.</summary>
    public Module this[string key]
    {
        get => _modules.TryGetValue(key.Given(), out Module? found) ? found : throw Missing(key); set =>
        _modules[Name(key)] = NotNull(key, value, nameof(value));
    }

    /// <summary>How many modules.</summary>
    public int Count => _modules.Count;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _modules.Keys;

    /// <inheritdoc/>
    public IEnumerable<Module> Values => _modules.Values;

    /// <summary>Adds a module at the end.</summary>
    /// <exception cref="ArgumentException">The name is taken, empty, or contains a point.</exception>
    public void Add(string key, Module module) => Put(key, module);

    /// <summary>Takes a module out; false when there is none of the name.</summary>
    public bool Remove(string key) => _modules.Remove(key.Given());

    /// <summary>Takes all modules out.</summary>
    public void Clear() => _modules.Clear();

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _modules.ContainsKey(key.Given());

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Module value) => _modules.TryGetValue(key.Given(), out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Module>> GetEnumerator() => _modules.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // As in PyTorch: such a name could not be told from that of a module in a module.
    private static string Name(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Length > 0 && !key.Contains('.') ? key
            : throw new ArgumentException(
                $"ModuleDict: the name of a module must not be empty or contain a point, but is \"{key}\".", nameof(key));
    }

    private void Put(string key, Module module)
    {
        key.Given();
        NotNull(key, module, nameof(module));
        if (!_modules.TryAdd(Name(key), module))
            throw new ArgumentException($"ModuleDict: there already is a module named \"{key}\".", nameof(key));
    }

    private static Module NotNull(string key, Module module, string given) =>
        module ?? throw new ArgumentNullException(
            given, $"ModuleDict: the module \"{key}\" must not be null. Use Identity for a layer that does nothing.");

    private KeyNotFoundException Missing(string key) =>
        new($"ModuleDict: there is no module \"{key}\"; there are {string.Join(", ", Keys)}.");

    private protected override IEnumerable<Slot> Held => _modules.Select(m => new Slot(m.Key, m.Value));
}
