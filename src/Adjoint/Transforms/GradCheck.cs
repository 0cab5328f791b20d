using System.Runtime.CompilerServices;
using System.Text;

namespace Adjoint;

/// <summary>A gradient that does not agree with the numeric one, or with itself.</summary>
public sealed class GradCheckException(string message) : AutogradException(message);

/// <summary>What <see cref="GradCheck"/> compares and how closely.</summary>
public sealed record GradCheckOptions
{
    /// <summary>The step of the central differences.</summary>
    public double Eps { get; init; } = 1e-6;

    /// <summary>The absolute tolerance.</summary>
    public double ATol { get; init; } = 1e-5;

    /// <summary>The tolerance relative to the numeric value.</summary>
    public double RTol { get; init; } = 1e-3;

    /// <summary>How far two runs of the same backward pass may differ.</summary>
    public double NondetTol { get; init; }

    /// <summary>Whether a failure throws, or only returns false.</summary>
    public bool RaiseException { get; init; } = true;

    /// <summary>Compares one random projection uᵀJv instead of every entry.</summary>
    public bool FastMode { get; init; }

    /// <summary>Whether to check reverse mode.</summary>
    public bool CheckBackward { get; init; } = true;

    /// <summary>Whether to check forward mode too.</summary>
    public bool CheckForward { get; init; }
}

/// <summary>
/// Compares derivatives with central differences (f(x + ε) − f(x − ε)) / 2ε. PyTorch's <c>gradcheck</c> and <c>gradgradcheck</c>.
/// </summary>
public static partial class GradCheck
{
    /// <summary>Checks a function of one tensor.</summary>
    /// <inheritdoc cref="Run(Func{IReadOnlyList{Tensor}, IReadOnlyList{Tensor}}, IReadOnlyList{Tensor}, GradCheckOptions?)"/>
    public static bool Run(Func<Tensor, Tensor> f, Tensor x, GradCheckOptions? options = null)
    {
        f.Given();
        CheckInput(x.Given());
        return Run(xs => new[] { f(xs[0]) }, new[] { x }, options);
    }

    /// <summary>Checks the derivatives of every result with respect to every input that requires grad.</summary>
    /// <param name="f">The function; call it with Float64 tensors.</param>
    /// <param name="inputs">Where; those that do not require grad are constants.</param>
    /// <param name="options">Steps, tolerances and modes.</param>
    /// <returns>True when all agree.</returns>
    /// <exception cref="GradCheckException">
    /// They do not (unless told to return false): names the result, the input, the entry and both values.
    /// </exception>
    /// <exception cref="ArgumentException">No input requires grad, or no mode is to be checked.</exception>
    [OverloadResolutionPriority(1)]      // ts => [ts[0].Sin()] with [x] would be either
    public static bool Run(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> inputs, GradCheckOptions? options = null)
    {
        f.Given();
        inputs.AllGiven();
        options ??= new GradCheckOptions();
        CheckInputs(inputs, options);
        try
        {
            var check = new GradientComparison(f, inputs, options);
            check.Run();
            return true;
        }
        catch (GradCheckException) when (!options.RaiseException)
        {
            return false;
        }
    }

    /// <summary>
    /// Checks a function's second derivatives: the derivatives of its backward pass with respect to inputs and gradients.
    /// </summary>
    /// <inheritdoc cref="RunSecondOrder(Func{IReadOnlyList{Tensor}, IReadOnlyList{Tensor}}, IReadOnlyList{Tensor}, IReadOnlyList{Tensor}?, GradCheckOptions?)"/>
    public static bool RunSecondOrder(Func<Tensor, Tensor> f, Tensor x, GradCheckOptions? options = null)
    {
        f.Given();
        CheckInput(x.Given());
        return RunSecondOrder(xs => new[] { f(xs[0]) }, new[] { x }, null, options);
    }

    /// <summary>
    /// Checks second derivatives: the derivatives of the backward pass with respect to the inputs and to the gradients of the
    /// results.
    /// </summary>
    /// <param name="f">The function.</param>
    /// <param name="inputs">Where; those that do not require grad are constants.</param>
    /// <param name="gradOutputs">Gradients of the results; random ones by default.</param>
    /// <param name="options">Steps, tolerances and modes.</param>
    /// <returns>True when all agree.</returns>
    /// <exception cref="GradCheckException">They do not (unless told to return false).</exception>
    [OverloadResolutionPriority(1)]      // ts => [ts[0].Sin()] with [x] would be either
    public static bool RunSecondOrder(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> inputs,
        IReadOnlyList<Tensor>? gradOutputs = null, GradCheckOptions? options = null)
    {
        f.Given();
        inputs.AllGiven();
        gradOutputs?.AllGiven();
        IReadOnlyList<Tensor> outputs = [.. GradientComparison.Results(f, inputs).Where(y => y.RequiresGrad)];
        if (gradOutputs is not null && gradOutputs.Count != outputs.Count)
            throw new ArgumentException(
                $"GradCheck: {outputs.Count} results require grad, but {gradOutputs.Count} gradients were given.", nameof(gradOutputs));
        IReadOnlyList<Tensor> gradients = gradOutputs ?? [.. outputs.Select((y, i) => GradientComparison.Random(y, seed: i + 1))];
        Tensor[] arguments = [.. inputs, .. gradients.Select(g => g.Detach().RequiresGradInPlace())];
        int count = inputs.Count;
        return Run(Backward, arguments, options);

        IReadOnlyList<Tensor> Backward(IReadOnlyList<Tensor> all)
        {
            // Also where the numeric side asks for values only: the first derivative itself needs the graph.
            using GradScope _ = Autograd.EnableGrad();
            Tensor[] xs = [.. all.Take(count).Select(
                (x, i) => x.RequiresGrad == inputs[i].RequiresGrad ? x : x.Detach().RequiresGradInPlace())];
            Tensor[] ys = [.. GradientComparison.Results(f, xs).Where(y => y.RequiresGrad)];
            Tensor[] wanted = [.. xs.Where(x => x.RequiresGrad)];
            Tensor?[] results = Autograd.Grad(ys, wanted, [.. all.Skip(count)], createGraph: true, allowUnused: true);
            return [.. results.OfType<Tensor>()];
        }
    }

    private static void CheckInput(Tensor x)
    {
        if (!x.RequiresGrad) throw new ArgumentException($"GradCheck: the input of shape {x.Shape} must require grad.", nameof(x));
    }

    private static void CheckInputs(IReadOnlyList<Tensor> inputs, GradCheckOptions options)
    {
        if (!options.CheckBackward && !options.CheckForward)
            throw new ArgumentException("GradCheck: at least one of CheckBackward and CheckForward must be true.", nameof(options));
        if (!inputs.Any(x => x.RequiresGrad))
            throw new ArgumentException("GradCheck: at least one input must require grad.", nameof(inputs));
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].RequiresGrad && Layout.Overlaps(inputs[i]))
                throw new ArgumentException(
                    $"GradCheck: input {i} (shape {inputs[i].Shape}) has a dimension of stride 0, so its elements cannot be changed one "
                        + "by one; use Contiguous() first.", nameof(inputs));
        }
    }
}
