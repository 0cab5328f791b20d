using System.Reflection;

namespace Adjoint.Nn;

public abstract partial class Module
{
    /// <summary>
    /// The output with other tensors in place of parameters and buffers, which stay as they are: PyTorch's <c>functional_call</c>.
    /// Gradients go to the tensors that are given.
    /// </summary>
    /// <param name="tensors">Tensors by the names of the state dictionary; what is not named is the module's own.</param>
    /// <param name="input">The input.</param>
    /// <exception cref="StateDictException">A name is not the module's, or a shape differs.</exception>
    /// <exception cref="SlotException">The call assigns one of them, which would be dropped in the end.</exception>
    /// <exception cref="NotSupportedException">A tensor lies in an object that cannot be copied.</exception>
    /// <example><code>
    /// var stepped = net.NamedParameters().ToDictionary(p => p.Name, p => 0.9 * p.Parameter);
    /// Tensor smaller = net.FunctionalCall(stepped, Tensor.Ones(1, 2));
    /// </code></example>
    public Tensor FunctionalCall(IReadOnlyDictionary<string, Tensor> tensors, Tensor input)
    {
        input.Given();
        return FunctionalCall(tensors, () => Call(input));
    }

    /// <summary>What <paramref name="call"/> computes while other tensors are in place of parameters and buffers.</summary>
    /// <remarks>
    /// One such call of a module runs at a time; a plain call by another thread meanwhile would see the other tensors as well.
    /// </remarks>
    /// <param name="tensors">Tensors by the names of the state dictionary; what is not named is the module's own.</param>
    /// <param name="call">Calls the module, however it is called.</param>
    /// <inheritdoc cref="FunctionalCall(IReadOnlyDictionary{string, Tensor}, Tensor)"/>
    public TResult FunctionalCall<TResult>(IReadOnlyDictionary<string, Tensor> tensors, Func<TResult> call)
    {
        tensors.Given();
        call.Given();
        UserCode.CheckStack();
        lock (WeakSelf)
        {
            Dictionary<Tensor, Tensor> others = Others(tensors);
            List<(Module Module, FieldInfo Field, object? Before, object? After)> changes = [];
            List<(Module Module, string Name, Tensor Before, Tensor After)> byName = [];
            foreach (Module module in Modules())
            {
                module.FirstCall();
                foreach (Slot slot in module.Registered)
                    if (slot.Value is Tensor held && others.TryGetValue(held, out Tensor? other))
                        byName.Add((module, slot.Name, held, other));
                foreach ((_, FieldInfo field) in Members.Of(module))
                {
                    object? before = field.GetValue(module);
                    object? after = TensorParts.Map(before, tensor => others.GetValueOrDefault(tensor, tensor));
                    if (!ReferenceEquals(before, after)) changes.Add((module, field, before, after));
                }
            }
            try
            {
                foreach (var (module, field, _, after) in changes) field.SetValue(module, after);
                foreach (var (module, name, _, after) in byName) module.ReplaceRegistered(name, after);
                TResult result = call();
                foreach (var (module, field, _, after) in changes)
                    // What is no object is another box each time.
                    if (!field.FieldType.IsValueType && !ReferenceEquals(field.GetValue(module), after))
                        throw new SlotException(
                            $"FunctionalCall: {module.TypeName}.{Members.Spelled(field)} was assigned during the call, in which another "
                            + "tensor is in its place; what was assigned is dropped with that. Assign it before or after the call.");
                return result;
            }
            finally
            {
                foreach (var (module, field, before, _) in changes) field.SetValue(module, before);
                foreach (var (module, name, before, _) in byName) module.ReplaceRegistered(name, before);
            }
        }
    }

    // A tensor that is held in two places is replaced in both.
    private Dictionary<Tensor, Tensor> Others(IReadOnlyDictionary<string, Tensor> tensors)
    {
        var own = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach ((string name, Tensor tensor) in NamedTensors(distinct: false, TensorRole.Parameter, TensorRole.Buffer,
            TensorRole.TransientBuffer)) own[name] = tensor;
        var others = new Dictionary<Tensor, Tensor>(ReferenceEqualityComparer.Instance);
        foreach ((string name, Tensor given) in tensors)
        {
            if (given is null) throw new ArgumentNullException(nameof(tensors), $"FunctionalCall: the tensor for \"{name}\" is null.");
            if (!own.TryGetValue(name, out Tensor? tensor))
                throw new StateDictException(
                    $"FunctionalCall: {TypeName} has no parameter or buffer \"{name}\"; it has "
                    + $"{string.Join(", ", own.Keys.Take(12))}{(own.Count > 12 ? ", …" : "")}.");
            if (!given.Shape.Equals(tensor.Shape))
                throw new StateDictException(
                    $"FunctionalCall: size mismatch for {name}: {given.Shape} was given, but the module has {tensor.Shape}.");
            if (others.TryGetValue(tensor, out Tensor? before) && !ReferenceEquals(before, given))
                throw new StateDictException(
                    $"FunctionalCall: \"{name}\" is held under another name as well, for which another tensor was given.");
            others[tensor] = given;
        }
        return others;
    }
}
