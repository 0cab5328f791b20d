using System.Collections;
using System.Runtime.CompilerServices;

namespace Adjoint.Nn;

/// <summary>A list of modules that belong to the module which holds the list; it has no Forward. Their names are their places.</summary>
/// <param name="modules">What it holds at first.</param>
public sealed class ModuleList(params IEnumerable<Module> modules) : Module, IList<Module>, IReadOnlyList<Module>
{
    private readonly List<Module> _modules = [.. modules.Given().Select(m => NotNull(m, nameof(modules)))];

    /// <inheritdoc cref="IList{T}.this"/>
    public Module this[int index] { get => _modules[In(index)]; set => Put(index, NotNull(value)); }

    /// <summary>Some of the modules, as <c>list[1..]</c>; they are shared, not copied.</summary>
    public ModuleList Slice(int start, int length) => new(_modules.GetRange(start.AtLeast(0), length.AtLeast(0) <= Count - start ? length
        : throw new ArgumentOutOfRangeException(
            nameof(length), length, $"ModuleList: there are no {length} modules from {start} on; the list has {Count}.")));

    /// <summary>How many modules.</summary>
    public int Count => _modules.Count;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    /// <inheritdoc/>
    public void Add(Module item) => _modules.Add(NotNull(item));

    /// <summary>Adds a module at the end, and gives the list. (LINQ's word would make another sequence.)</summary>
    public ModuleList Append(Module item)
    {
        Add(item);
        return this;
    }

    /// <summary>Adds several modules at the end.</summary>
    public void AddRange(IEnumerable<Module> items) => _modules.AddRange([.. items.Given().Select(m => NotNull(m, nameof(items)))]);

    /// <inheritdoc/>
    public void Insert(int index, Module item) => _modules.Insert(In(index, Count + 1), NotNull(item));

    /// <inheritdoc/>
    public bool Remove(Module item) => _modules.Remove(item.Given());

    /// <inheritdoc/>
    public void RemoveAt(int index) => _modules.RemoveAt(In(index));

    /// <inheritdoc/>
    public void Clear() => _modules.Clear();

    /// <inheritdoc/>
    public bool Contains(Module item) => _modules.Contains(item.Given());

    /// <inheritdoc/>
    public int IndexOf(Module item) => _modules.IndexOf(item.Given());

    /// <inheritdoc/>
    public void CopyTo(Module[] array, int arrayIndex)
    {
        if (array.Given().Length - arrayIndex.AtLeast(0) < Count)
            throw new ArgumentException(
                $"ModuleList: an array of {array.Length} has no room for {Count} modules from {arrayIndex} on.", nameof(array));
        _modules.CopyTo(array, arrayIndex);
    }

    /// <inheritdoc/>
    public IEnumerator<Module> GetEnumerator() => _modules.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The container and what is in it, in PyTorch's form.</summary>
    private protected override string Description() => ContainerText.Of(TypeName, _modules);

    private void Put(int index, Module module) => _modules[In(index)] = module;

    private int In(int index, int? count = null) => (uint)index < (uint)(count ?? Count) ? index
        : throw new ArgumentOutOfRangeException(
            nameof(index), index, $"ModuleList: there is no place {index}; the list has {Count} modules.");

    private static Module NotNull(Module item, [CallerArgumentExpression(nameof(item))] string? name = null) =>
        item ?? throw new ArgumentNullException(
            name, "ModuleList: a list of modules cannot hold null. Use Identity for a layer that does nothing.");

    private protected override IEnumerable<Slot> Held => _modules.Select((module, i) => new Slot($"{i}", module));
}
