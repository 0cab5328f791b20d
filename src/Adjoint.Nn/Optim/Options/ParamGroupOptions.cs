using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Adjoint.Nn;

namespace Adjoint.Optim;

/// <summary>
/// The options of a group by their names in PyTorch. It is a view: the options themselves are a typed record of the optimizer's, which is
/// replaced whole, and checked, when one is set. What the optimizer does not know stands beside it (a schedule keeps <c>initial_lr</c>
/// here).
/// </summary>
public sealed class ParamGroupOptions : IDictionary<string, object?>, IReadOnlyDictionary<string, object?>, IOptions
{
    private readonly OrderedDictionary<string, object?> _others = [];
    private Optimizer? _owner;
    private OptionView? _view;
    private object? _record;

    // Another object whenever an option is set.
    private object? _now;

    internal ParamGroupOptions()
    {
    }

    /// <summary>The typed options.</summary>
    /// <exception cref="ArgumentException">The group belongs to another optimizer than <paramref name="optimizer"/>.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal object Of(Optimizer optimizer) => ReferenceEquals(_owner, optimizer) ? _record! : throw NotOf(optimizer);

    /// <summary>An option by its name.</summary>
    /// <exception cref="KeyNotFoundException">There is no such option.</exception>
    /// <exception cref="ArgumentException">Set to what the optimizer does not accept; the option is as before then.</exception>
    public object? this[string name]
    {
        get => TryGetValue(name.Given(), out object? value) ? value
            : throw new KeyNotFoundException($"ParamGroup: there is no option \"{name}\"; there are {string.Join(", ", Keys)}.");
        set
        {
            if (_view is { } view && view.IndexOf(name.Given()) >= 0) Replace(view.With(_record!, KeyValuePair.Create(name, value)));
            else
            {
                _view?.CheckNotMeant(name);
                OthersChange();
                _others[name.Given()] = value;
            }
        }
    }

    /// <inheritdoc cref="IDictionary{TKey, TValue}.Keys"/>
    public ICollection<string> Keys => [.. this.Select(option => option.Key)];

    /// <inheritdoc cref="IDictionary{TKey, TValue}.Values"/>
    public ICollection<object?> Values => [.. this.Select(option => option.Value)];

    IEnumerable<string> IReadOnlyDictionary<string, object?>.Keys => Keys;

    IEnumerable<object?> IReadOnlyDictionary<string, object?>.Values => Values;

    /// <inheritdoc cref="ICollection{T}.Count"/>
    public int Count => (_view?.Names.Count ?? 0) + _others.Count;

    bool ICollection<KeyValuePair<string, object?>>.IsReadOnly => false;

    /// <inheritdoc cref="IDictionary{TKey, TValue}.ContainsKey"/>
    public bool ContainsKey(string name) => TryGetValue(name.Given(), out _);

    /// <inheritdoc cref="IDictionary{TKey, TValue}.TryGetValue"/>
    public bool TryGetValue(string name, [MaybeNullWhen(false)] out object? value)
    {
        if (GraphCapture.IsAnywhere) GraphCapture.NoteOptions(this, null);
        if (_view is { } view && view.IndexOf(name.Given()) is >= 0 and int at)
        {
            value = view.Get(_record!, at);
            return true;
        }
        return _others.TryGetValue(name.Given(), out value);
    }

    /// <summary>Adds something that the optimizer does not know, such as a name of the group.</summary>
    /// <exception cref="ArgumentException">There is an option of that name.</exception>
    public void Add(string name, object? value)
    {
        _view?.CheckNotMeant(name.Given());
        if (ContainsKey(name.Given())) throw new ArgumentException($"ParamGroup: there is an option \"{name}\" already.", nameof(name));
        OthersChange();
        _others.Add(name, value);
    }

    /// <summary>Removes what the optimizer does not know.</summary>
    /// <exception cref="ArgumentException">It is an option of the optimizer, which needs it.</exception>
    public bool Remove(string name)
    {
        if (_view is { } view && view.IndexOf(name.Given()) >= 0)
            throw new ArgumentException(
                $"ParamGroup: \"{name}\" is an option of {TypeText.Of(_owner!.GetType())} and cannot be removed.", nameof(name));
        OthersChange();
        return _others.Remove(name.Given());
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        if (GraphCapture.IsAnywhere) GraphCapture.NoteOptions(this, null);
        if (_view is { } view)
        {
            object record = _record!;
            for (int i = 0; i < view.Names.Count; i++) yield return KeyValuePair.Create(view.Names[i], view.Get(record, i));
        }
        foreach (KeyValuePair<string, object?> other in _others) yield return other;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    void ICollection<KeyValuePair<string, object?>>.Add(KeyValuePair<string, object?> option) => Add(option.Key, option.Value);

    bool ICollection<KeyValuePair<string, object?>>.Contains(KeyValuePair<string, object?> option) =>
        option.Key is { } name && TryGetValue(name, out object? value) && Equals(value, option.Value);

    bool ICollection<KeyValuePair<string, object?>>.Remove(KeyValuePair<string, object?> option) =>
        ((ICollection<KeyValuePair<string, object?>>)this).Contains(option) && Remove(option.Key);

    void ICollection<KeyValuePair<string, object?>>.CopyTo(KeyValuePair<string, object?>[] array, int arrayIndex)
    {
        foreach (KeyValuePair<string, object?> option in this) array[arrayIndex++] = option;
    }

    void ICollection<KeyValuePair<string, object?>>.Clear() => throw new NotSupportedException(
        "ParamGroup: the options of a group cannot be cleared.");

    /// <summary>The options of an optimizer with those that are set here, checked.</summary>
    internal object Over(Optimizer optimizer, OptionView view, object defaults)
    {
        foreach (string name in _others.Keys)
            if (view.IndexOf(name) < 0) view.CheckNotMeant(name);
        object record = view.With(defaults, this);
        optimizer.CheckOptions(record);
        return record;
    }

    /// <summary>From now on the options are typed ones of an optimizer.</summary>
    internal void Belong(Optimizer optimizer, OptionView view, object record)
    {
        foreach ((string name, object? value) in this.ToArray())
        {
            if (view.IndexOf(name) >= 0) _others.Remove(name);
            else _others[name] = value;
        }
        (_owner, _view, _record, _now) = (optimizer, view, record, record);
    }

    /// <summary>Takes other typed options, once they are checked.</summary>
    internal void Replace(object record)
    {
        _owner!.CheckOptions(record);
        object? before = _record;
        if (GraphCapture.IsAnywhere) GraphCapture.NoteOptions(this, () => _record = _now = before);
        _record = _now = record;
    }

    object? IOptions.Now => _now;

    private ArgumentException NotOf(Optimizer optimizer) => new(
        $"{TypeText.Of(optimizer.GetType())}: the group belongs to "
        + $"{(_owner is null ? "no optimizer" : TypeText.Of(_owner.GetType()))}. A group has the options of one "
        + "optimizer; make another of its parameters: new ParamGroup(group.Parameters).", "group");

    private void OthersChange()
    {
        KeyValuePair<string, object?>[] before = [.. _others];
        if (GraphCapture.IsAnywhere)
            GraphCapture.NoteOptions(this, () =>
            {
                _others.Clear();
                foreach ((string name, object? value) in before) _others.Add(name, value);
            });
        _now = new object();
    }
}
