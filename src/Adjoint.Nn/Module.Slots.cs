using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Adjoint.Nn;

public abstract partial class Module
{
    // Note [A slot keeps its role]
    // A tensor says of itself what it is to modules (AsParameter, AsBuffer), and that makes the field in which it first lies a slot of that
    // role. From then on the role is the slot's: a plain tensor that is assigned to the slot of a buffer is the buffer (buffer = buffer + x
    // in Forward), and to the slot of a parameter it is an error, as in PyTorch, because an optimizer would go on with the tensor that was
    // there. What was explicitly made a parameter makes its slot one. C# does not tell when a field is assigned, so fields are looked at
    // when a module is made (initializers have run then), before its first call, and whenever somebody asks what it holds; the properties
    // of our own layers check at once. The roles that were seen are kept by name, not by tensor: keeping a tensor would keep its graph.
    private Dictionary<string, TensorRole>? _roles;
    private int _signature;

    private static int s_structure;

    /// <summary>This module for those who do not keep it alive; always the same object.</summary>
    internal WeakReference<Module> WeakSelf => _weak ?? Interlocked.CompareExchange(ref _weak, new(this), null) ?? _weak;

    private WeakReference<Module>? _weak;

    /// <summary>Notes the roles of the fields that initializers have set.</summary>
    protected Module()
    {
        if (IsOurs) return;
        _hooks = ModuleHooks.NotCalledYet;
        foreach ((string name, FieldInfo field) in Members.Of(this))
            if (field.FieldType == typeof(Tensor) && field.GetValue(this) is Tensor { Role: not TensorRole.None } tensor)
                Remember(name, tensor.Role);
    }

    /// <summary>Counts the times that a parameter or module was seen to be replaced by another, in any module.</summary>
    internal static int Structure => Volatile.Read(ref s_structure);

    private static void StructureChanged()
    {
        Interlocked.Increment(ref s_structure);
        Adjoint.Structure.Change();
    }

    bool IStructured.HasHooks => s_globalHooks.Any || _hooks is { IsEmpty: false };

    bool IStructured.Knows(Type level) => level == typeof(Module);

    IEnumerable<object> IStructured.Holds => Present.Concat(Registered).Select(slot => slot.Value).OfType<object>();

    int IStructured.Structure
    {
        get
        {
            var all = new HashCode();
            all.Add(Training);
            all.Add(((IStructured)this).HasHooks);
            foreach (Slot slot in Look()) all.Add(RuntimeHelpers.GetHashCode(slot.Value));
            return all.ToHashCode();
        }
    }

    /// <summary>Whether the type is one of this library, whose slots are properties that check what is assigned.</summary>
    private bool IsOurs => GetType().Assembly == typeof(Module).Assembly;

    /// <summary>What lies in this module itself, by name. Containers say it themselves.</summary>
    private protected virtual IEnumerable<Slot> Held => SlotWalk.Of(this);

    /// <summary>The parameters, buffers and modules that this module holds itself, checked.</summary>
    /// <exception cref="SlotException">A field holds what it may not.</exception>
    internal List<Slot> Look()
    {
        List<Slot> slots = [];
        var signature = new HashCode();
        if (GraphCapture.IsAnywhere) GraphCapture.NoteUse(this);
        foreach (Slot slot in Present.Concat(Registered))
        {
            if (slot.Value is Tensor && IsComputed(slot.Name)) continue;
            TensorRole role = slot.Value is Tensor tensor ? RoleOf(slot, tensor) : TensorRole.None;
            if (slot.Value is Tensor && role == TensorRole.None) continue;
            slots.Add(slot with { Role = role });
            if (role is TensorRole.Buffer or TensorRole.TransientBuffer) continue;
            signature.Add(slot.Name, StringComparer.Ordinal);
            signature.Add(RuntimeHelpers.GetHashCode(slot.Value));
        }
        if (!IsOurs) DropTheSameTwice(slots);
        // Only now: what threw has changed nothing.
        foreach (Slot slot in slots)
            if (slot.Role != TensorRole.None) Remember(slot.Name, slot.Role);
        int seen = signature.ToHashCode() | 1;
        if (Interlocked.Exchange(ref _signature, seen) is var before && before != 0 && before != seen)
            StructureChanged();
        return slots;
    }

    private TensorRole RoleOf(Slot slot, Tensor tensor)
    {
        if (tensor.Role == TensorRole.Parameter) return TensorRole.Parameter;
        TensorRole before = _roles is { } roles && roles.TryGetValue(slot.Name, out TensorRole role) ? role : TensorRole.None;
        if (before == TensorRole.Parameter) throw NotAParameter(slot.Place(this), tensor);
        return before == TensorRole.None ? tensor.Role : before;
    }

