namespace Adjoint;

/// <summary>
/// Derivatives of functions of tensors: products with vectors, Jacobians, Hessians. PyTorch's <c>torch.autograd.functional</c>,
/// with forward mode where it is cheaper.
/// </summary>
/// <remarks>
/// The function is called on aliases of the arguments, whose Grad stays untouched. Results are constants unless
/// <c>createGraph</c> is given; then they are differentiable with respect to arguments that require grad.
///
/// // Note [Nesting]
/// Inside a function that is being transformed everything is part of a larger derivative, so there the results stay
/// differentiable whatever <c>createGraph</c> says (unless recording is off): transforms nest to any depth and in any order.
/// </remarks>
public static partial class Transforms
{
    [ThreadStatic] private static int s_depth;

    private static bool IsNested => s_depth > 0 && Autograd.IsGradEnabled;

    /// <summary>f(x) and its gradient, for a function with one number as its result.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">Where.</param>
    /// <exception cref="AutogradException">The result has more than one element, or does not depend on x.</exception>
    public static (Tensor Value, Tensor Gradient) ValueAndGrad(Func<Tensor, Tensor> f, Tensor x)
    {
        (Tensor value, IReadOnlyList<Tensor> gradients) = ValueAndGrad(xs => f(xs[0]), new[] { x });
        return (value, gradients[0]);
    }

    /// <summary>f(xs) and its gradients with respect to each argument, for a function with one number as its result.</summary>
    /// <exception cref="AutogradException">The result has more than one element.</exception>
    public static (Tensor Value, IReadOnlyList<Tensor> Gradients) ValueAndGrad(Func<IReadOnlyList<Tensor>, Tensor> f, IReadOnlyList<Tensor> xs)
    {
        Call call = Call.Run(inputs => new[] { f(inputs) }, xs, createGraph: false, strict: false);
        if (call.Outputs[0].NumEl != 1)
            throw new AutogradException($"ValueAndGrad: the function must return one number, but returned shape {call.Outputs[0].Shape}.");
        return (call.Result(0), call.Pull([null]));
    }

    /// <summary>f(x) and vᵀJ, the product of a vector with the Jacobian: one backward pass.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">Where.</param>
    /// <param name="v">The vector, of the shape of f(x); may be left out where that has one element.</param>
    /// <param name="createGraph">Whether the results can be differentiated again.</param>
    /// <param name="strict">Whether a result that does not depend on x is an error instead of zeros.</param>
    public static (Tensor Value, Tensor Vjp) Vjp(Func<Tensor, Tensor> f, Tensor x, Tensor? v = null, bool createGraph = false, bool strict = false)
    {
        (IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> products) =
            Vjp(xs => new[] { f(xs[0]) }, new[] { x }, new[] { v }, createGraph, strict);
        return (values[0], products[0]);
    }

    /// <summary>f(xs) and vᵀJ for each argument: one backward pass.</summary>
    public static (IReadOnlyList<Tensor> Values, IReadOnlyList<Tensor> Products) Vjp(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor?>? vs = null,
        bool createGraph = false, bool strict = false)
    {
        Call call = Call.Run(f, xs, createGraph, strict);
        if (vs is not null && vs.Count != call.Outputs.Count)
            throw new ArgumentException($"Vjp: the function has {call.Outputs.Count} results, but {vs.Count} vectors were given.", nameof(vs));
        for (int i = 0; i < call.Outputs.Count; i++) CheckVector("Vjp", vs?[i], call.Outputs[i]);
        IReadOnlyList<Tensor> products = call.Pull(vs ?? new Tensor?[call.Outputs.Count]);
        return (call.Results(), products);
    }

    /// <summary>f(x) and J·v, the product of the Jacobian with a vector: one pass of forward mode.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">Where.</param>
    /// <param name="v">The vector, of the shape of x; may be left out where that has one element.</param>
    /// <param name="createGraph">Whether the results can be differentiated again.</param>
    /// <param name="strict">Whether a result that does not depend on x is an error instead of zeros.</param>
    public static (Tensor Value, Tensor Jvp) Jvp(Func<Tensor, Tensor> f, Tensor x, Tensor? v = null, bool createGraph = false, bool strict = false)
    {
        (IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> products) =
            Jvp(xs => new[] { f(xs[0]) }, new[] { x }, new[] { v }, createGraph, strict);
        return (values[0], products[0]);
    }

