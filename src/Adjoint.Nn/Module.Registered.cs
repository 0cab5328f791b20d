using System.Reflection;

namespace Adjoint.Nn;

/// <remarks>What a module holds by names that are computed, beside its fields; and fields whose tensor is computed from that.</remarks>
public abstract partial class Module
{
    private OrderedDictionary<string, object>? _registered;

    // Names of fields that hold what is computed from other parameters: the weight of a pruned layer.
    private HashSet<string>? _computed;

    /// <summary>
    /// Holds a parameter by a name that the program computes: <c>RegisterParameter($"scale_{i}", …)</c>. It is in
    /// <see cref="Parameters"/> and <see cref="StateDict"/> as those in fields are.
    /// </summary>
    /// <param name="name">Its name, without a point.</param>
    /// <param name="parameter">The parameter, from <c>AsParameter()</c>.</param>
    /// <returns>The parameter.</returns>
    /// <exception cref="ArgumentException">The name is empty, has a point, or is taken.</exception>
    /// <exception cref="SlotException">The tensor is no parameter.</exception>
    /// <example><code>
    /// sealed class Scales : Module
    /// {
    ///     public Scales(int count)
    ///     {
    ///         for (int i = 0; i &lt; count; i++) RegisterParameter($"scale_{i}", Tensor.Ones(1).AsParameter());
    ///     }
    ///
    ///     protected override Tensor Forward(Tensor x) => x * GetParameter("scale_0");
    /// }
    /// </code></example>
    public Tensor RegisterParameter(string name, Tensor parameter)
    {
        CheckNew(name);
        if (!parameter.Given().IsParameter)
            throw new SlotException(
                $"RegisterParameter: \"{name}\" is a tensor of shape {parameter.Shape} that is no parameter. Pass AsParameter() of it.");
        return Hold(name, parameter);
    }

    /// <summary>Holds a buffer, state that is not trained, by a name that the program computes.</summary>
    /// <param name="name">Its name, without a point.</param>
    /// <param name="buffer">The tensor.</param>
    /// <param name="persistent">Whether it is saved in the state dictionary.</param>
    /// <returns>The buffer, over the same memory: it is what the module holds.</returns>
    /// <exception cref="ArgumentException">The name is empty, has a point, or is taken.</exception>
    /// <exception cref="SlotException">The tensor is a parameter.</exception>
    public Tensor RegisterBuffer(string name, Tensor buffer, bool persistent = true)
    {
        CheckNew(name);
        if (buffer.Given().IsParameter)
            throw new SlotException($"RegisterBuffer: \"{name}\" is a parameter, which is trained. Pass Detach() of it.");
        return Hold(name, buffer.IsBuffer ? buffer : buffer.AsBuffer(persistent));
    }

    /// <summary>Holds a module by a name that the program computes.</summary>
    /// <param name="name">Its name, without a point.</param>
    /// <param name="module">The module.</param>
    /// <returns>The module.</returns>
    /// <exception cref="ArgumentException">The name is empty, has a point, or is taken.</exception>
    public T RegisterModule<T>(string name, T module) where T : Module
    {
        CheckNew(name);
        return Hold(name, module.Given());
    }

    private T Hold<T>(string name, T value) where T : class
    {
        RefuseInGraph(name);
        (_registered ??= [])[name] = value;
        if (value is Tensor tensor) tensor.KeepBeyondScopes();
        StructureChanged();
        return value;
    }

    private void CheckNew(string name)
    {
        if (name.Given().Length == 0 || name.Contains('.'))
            throw new ArgumentException($"{TypeName}: the name \"{name}\" must not be empty or contain a point.", nameof(name));
        if (Look().Exists(slot => slot.Name == name) || _computed?.Contains(name) == true)
            throw new ArgumentException($"{TypeName}: there is something named \"{name}\" already.", nameof(name));
    }

    /// <summary>What is held by names, as slots.</summary>
    private IEnumerable<Slot> Registered => _registered?.Select(held => new Slot(held.Key, held.Value)) ?? [];

    /// <summary>Has a parameter lie under another name, and its field hold what is computed from it.</summary>
    internal void Compute(string name, string origin, Tensor parameter, Tensor computed)
    {
        RefuseInGraph(name);
        FieldInfo field = FieldOf(name);
        (_registered ??= [])[origin] = parameter;
        (_computed ??= new(StringComparer.Ordinal)).Add(name);
        field.SetValue(this, computed);
        StructureChanged();
    }

    /// <summary>Sets a field that holds what is computed.</summary>
    internal void SetComputed(string name, Tensor computed) => FieldOf(name).SetValue(this, computed);

    /// <summary>What is computed, as it was last.</summary>
    internal Tensor Computed(string name) => (Tensor)FieldOf(name).GetValue(this)!;

    /// <summary>Ends that: the field holds the parameter again, and what was held beside it is let go.</summary>
    internal void EndCompute(string name, Tensor parameter, params string[] beside)
    {
        RefuseInGraph(name);
        foreach (string other in beside) _registered?.Remove(other);
        _computed?.Remove(name);
        FieldOf(name).SetValue(this, parameter);
        StructureChanged();
    }

    /// <summary>What is held under a name, or null.</summary>
    internal Tensor? RegisteredTensor(string name) => _registered?.GetValueOrDefault(name) as Tensor;

    /// <summary>Replaces what is held under a name.</summary>
    internal void ReplaceRegistered(string name, object value) => _registered![name] = value;

    internal bool IsComputed(string name) => _computed?.Contains(name) == true;

    internal IEnumerable<string> ComputedNames => _computed ?? [];

    // The field itself; what lies in a list is no layer's weight.
    private FieldInfo FieldOf(string name) =>
        Array.Find(Members.Of(this), member => member.Name == name && member.Field.FieldType == typeof(Tensor)).Field
        ?? throw new ArgumentException($"{TypeName}: there is no field of a tensor with the name \"{name}\".", nameof(name));

    /// <summary>Gives a copy its own of what is held by names.</summary>
    internal void CopyRegistered(Module from, Func<object, object> copy)
    {
        _computed = from._computed is null ? null : new(from._computed, StringComparer.Ordinal);
        if (from._registered is null) return;
        _registered = [];
        foreach ((string name, object value) in from._registered) _registered[name] = copy(value);
    }
}