    private static SlotException NotAParameter(string place, Tensor value)
    {
        string kind = value.IsBuffer ? "a buffer" : value.GradFn is { } node ? $"a tensor computed by {node.Name}" : "a plain tensor";
        return new SlotException($"{place} holds a parameter, but was assigned {kind} of shape {value.Shape}, which no optimizer would "
            + "train. To change the values of the parameter use an operation in place (inside Autograd.NoGrad(): SubInPlace, CopyInPlace, "
                + "...); for another parameter assign AsParameter() of the tensor, and make the optimizer after that.");
    }

    private void Remember(string name, TensorRole role)
    {
        Dictionary<string, TensorRole>? before = _roles;
        if (before is not null && before.TryGetValue(name, out TensorRole known) && known == role) return;
        // Published whole, so that a reader on another thread sees either.
        _roles = new(before ?? [], StringComparer.Ordinal) { [name] = role };
    }

    /// <summary>Two fields of one name are an error, unless they hold the same.</summary>
    private void DropTheSameTwice(List<Slot> slots)
    {
        if (slots.Count < 2) return;
        var byName = new Dictionary<string, Slot>(StringComparer.Ordinal);
        slots.RemoveAll(slot =>
        {
            if (byName.TryAdd(slot.Name, slot)) return false;
            if (ReferenceEquals(byName[slot.Name].Value, slot.Value)) return true;
            throw new SlotException(
                $"{TypeName}: {byName[slot.Name].Place(this)} and {slot.Place(this)} both have the name \"{slot.Name}\" in the state "
                + "dictionary. Rename one.");
        });
    }

    /// <summary>
    /// For the setter of a property that holds a parameter: checks what is assigned, and lets optimizers know that it is another one.
    /// </summary>
    /// <param name="before">What the property holds.</param>
    /// <param name="value">What is assigned: a parameter, or null if the property may be null.</param>
    /// <param name="shape">The shape it must have.</param>
    /// <param name="property">The name of the property.</param>
    /// <returns>What was assigned.</returns>
    /// <exception cref="SlotException">It is no parameter.</exception>
    /// <exception cref="ShapeException">It has another shape.</exception>
    /// <exception cref="DTypeException">It is not of floating point.</exception>
    /// <example><code>public Tensor Scale { get; set => field = ParameterSlot(field, value, [3]); }</code></example>
    [return: NotNullIfNotNull(nameof(value))]
    protected Tensor? ParameterSlot(Tensor? before, Tensor? value, Shape shape, [CallerMemberName] string property = "")
    {
        if (AssignsParametrized(property, value)) return before;
        if (value is not null)
        {
            if (!value.IsParameter) throw NotAParameter($"{TypeName}.{property}", value);
            CheckAssigned(value, shape, property);
            if (!value.DType.IsFloatingPoint)
                throw new DTypeException(
                    $"{TypeName}.{property}: must be of floating point, but was assigned a tensor of {value.DType}. Convert it with "
                    + "To(DType.Float32).");
        }
        RefuseInGraph(property);
        if (before is not null && !ReferenceEquals(before, value)) StructureChanged();
        return value;
    }

    // The layers' own constructors assign too: what is made in the function is its own.
    private protected void RefuseInGraph(string property)
    {
        if (GraphCapture.IsAnywhere && GraphCapture.Current is { } capture && capture.IsOutside(this))
            throw capture.Refuse(
                $"{TypeName}.{property}: was assigned another tensor, which a run of the graph would not do again. Do that before the "
                + "function is called, or change the values in place (CopyInPlace).");
    }

    /// <summary>For the setter of a property that holds a buffer: any tensor of the right shape becomes the buffer.</summary>
    /// <param name="value">What is assigned, or null.</param>
    /// <param name="shape">The shape it must have.</param>
    /// <param name="property">The name of the property.</param>
    /// <returns>What was assigned.</returns>
    /// <exception cref="SlotException">It is a parameter.</exception>
    /// <exception cref="ShapeException">It has another shape.</exception>
    [return: NotNullIfNotNull(nameof(value))]
    protected Tensor? BufferSlot(Tensor? value, Shape shape, [CallerMemberName] string property = "")
    {
        if (value is not null)
        {
            if (value.IsParameter)
                throw new SlotException(
                    $"{TypeName}.{property} holds a buffer, which is not trained, but was assigned a parameter. Assign Detach() of it.");
            CheckAssigned(value, shape, property);
            if (value.Role == TensorRole.None) Remember(Members.NameOf(property), TensorRole.Buffer);
        }
        RefuseInGraph(property);
        return value;
    }

    private void CheckAssigned(Tensor value, Shape shape, string property)
    {
        if (!value.Shape.Equals(shape))
            throw new ShapeException(
                $"{TypeName}.{property}: the shape must be {shape}, but was assigned a tensor of shape {value.Shape}. For other sizes "
                + $"make a new {TypeName}.");
    }
}
