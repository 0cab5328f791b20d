using Adjoint.Formats;

namespace Adjoint.Nn;

/// <summary>What can be said to any module, and gives the module back as what it is: <c>Net net = new Net().Eval();</c>.</summary>
/// <remarks>
/// They are extensions because only these know the type that they are called on; inside of a module write <c>this.Eval()</c>.
/// </remarks>
public static class ModuleWords
{
    /// <summary>Training mode for the module and all below it; returns the module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="mode">False for evaluation.</param>
    public static T Train<T>(this T module, bool mode = true) where T : Module
    {
        module.Given().SetTraining(mode);
        return module;
    }

    /// <summary>Evaluation mode: <c>Train(false)</c>.</summary>
    public static T Eval<T>(this T module) where T : Module => module.Train(false);

    /// <summary>Sets whether all parameters of the module require grad; buffers stay. Returns the module.</summary>
    public static T RequiresGradInPlace<T>(this T module, bool requiresGrad = true) where T : Module
    {
        foreach ((_, Tensor parameter) in module.Given().NamedParameters()) parameter.RequiresGrad = requiresGrad;
        return module;
    }

    /// <summary>
    /// Calls <paramref name="action"/> with every module below this one and then with this one, children first. Returns the module.
    /// </summary>
    /// <example><code>net.Apply(m => { if (m is Linear linear) Init.XavierUniform(linear.Weight); });</code></example>
    public static T Apply<T>(this T module, Action<Module> action) where T : Module
    {
        module.Given().VisitAll(action.Given());
        return module;
    }

    /// <summary>
    /// Converts the parameters and buffers of floating point, and the gradients, to another dtype. The tensors stay the same objects, so
    /// optimizers keep them. Returns the module.
    /// </summary>
    /// <exception cref="DTypeException">The dtype is not of floating point.</exception>
    public static T To<T>(this T module, DType dtype) where T : Module
    {
        module.Given().ConvertAll(dtype);
        return module;
    }

    /// <summary>Parameters and buffers as Float64: PyTorch's <c>net.double()</c>. Returns the module.</summary>
    public static T Double<T>(this T module) where T : Module => module.To(DType.Float64);

    /// <summary>Parameters and buffers as Float32: PyTorch's <c>net.float()</c>. Returns the module.</summary>
    public static T Float<T>(this T module) where T : Module => module.To(DType.Float32);

    /// <summary>
    /// <see cref="Module.Call(Tensor)"/>, for who looks for PyTorch's word: from outside of a module its Forward cannot be seen, and this
    /// runs the hooks.
    /// </summary>
    public static Tensor Forward(this Module module, Tensor input) => module.Given().Call(input);

    /// <summary><see cref="Module.Call(Tensor, Tensor)"/>.</summary>
    /// <inheritdoc cref="Forward(Module, Tensor)"/>
    public static Tensor Forward(this Module module, Tensor input, Tensor other) => module.Given().Call(input, other);

    /// <summary>Writes the state dictionary to a file, at once or not at all: <c>.pt</c> and <c>.pth</c> as PyTorch does, <c>.npz</c> as
    /// NumPy, <c>.dat</c> as TorchSharp, any other in the safetensors format.</summary>
    /// <param name="module">The module.</param>
    /// <param name="path">The file, which is replaced.</param>
    /// <param name="metadata">What else is to stand in a safetensors file.</param>
    /// <returns>The module.</returns>
    /// <exception cref="ArgumentException">Metadata for a file that has none.</exception>
    public static T Save<T>(this T module, string path, IReadOnlyDictionary<string, string>? metadata = null) where T : Module
    {
        TensorFile.Save(path.Given(), module.Given().StateDict(), metadata);
        return module;
    }

    /// <summary>
    /// Reads a state dictionary from a file (safetensors, PyTorch's, NumPy's) into the parameters and buffers, which stay the same tensors.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="path">The file.</param>
    /// <param name="strict">Whether missing and unexpected names are errors. Without it <see cref="Module.LoadStateDict"/> tells
    /// them.</param>
    /// <returns>The module.</returns>
    /// <exception cref="StateDictException">The file does not fit the module. Nothing has been changed.</exception>
    /// <exception cref="DataFormatException">The file is damaged.</exception>
    public static T Load<T>(this T module, string path, bool strict = true) where T : Module
    {
        module.Given().LoadStateDict(TensorFile.Load(path.Given()), strict);
        return module;
    }

    /// <summary>
    /// An independent copy, with copies of all parameters, buffers, gradients and modules below: PyTorch's <c>copy.deepcopy</c>. It has the
    /// same hooks and mode. What holds neither tensors nor modules (options, generators) is shared, except arrays and collections.
    /// </summary>
    /// <exception cref="AutogradException">A buffer was computed from tensors that require grad.</exception>
    /// <exception cref="NotSupportedException">A function or an object in a field cannot be copied; the message names it.</exception>
    /// <example><code>Network average = net.DeepCopy().Eval();   // of the same type, with parameters of its own</code></example>
    public static T DeepCopy<T>(this T module) where T : Module => (T)new ModuleCopy().Of(module.Given());
}
