using System.Reflection;

namespace Adjoint.Nn;

public abstract partial class Module
{
    /// <summary>The parameters of this module and all below it, each once.</summary>
    /// <exception cref="SlotException">A field holds what it may not; the message names it.</exception>
    public IEnumerable<Tensor> Parameters() => new ModuleParameters(this);

    /// <summary>
    /// The parameters with their dotted names: those of the module first, then those of its children, depth first. A shared one has its
    /// first name.
    /// </summary>
    /// <param name="prefix">What names begin with: <c>net</c> gives <c>net.fc1.weight</c>.</param>
    /// <param name="recurse">Whether those of the modules below are listed too.</param>
    /// <param name="removeDuplicate">Whether a shared one is listed once.</param>
    public IEnumerable<(string Name, Tensor Parameter)> NamedParameters(
        string prefix = "", bool recurse = true, bool removeDuplicate = true) =>
        Prefixed(prefix.Given(), Listed(recurse, removeDuplicate, TensorRole.Parameter));

    /// <summary>The buffers of this module and all below it, each once.</summary>
    public IEnumerable<Tensor> Buffers() => NamedBuffers().Select(b => b.Buffer);

    /// <summary>The buffers with their dotted names.</summary>
    /// <inheritdoc cref="NamedParameters"/>
    public IEnumerable<(string Name, Tensor Buffer)> NamedBuffers(
        string prefix = "", bool recurse = true, bool removeDuplicate = true) =>
        Prefixed(prefix.Given(), Listed(recurse, removeDuplicate, TensorRole.Buffer, TensorRole.TransientBuffer));

    private IEnumerable<(string, Tensor)> Listed(bool recurse, bool distinct, params TensorRole[] roles)
    {
        if (recurse) return NamedTensors(distinct, roles);
        List<Slot> slots = Look();
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        return [.. slots.Where(slot => slot.Value is Tensor && roles.Contains(slot.Role) && (seen.Add(slot.Value) || !distinct))
            .Select(slot => (slot.Name, (Tensor)slot.Value))];
    }

