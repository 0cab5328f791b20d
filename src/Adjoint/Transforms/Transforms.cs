using System.Runtime.CompilerServices;

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
///
/// // Note [Lists first]
/// <c>[a, b]</c> can be read as a tensor of a and b stacked as well as a list of two: the forms for several arguments take precedence,
/// so that it is the list.
/// </remarks>
public static partial class Transforms
{
    private static bool IsNested => Here.Now.Rare.Nesting > 0 && Autograd.IsGradEnabled;

    /// <summary>f(x) and its gradient, for a function with one number as its result.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">Where.</param>
    /// <param name="createGraph">Whether the results can be differentiated again.</param>
    /// <param name="strict">Whether a result that does not depend on x is an error instead of zeros.</param>
    /// <exception cref="AutogradException">The result has more than one element; in strict mode also independence of x.</exception>
    /// <example><code>
    /// var (value, gradient) = Transforms.ValueAndGrad(x => (x * x).Sum(), Tensor.From([1.0, 2.0]));      // 5 and (2, 4)
    /// </code></example>
    public static (Tensor Value, Tensor Gradient) ValueAndGrad(
        Func<Tensor, Tensor> f, Tensor x, bool createGraph = false, bool strict = false)
    {
        f.Given();
        x.Given();
        (Tensor value, IReadOnlyList<Tensor> gradients) = ValueAndGrad(xs => f(xs[0]), new[] { x }, createGraph, strict);
        return (value, gradients[0]);
    }

    /// <summary>f(xs) and its gradients with respect to each argument, for a function with one number as its result.</summary>
    /// <param name="f">The function.</param>
    /// <param name="xs">Where.</param>
    /// <param name="createGraph">Whether the results can be differentiated again.</param>
    /// <param name="strict">Whether a result that does not depend on an argument is an error instead of zeros.</param>
    /// <exception cref="ArgumentException">There are no arguments.</exception>
    /// <exception cref="AutogradException">
    /// The result has more than one element; in strict mode also independence of an argument.
    /// </exception>
    [OverloadResolutionPriority(1)]
    public static (Tensor Value, IReadOnlyList<Tensor> Gradients) ValueAndGrad(
        Func<IReadOnlyList<Tensor>, Tensor> f, IReadOnlyList<Tensor> xs, bool createGraph = false, bool strict = false)
    {
        f.Given();
        xs.AllGiven();
        Call call = Call.Run(inputs => new[] { CheckScalar("ValueAndGrad", f(inputs)) }, xs, createGraph, strict);
        return (call.Result(0), call.Pull([null]));
    }

    /// <summary>f(x) and vᵀJ, the product of a vector with the Jacobian: one backward pass.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">Where.</param>
    /// <param name="v">The vector, of the shape of f(x); may be left out where that has one element.</param>
    /// <param name="createGraph">Whether the results can be differentiated again.</param>
    /// <param name="strict">Whether a result that does not depend on x is an error instead of zeros.</param>
    public static (Tensor Value, Tensor Vjp) Vjp(
        Func<Tensor, Tensor> f, Tensor x, Tensor? v = null, bool createGraph = false, bool strict = false)
    {
        f.Given();
        x.Given();
        (IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> products) =
            Vjp(xs => new[] { f(xs[0]) }, new[] { x }, new[] { v }, createGraph, strict);
        return (values[0], products[0]);
    }

    /// <summary>f(xs) and, for each argument, the sum of vᵀJ over the results: one backward pass.</summary>
    /// <param name="f">The function.</param>
    /// <param name="xs">Where.</param>
    /// <param name="vs">A vector for each result, of its shape; may be left out for results of one element.</param>
    /// <param name="createGraph">Whether the results can be differentiated again.</param>
    /// <param name="strict">Whether independence of an argument is an error instead of zeros.</param>
    /// <exception cref="ArgumentException">There are no arguments, or another number of vectors than of results.</exception>
    /// <exception cref="ShapeException">A vector has another shape than its result.</exception>
    [OverloadResolutionPriority(1)]
    public static (IReadOnlyList<Tensor> Values, IReadOnlyList<Tensor> Products) Vjp(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor?>? vs = null,
        bool createGraph = false, bool strict = false)
    {
        f.Given();
        xs.AllGiven();
        Call call = Call.Run(f, xs, createGraph, strict);
        CheckVectors("Vjp", vs, call.Outputs, "results");
        IReadOnlyList<Tensor> products = call.Pull(vs ?? new Tensor?[call.Outputs.Count]);
        return (call.Results(), products);
    }

