using System.Diagnostics.CodeAnalysis;

namespace Adjoint.Nn;

/// <summary>
/// A part of a network: parameters, other modules, and how its output is computed.
/// </summary>
/// <remarks>
/// Parameters, buffers and child modules are found in the fields and properties of the derived type, private ones included, in the
/// order of their declaration, and in arrays, lists, dictionaries, tuples, records and classes there. Their names are PyTorch's: a field
/// <c>fc1</c> or <c>_fc1</c> or a property <c>Fc1</c> is fc1 in <see cref="StateDict"/>, and <c>layers[0]</c> is layers.0. A field that
/// holds a parameter must not be assigned another tensor; what is assigned to a buffer is the buffer. See docs/decisions/0017.
/// </remarks>
/// <example><code>
/// class Net : Module
/// {
///     readonly Linear fc1 = new(784, 512), fc2 = new(512, 10);
///     protected override Tensor Forward(Tensor x) => fc2.Call(fc1.Call(x).Relu());
/// }
/// </code></example>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)]
public abstract partial class Module : INamesTensors, IStructured
{
    /// <summary>Whether the module is being trained: dropout and batch normalisation behave differently then.</summary>
    public bool Training { get; private set; } = true;

    /// <summary>The output for one input, with the hooks that were registered.</summary>
    /// <exception cref="AutogradException">Modules are called by each other so deeply that the stack of the thread ends.</exception>
    public Tensor Call(Tensor input)
    {
        UserCode.CheckStack();
        if (GraphCapture.IsAnywhere) return CallInGraph([input.Given()]);
        return !HasHooks(this) ? Forward(input.Given()) ?? throw NoResult() : CallWithHooks([input.Given()]);
    }

    /// <summary>The output for two inputs, with the hooks that were registered.</summary>
    /// <exception cref="AutogradException">Modules are called by each other so deeply that the stack of the thread ends.</exception>
    public Tensor Call(Tensor input, Tensor other)
    {
        UserCode.CheckStack();
        if (GraphCapture.IsAnywhere) return CallInGraph([input.Given(), other.Given()]);
        return !HasHooks(this) ? Forward(input.Given(), other.Given()) ?? throw NoResult() : CallWithHooks([input.Given(), other.Given()]);
    }

    /// <summary>How the output is computed from one input. Users call <see cref="Call(Tensor)"/>, which runs the hooks.</summary>
    protected virtual Tensor Forward(Tensor input) => ForwardAs(input);

    /// <summary>How the output is computed from two inputs, as in a loss.</summary>
    protected virtual Tensor Forward(Tensor input, Tensor other) => ForwardAs(input, other);

    private InvalidOperationException NoResult() => new($"{TypeName}: Forward must return a tensor, but returned null.");

    private NotSupportedException NoForward(string form) =>
        new($"The module {TypeName} has no Forward for {form}. Override it, or call the modules it holds.");

    /// <summary>Training or evaluation mode for this module and all below it.</summary>
    internal void SetTraining(bool mode)
    {
        foreach (Module module in Modules())
        {
            if (module.Training == mode) continue;
            Adjoint.Structure.Change();
            if (GraphCapture.IsAnywhere) GraphCapture.NoteMode(() => module.Training = !mode);
            module.Training = mode;
        }
    }

    /// <summary>Clears the gradients of all parameters.</summary>
    /// <param name="setToNone">Null, which is cheaper; with false zeros in the same memory.</param>
    public void ZeroGrad(bool setToNone = true)
    {
        foreach ((_, Tensor parameter) in NamedParameters()) Gradients.Clear(parameter, setToNone);
    }

    /// <summary>Calls <paramref name="action"/> with every module below this one and then with this one, children first.</summary>
    internal void VisitAll(Action<Module> action)
    {
        Visit(this, new(ReferenceEqualityComparer.Instance));

        // A shared module is visited as often as it is held, as in PyTorch; one that holds itself once.
        void Visit(Module module, HashSet<Module> above)
        {
            if (!above.Add(module)) return;
            module.CheckDepth(above.Count);
            foreach (Module child in module.Children()) Visit(child, above);
            above.Remove(module);
            action(module);
        }
    }

    /// <summary>Converts the parameters and buffers of floating point, and the gradients, to another dtype.</summary>
    internal void ConvertAll(DType dtype)
    {
        if (!dtype.IsFloatingPoint)
            throw new DTypeException($"Module.To: only floating-point dtypes are possible for a module, but got {dtype}.");
        foreach ((_, Module module, List<Slot> slots) in WalkSlots(distinct: true))
            foreach (Slot slot in slots)
                if (slot.Value is Tensor tensor && tensor.DType.IsFloatingPoint && tensor.DType != dtype)
                    module.Convert(slot, tensor, dtype);
    }

    private void Convert(Slot slot, Tensor tensor, DType dtype)
    {
        // A tensor that was assigned to the slot of a buffer may belong to others, or to a graph: another takes its place.
        if (tensor.Role == TensorRole.None || !tensor.IsLeaf)
        {
            if (!slot.IsWhole)
                throw new SlotException(
                    $"{slot.Place(this)} holds a computed tensor as a buffer, which cannot be converted there. Assign AsBuffer() of it.");
            slot.Origin!.SetValue(this, tensor.Detach().To(dtype).AsBuffer(slot.Role == TensorRole.Buffer));
        }
        else
        {
            Tensor? grad = tensor.GradOrNull?.Detach().To(dtype);
            tensor.ReplaceData(tensor.Detach().To(dtype));
            tensor.GradOrNull = grad;
        }
    }

    /// <summary>The name of the type, as it is printed.</summary>
    protected virtual string TypeName => TypeText.Of(GetType());

    /// <summary>What is printed in the parentheses after the name: the options.</summary>
    protected virtual string ExtraText => "";

    /// <summary>The module and all below it, in PyTorch's form. A module that holds itself is printed once.</summary>
    public override string ToString()
    {
        HashSet<Module> above = s_printing ??= new(ReferenceEqualityComparer.Instance);
        if (!above.Add(this)) return $"{TypeName}(...)";
        try
        {
            CheckDepth(above.Count);
            return Description();
        }
        finally
        {
            above.Remove(this);
        }
    }

    /// <summary>The text of the module and all below it, which may hold it in turn.</summary>
    private protected virtual string Description()
    {
        List<string> lines =
            [.. NamedChildren().Select(child =>
                $"({child.Name}): {child.Module.ToString()!.ReplaceLineEndings("\n").Replace("\n", "\n  ", StringComparison.Ordinal)}")];
        (string name, string extra) = (IsParametrized ? "Parametrized" + TypeName : TypeName, ExtraText);
        if (lines.Count == 0) return $"{name}({extra})";
        if (extra.Length > 0) lines.Insert(0, extra);
        return $"{name}(\n  {string.Join("\n  ", lines)}\n)";
    }

    [ThreadStatic, Untracked]
    private static HashSet<Module>? s_printing;
}
