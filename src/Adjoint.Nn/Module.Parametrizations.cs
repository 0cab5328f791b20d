using System.Reflection;
using System.Runtime.CompilerServices;

namespace Adjoint.Nn;

public abstract partial class Module
{
    // Note [Parametrized tensors]
    // PyTorch gives a parametrized module another class, in which the tensor is a property that is computed. Here the slot of the tensor
    // is no slot any more: what it is made of lies in the list of its parametrizations, which is a module below this one. Whenever the
    // module is called, the
    // value is computed first and put into the field, with its history; so Forward reads what it always reads, in layers of ours and in any
    // other. The properties of our layers compute it anew when somebody asks between calls.
    private ModuleDict? _parametrizations;

    [ThreadStatic, Untracked]
    private static Module? s_computed;

    /// <summary>The parametrizations of each parametrized tensor, by its name; null where there are none.</summary>
    internal ModuleDict? ParametrizationsOrNull => _parametrizations;

    /// <summary>What lies in the module, with the parametrizations in place of the tensors that they make.</summary>
    private IEnumerable<Slot> Present => _parametrizations is not { } made ? Held
        : Held.Where(slot => !made.ContainsKey(slot.Name)).Append(new Slot("parametrizations", made));

    /// <summary>What lies in the places of parametrized tensors.</summary>
    internal IEnumerable<Tensor> ComputedTensors => _parametrizations is not { } made ? []
        : Held.Where(slot => made.ContainsKey(slot.Name)).Select(slot => slot.Value).OfType<Tensor>();

    /// <summary>Makes a tensor one that is computed.</summary>
    internal void AddParametrizations(string name, ParametrizationList list, Tensor value)
    {
        _ = OwnHooks;       // so that calls come by
        (_parametrizations ??= new ModuleDict()).Add(name, list);
        Put(name, value);
        StructureChanged();
    }

    /// <summary>Makes a computed tensor one of the module's own.</summary>
    internal void RemoveParametrizations(string name, Tensor own)
    {
        _parametrizations!.Remove(name);
        if (_parametrizations.Count == 0) _parametrizations = null;
        Put(name, own);
        StructureChanged();
    }

    /// <summary>Where a tensor of the module itself lies; not in containers.</summary>
    internal virtual bool CanPut(string name) => Members.Of(this).Any(member =>
        member.Name == name && member.Field.FieldType == typeof(Tensor));

    private protected virtual void Put(string name, Tensor value)
    {
        foreach ((string member, FieldInfo field) in Members.Of(this))
            if (member == name && field.FieldType == typeof(Tensor)) field.SetValue(this, value);
    }

    /// <summary>For the getter of a property that holds a parameter: its value, which parametrizations may have to compute.</summary>
    /// <param name="held">What the property holds.</param>
    /// <param name="property">The name of the property.</param>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(held))]
    protected Tensor? Parametrized(Tensor? held, [CallerMemberName] string property = "") =>
        _parametrizations is null || held is null || ReferenceEquals(s_computed, this) ? held : Computed(held, property);

    private Tensor Computed(Tensor held, string property) =>
        _parametrizations!.TryGetValue(Members.NameOf(property), out Module? list) ? ((ParametrizationList)list).Value() : held;

    /// <summary>Whether a value was assigned to a computed tensor, which then is made of others.</summary>
    private bool AssignsParametrized(string property, Tensor? value)
    {
        if (_parametrizations is null || !_parametrizations.TryGetValue(Members.NameOf(property), out Module? list)) return false;
        ((ParametrizationList)list).Assign($"{TypeName}.{property}", value.Given());
        return true;
    }

    /// <summary>Calls with the values of parametrized tensors in their places.</summary>
    private protected T WithParametrizations<T>(Func<T> call)
    {
        Module? outer = s_computed;
        foreach ((string name, Module list) in _parametrizations!) Put(name, ((ParametrizationList)list).Value());
        s_computed = this;
        try
        {
            return call();
        }
        finally
        {
            s_computed = outer;
        }
    }

    private protected bool IsParametrized => _parametrizations is not null;

    /// <summary>Gives a copy parametrizations of its own.</summary>
    internal void CopyParametrizations(Module from, ModuleCopy copies)
    {
        if (from._parametrizations is null) return;
        _parametrizations = (ModuleDict)copies.Of(from._parametrizations);
    }
}