    /// <summary>f(x) and J·v, the product of the Jacobian with a vector: one pass of forward mode.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">Where.</param>
    /// <param name="v">The vector, of the shape of x; may be left out where that has one element.</param>
    /// <param name="createGraph">Whether the results can be differentiated again.</param>
    /// <param name="strict">Whether a result that does not depend on x is an error instead of zeros.</param>
    public static (Tensor Value, Tensor Jvp) Jvp(
        Func<Tensor, Tensor> f, Tensor x, Tensor? v = null, bool createGraph = false, bool strict = false)
    {
        f.Given();
        x.Given();
        (IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> products) =
            Jvp(xs => new[] { f(xs[0]) }, new[] { x }, new[] { v }, createGraph, strict);
        return (values[0], products[0]);
    }

    /// <summary>f(xs) and, for each result, the sum of J·v over the arguments: one pass of forward mode.</summary>
    /// <param name="f">The function.</param>
    /// <param name="xs">Where.</param>
    /// <param name="vs">A vector for each argument, of its shape; may be left out for arguments of one element.</param>
    /// <param name="createGraph">Whether the results can be differentiated again.</param>
    /// <param name="strict">Whether a result that does not depend on any argument is an error instead of zeros.</param>
    /// <exception cref="ArgumentException">There are no arguments, or another number of vectors than of arguments.</exception>
    /// <exception cref="ShapeException">A vector has another shape than its argument.</exception>
    [OverloadResolutionPriority(1)]
    public static (IReadOnlyList<Tensor> Values, IReadOnlyList<Tensor> Products) Jvp(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor?>? vs = null,
        bool createGraph = false, bool strict = false)
    {
        f.Given();
        xs.AllGiven();
        CheckVectors("Jvp", vs, xs, "arguments");
        return OrReverse<(IReadOnlyList<Tensor>, IReadOnlyList<Tensor>)?>(
            random => random.Run(() => PushForward(f, xs, Directions(vs, xs), createGraph, strict)),
            random => random.Run(() => PullTwice(f, xs, Directions(vs, xs), createGraph, strict)))!.Value;
    }

    private static (IReadOnlyList<Tensor> Values, IReadOnlyList<Tensor> Products) PushForward(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor> vs, bool createGraph,
        bool strict)
    {
        (IReadOnlyList<Tensor> values, Tensor?[] tangents) = Push(f, xs, vs, createGraph);
        var products = new Tensor[values.Count];
        for (int i = 0; i < products.Length; i++)
        {
            if (tangents[i] is null && strict) throw IndependentResult(i);
            products[i] = tangents[i] ?? values[i].ZerosLike();
        }
        return (values, products);
    }

    /// <summary>
    /// J·v by reverse mode alone: Jᵀu is linear in u, and its derivative with respect to u in the direction v is J·v.
    /// </summary>
    private static (IReadOnlyList<Tensor> Values, IReadOnlyList<Tensor> Products) PullTwice(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor> vs, bool createGraph,
        bool strict)
    {
        createGraph |= IsNested;
        using UserCode _ = UserCode.In(Inside(recording: true));
        Call call = Call.Run(f, xs, createGraph: true, strict: false);
        Tensor[] us = [.. call.Outputs.Select(y => y.ZerosLike().RequiresGradInPlace())];
        IReadOnlyList<Tensor> rows = call.Pull(us);
        Tensor[] reached = [.. rows.Where(row => row.RequiresGrad)];
        Tensor[] directions = [.. vs.Where((_, i) => rows[i].RequiresGrad)];
        Tensor?[] columns = reached.Length == 0 ? new Tensor?[us.Length]
            : Autograd.Grad(reached, us, directions, createGraph, createGraph, allowUnused: true);
        var products = new Tensor[us.Length];
        for (int i = 0; i < products.Length; i++)
        {
            if (columns[i] is null && strict) throw IndependentResult(i);
            products[i] = columns[i] ?? us[i].Detach();
        }
        return (createGraph ? call.Outputs : [.. call.Outputs.Select(y => y.Detach())], products);
    }

    private static AutogradException IndependentResult(int i) =>
        new($"Jvp: result {i} of the function does not depend on its arguments, which strict mode forbids.");
}
