using System.Diagnostics.CodeAnalysis;

namespace Adjoint.Nn;

/// <summary>
/// A part of a network: parameters, other modules, and how its output is computed.
/// </summary>
/// <remarks>
/// Parameters, buffers and child modules are found in the fields and properties of the derived type, private ones included, in the
/// order of their declaration. Their names are PyTorch's: a field <c>fc1</c> or <c>_fc1</c> or a property <c>Fc1</c> is fc1 in <see cref="StateDict"/>.
/// </remarks>
/// <example><code>
/// class Net : Module
/// {
///     readonly Linear fc1 = new(784, 512), fc2 = new(512, 10);
///     protected override Tensor Forward(Tensor x) => fc2.Call(fc1.Call(x).Relu());
/// }
/// </code></example>
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields)]
public abstract partial class Module
{
    /// <summary>Whether the module is being trained: dropout and batch normalisation behave differently then.</summary>
    public bool Training { get; private set; } = true;

    /// <summary>The output for one input, with the hooks that were registered.</summary>
    public Tensor Call(Tensor input) => !HasHooks(this) ? Forward(input) : CallWithHooks([input]);

    /// <summary>The output for two inputs, with the hooks that were registered.</summary>
    public Tensor Call(Tensor input, Tensor other) => !HasHooks(this) ? Forward(input, other) : CallWithHooks([input, other]);

    /// <summary>How the output is computed from one input. Users call <see cref="Call(Tensor)"/>, which runs the hooks.</summary>
    protected virtual Tensor Forward(Tensor input) => throw NoForward("one input: Forward(Tensor)");

    /// <summary>How the output is computed from two inputs, as in a loss.</summary>
    protected virtual Tensor Forward(Tensor input, Tensor other) => throw NoForward("two inputs: Forward(Tensor, Tensor)");

    private NotSupportedException NoForward(string form) =>
        new($"The module {TypeName} has no Forward for {form}. Override it, or call the modules it holds.");

    /// <summary>Training mode for this module and all below it; returns the module.</summary>
    /// <param name="mode">False for evaluation.</param>
    public Module Train(bool mode = true)
    {
        foreach (Module module in Modules()) module.Training = mode;
        return this;
    }

    /// <summary>Evaluation mode: <c>Train(false)</c>.</summary>
    public Module Eval() => Train(false);

    /// <summary>Sets whether all parameters of this module require grad; buffers stay. Returns the module.</summary>
    public Module RequiresGradInPlace(bool requiresGrad = true)
    {
        foreach (Tensor parameter in Parameters()) parameter.RequiresGrad = requiresGrad;
        return this;
    }

    /// <summary>Clears the gradients of all parameters.</summary>
    /// <param name="setToNone">Null, which is cheaper; with false zeros in the same memory.</param>
    public void ZeroGrad(bool setToNone = true)
    {
        foreach (Tensor parameter in Parameters()) Gradients.Clear(parameter, setToNone);
    }

    /// <summary>Calls <paramref name="action"/> with every module below this one and then with this one, children first. Returns the module.</summary>
    public Module Apply(Action<Module> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        foreach (Module child in Children()) child.Apply(action);
        action(this);
        return this;
    }

    /// <summary>Converts the parameters and buffers of floating point, and the gradients, to another dtype. The tensors stay the same objects, so optimizers keep them. Returns the module.</summary>
    /// <exception cref="DTypeException">The dtype is not of floating point.</exception>
    public Module To(DType dtype)
    {
        if (!dtype.IsFloatingPoint)
            throw new DTypeException($"Module.To: only floating-point dtypes are possible for a module, but got {dtype}.");
        foreach (Tensor tensor in Parameters().Concat(Buffers()))
        {
            if (!tensor.DType.IsFloatingPoint || tensor.DType == dtype) continue;
            Tensor? grad = tensor.GradOrNull?.Detach().To(dtype);
            tensor.ReplaceData(tensor.Detach().To(dtype));
            tensor.GradOrNull = grad;
        }
        return this;
    }

    /// <summary>The name of the type, as it is printed.</summary>
    protected virtual string TypeName => GetType().Name;

    /// <summary>What is printed in the parentheses after the name: the options.</summary>
    protected virtual string ExtraText => "";

    /// <summary>The module and all below it, in PyTorch's form.</summary>
    public override string ToString()
    {
        List<string> lines = [.. NamedChildren().Select(child => $"({child.Name}): {child.Module.ToString()!.ReplaceLineEndings("\n").Replace("\n", "\n  ", StringComparison.Ordinal)}")];
        string extra = ExtraText;
        if (lines.Count == 0) return $"{TypeName}({extra})";
        if (extra.Length > 0) lines.Insert(0, extra);
        return $"{TypeName}(\n  {string.Join("\n  ", lines)}\n)";
    }
}