    /// <summary>f(xs) and, for each result, the sum of J·v over the arguments: one pass of forward mode.</summary>
    public static (IReadOnlyList<Tensor> Values, IReadOnlyList<Tensor> Products) Jvp(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor?>? vs = null,
        bool createGraph = false, bool strict = false)
    {
        for (int i = 0; i < xs.Count; i++) CheckVector("Jvp", vs?[i], xs[i]);
        bool recording = (createGraph && Autograd.IsGradEnabled) || IsNested;
        using GradScope mode = Autograd.SetGradEnabled(recording);
        using ForwardLevel level = ForwardMode.Enter();
        // A backward pass inside the function records for itself; what is left of that must not stay behind the results.
        bool constant = !recording && level.Depth == 1;
        var duals = new Tensor[xs.Count];
        for (int i = 0; i < duals.Length; i++) duals[i] = ForwardAD.MakeDual(xs[i], vs?[i] ?? xs[i].OnesLike());
        IReadOnlyList<Tensor> outputs = Inside(f, duals);
        var values = new Tensor[outputs.Count];
        var products = new Tensor[outputs.Count];
        for (int i = 0; i < values.Length; i++)
        {
            (values[i], Tensor? tangent) = ForwardAD.UnpackDual(outputs[i]);
            if (tangent is null && strict)
                throw new AutogradException($"Jvp: result {i} of the function does not depend on its arguments, which strict mode forbids.");
            products[i] = tangent ?? outputs[i].ZerosLike();
            if (constant) (values[i], products[i]) = (values[i].Detach(), products[i].Detach());
        }
        return (values, products);
    }

    private static IReadOnlyList<Tensor> Inside(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs)
    {
        s_depth++;
        try
        {
            return f(xs);
        }
        finally
        {
            s_depth--;
        }
    }

    private static void CheckVector(string caller, Tensor? v, Tensor like)
    {
        if (v is null && like.NumEl != 1)
            throw new AutogradException($"{caller}: the vector may be left out only for a tensor of one element, but the shape is {like.Shape}.");
        if (v is not null && !v.Shape.Equals(like.Shape))
            throw new ShapeException($"{caller}: the vector has shape {v.Shape}, but must have {like.Shape}.");
    }

    /// <summary>One recorded call of the user's function.</summary>
    private readonly record struct Call(IReadOnlyList<Tensor> Inputs, IReadOnlyList<Tensor> Outputs, bool CreateGraph, bool Strict)
    {
        internal static Call Run(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, bool createGraph, bool strict)
        {
            if (xs.Count == 0) throw new ArgumentException("The function needs at least one argument to be differentiated by.", nameof(xs));
            createGraph |= IsNested;
            using GradScope mode = Autograd.EnableGrad();
            var inputs = new Tensor[xs.Count];
            for (int i = 0; i < inputs.Length; i++)
            {
                // An alias, so that the argument's own Grad and hooks stay out of it; with createGraph connected to its history.
                inputs[i] = createGraph && xs[i].RequiresGrad || ForwardMode.Level > 0 ? xs[i].View(xs[i].Shape) : xs[i].Detach();
                if (!inputs[i].RequiresGrad) inputs[i].RequiresGrad = true;
            }
            IReadOnlyList<Tensor> outputs = Inside(f, inputs);
            for (int i = 0; i < outputs.Count && strict; i++)
            {
                if (!outputs[i].RequiresGrad)
                    throw new AutogradException($"Result {i} of the function does not require grad: it must be computed differentiably from the arguments in strict mode.");
            }
            return new Call(inputs, outputs, createGraph, strict);
        }

        /// <summary>vᵀJ for each input, zeros where nothing depends on it.</summary>
        internal IReadOnlyList<Tensor> Pull(IReadOnlyList<Tensor?> vs, bool retainGraph = false)
        {
            var reached = new List<Tensor>();
            var seeds = new List<Tensor?>();
            for (int i = 0; i < Outputs.Count; i++)
            {
                if (!Outputs[i].RequiresGrad) continue;
                reached.Add(Outputs[i]);
                seeds.Add(vs[i]);
            }
            Tensor?[] gradients = reached.Count == 0 ? new Tensor?[Inputs.Count]
                : Autograd.Grad(reached, Inputs, seeds, retainGraph || CreateGraph, CreateGraph, allowUnused: true);
            var results = new Tensor[Inputs.Count];
            for (int i = 0; i < results.Length; i++)
            {
                if (gradients[i] is null && Strict)
                    throw new AutogradException($"The result of the function does not depend on argument {i}, which strict mode forbids.");
                results[i] = gradients[i] ?? Inputs[i].ZerosLike();
            }
            return results;
        }

        internal Tensor Result(int i) => CreateGraph || ForwardMode.Level > 0 ? Outputs[i] : Outputs[i].Detach();

        internal IReadOnlyList<Tensor> Results()
        {
            var results = new Tensor[Outputs.Count];
            for (int i = 0; i < results.Length; i++) results[i] = Result(i);
            return results;
        }
    }
}