    private static IEnumerable<(string, Tensor)> Prefixed(string prefix, IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        prefix.Length == 0 ? tensors : tensors.Select(x => (Join(prefix, x.Name), x.Tensor));

    /// <summary>The modules that this one holds itself.</summary>
    public IEnumerable<Module> Children() => NamedChildren().Select(child => child.Module);

    /// <summary>The modules that this one holds itself, with their names; each once.</summary>
    public IEnumerable<(string Name, Module Module)> NamedChildren()
    {
        var seen = new HashSet<Module>(ReferenceEqualityComparer.Instance);
        foreach (Slot slot in Look())
            if (slot.Value is Module child && seen.Add(child)) yield return (slot.Name, child);
    }

    /// <summary>This module and all below it, depth first, each once.</summary>
    public IEnumerable<Module> Modules() => NamedModules().Select(m => m.Module);

    /// <summary>This module (named "") and all below it with their dotted names, depth first, each once.</summary>
    public IEnumerable<(string Name, Module Module)> NamedModules() => Walk(distinct: true);

    /// <summary>
    /// The parameters and saved buffers by their dotted names, for saving. They share memory with the module and have no history; a shared
    /// one is there under each of its names.
    /// </summary>
    /// <exception cref="SlotException">Two tensors have one name, or a field holds what it may not.</exception>
    public OrderedDictionary<string, Tensor> StateDict()
    {
        List<(string Prefix, Module Module, StateHooks Hooks)> hooked = HookedModules();
        foreach (var (prefix, module, hooks) in hooked)
            foreach (var (_, hook) in hooks.BeforeSave.All) hook(module, prefix);
        OrderedDictionary<string, Tensor> state = Named();
        // Children before what holds them.
        foreach (var (prefix, module, hooks) in Enumerable.Reverse(hooked))
            foreach (var (_, hook) in hooks.AfterSave.All) hook(module, state, prefix);
        return state;
    }

    /// <summary>The parameters and saved buffers as they are held, whatever hooks make of them.</summary>
    private OrderedDictionary<string, Tensor> Named()
    {
        var state = new OrderedDictionary<string, Tensor>();
        foreach ((string name, Tensor tensor) in NamedTensors(distinct: false, TensorRole.Parameter, TensorRole.Buffer))
        {
            // A key with a point in it can give two tensors one name.
            if (!state.TryAdd(name, tensor.Detach()))
                throw new SlotException(
                    $"{TypeName}: two tensors have the name \"{name}\" in the state dictionary. Rename a field, or a key that contains "
                    + "a point.");
        }
        return state;
    }

    IEnumerable<(string Name, Tensor Tensor)> INamesTensors.NamesOfTensors =>
        NamedTensors(distinct: true, TensorRole.Parameter, TensorRole.Buffer, TensorRole.TransientBuffer);

    Func<string?> INamesTensors.Hold()
    {
        List<(Module Module, FieldInfo Field, object? Value)> held = [];
        foreach (Module module in Modules())
            foreach ((_, FieldInfo field) in Members.Of(module))
                if (!field.FieldType.IsValueType) held.Add((module, field, field.GetValue(module)));
        return () =>
        {
            string? first = null;
            foreach ((Module module, FieldInfo field, object? value) in held)
            {
                object? now = field.GetValue(module);
                if (ReferenceEquals(now, value)) continue;
                if (value is Tensor { Role: not TensorRole.None } || now is Tensor { Role: not TensorRole.None })
                    first ??= $"{module.TypeName}.{Members.Spelled(field)}";
                field.SetValue(module, value);
            }
            return first;
        };
    }

    IEnumerable<(string Name, object Part)> INamesTensors.NamesOfParts => NamedModules().Select(m => (m.Name, (object)m.Module));

    /// <summary>
    /// The parameter of a dotted name: <c>net.GetParameter("fc1.weight")</c>. A shared one is found under each of its names.
    /// </summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public Tensor GetParameter(string name) =>
        RegisteredTensor(name.Given()) is { IsBuffer: false } own ? own
        : Named("parameter", name, NamedTensors(distinct: false, TensorRole.Parameter));

    /// <summary>The buffer of a dotted name: <c>net.GetBuffer("bn.running_mean")</c>.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public Tensor GetBuffer(string name) => RegisteredTensor(name.Given()) is { IsParameter: false } own ? own
        : Named("buffer", name, NamedTensors(distinct: false, TensorRole.Buffer, TensorRole.TransientBuffer));

    /// <summary>The module of a dotted name: <c>net.GetSubmodule("layers.0")</c>; this one for "".</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public Module GetSubmodule(string name) =>
        _registered?.GetValueOrDefault(name.Given()) as Module ?? Named("module", name, Walk(distinct: false));

    private T Named<T>(string kind, string name, IEnumerable<(string Name, T Value)> all)
    {
        name.Given();
        List<string> known = [];
        foreach ((string found, T value) in all)
        {
            if (found == name) return value;
            if (found.Length > 0) known.Add(found);
        }
        const int Shown = 12;
        string there = known.Count == 0
            ? "none" : string.Join(", ", known.Take(Shown)) + (known.Count > Shown ? $" and {known.Count - Shown} more" : "");
        throw new KeyNotFoundException($"{TypeName}: there is no {kind} \"{name}\"; there are {there}.");
    }

    private List<(string Name, Module Module)> Walk(bool distinct) => [.. WalkSlots(distinct).Select(w => (w.Name, w.Module))];

    /// <summary>
    /// Every module with what it holds. When not distinct, a shared module comes under each of its names; but not inside of itself.
    /// </summary>
    private List<(string Name, Module Module, List<Slot> Slots)> WalkSlots(bool distinct)
    {
        List<(string, Module, List<Slot>)> found = [];
        HashSet<Module> seen = new(ReferenceEqualityComparer.Instance);
        Visit("", this, 0);
        return found;

        void Visit(string name, Module module, int depth)
        {
            if (!seen.Add(module)) return;
            module.CheckDepth(depth);
            List<Slot> slots = module.Look();
            found.Add((name, module, slots));
            foreach (Slot slot in slots)
                if (slot.Value is Module below) Visit(Join(name, slot.Name), below, depth + 1);
            if (!distinct) seen.Remove(module);
        }
    }

    /// <summary>
    /// Modules in modules in modules end the process when the stack does, and their names grow with the square of the depth.
    /// </summary>
    private void CheckDepth(int depth)
    {
        UserCode.CheckStack();
        if (depth > SlotWalk.Deepest)
            throw new SlotException(
                $"{TypeName}: modules lie too deep in each other ({depth} levels). Hold them side by side in a list or a Sequential.");
    }

    /// <summary>Per module its parameters come before its buffers, as in PyTorch.</summary>
    private IEnumerable<(string Name, Tensor Tensor)> NamedTensors(bool distinct, params TensorRole[] roles)
    {
        var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
        foreach ((string prefix, Module module, List<Slot> slots) in WalkSlots(distinct))
        {
            IEnumerable<Slot> own = slots.Where(slot => roles.Contains(slot.Role)).OrderBy(slot => slot.Role != TensorRole.Parameter);
            foreach (Slot slot in own)
                if (slot.Value is Tensor tensor && (!distinct || seen.Add(tensor))) yield return (Join(prefix, slot.Name), tensor);
        }
    }

    private static string Join(string prefix, string name) => prefix.Length == 0 ? name : prefix + "." + name;
}
