using System.Runtime.CompilerServices;

namespace Adjoint;

public static partial class Transforms
{
    /// <summary>
    /// The Hessian of a function with one number as its result, of the shape of x twice: forward mode over reverse, or reverse twice where
    /// there is no rule.
    /// </summary>
    /// <param name="f">The function.</param>
    /// <param name="x">Where.</param>
    /// <param name="createGraph">Whether the result can be differentiated again.</param>
    /// <param name="strict">Whether independence of x, of f or of its gradient, is an error instead of zeros.</param>
    /// <exception cref="AutogradException">The result has more than one element; in strict mode also independence of x.</exception>
    /// <example><code>
    /// Tensor h = Transforms.Hessian(x => x.Pow(3).Sum(), Tensor.From([1.0, 2.0]));      // diag(6, 12)
    /// </code></example>
    public static Tensor Hessian(Func<Tensor, Tensor> f, Tensor x, bool createGraph = false, bool strict = false) =>
        Hessian(Single(f.Given()), new[] { x.Given() }, createGraph, strict)[0][0];

    /// <summary>
    /// The Hessian of a function of several tensors: <c>[i][j]</c> is ∂²f/∂xᵢ∂xⱼ, of the shape of xᵢ followed by that of xⱼ.
    /// </summary>
    /// <param name="f">The function.</param>
    /// <param name="xs">Where.</param>
    /// <param name="createGraph">Whether the results can be differentiated again.</param>
    /// <param name="strict">Whether independence of an argument, of f or of a part of its gradient, is an error instead of zeros.</param>
    /// <exception cref="AutogradException">
    /// The result has more than one element; in strict mode also independence of an argument.
    /// </exception>
    [OverloadResolutionPriority(1)]
    public static IReadOnlyList<IReadOnlyList<Tensor>> Hessian(
        Func<IReadOnlyList<Tensor>, Tensor> f, IReadOnlyList<Tensor> xs, bool createGraph = false, bool strict = false)
    {
        f.Given();
        xs.AllGiven();
        return OrReverse(
            random => createGraph ? null : ByColumns(Gradient("Hessian", f, strict), xs, createGraph, strict, random).Matrices,
            random => random.Run(() => Jacobian(Gradient("Hessian", f, strict), xs, DerivativeMode.Reverse, createGraph, strict)));
    }

    /// <summary>f(x) and H·v, the product of the Hessian with a vector: forward mode over one backward pass.</summary>
    /// <param name="f">The function; its result is one number.</param>
    /// <param name="x">Where.</param>
    /// <param name="v">The vector, of the shape of x; may be left out where that has one element.</param>
    /// <param name="createGraph">Whether the results can be differentiated again.</param>
    /// <param name="strict">Whether independence of x, of f or of its gradient, is an error instead of zeros.</param>
    /// <exception cref="AutogradException">The result has more than one element; in strict mode also independence of x.</exception>
    /// <exception cref="ShapeException">v has another shape than x.</exception>
    /// <example><code>
    /// Tensor hv = Transforms.Hvp(x => x.Pow(3).Sum(), Tensor.From([1.0, 2.0]), Tensor.From([1.0, 1.0])).Hvp;      // 6, 12
    /// </code></example>
    public static (Tensor Value, Tensor Hvp) Hvp(
        Func<Tensor, Tensor> f, Tensor x, Tensor? v = null, bool createGraph = false, bool strict = false)
    {
        f.Given();
        x.Given();
        (Tensor value, IReadOnlyList<Tensor> products) = Hvp(xs => f(xs[0]), new[] { x }, new[] { v }, createGraph, strict);
        return (value, products[0]);
    }

    /// <summary>f(xs) and, for each argument, the part (H·v)ᵢ = Σⱼ ∂²f/∂xᵢ∂xⱼ · vⱼ: forward mode over one backward pass.</summary>
    /// <param name="f">The function; its result is one number.</param>
    /// <param name="xs">Where.</param>
    /// <param name="vs">A vector for each argument, of its shape; may be left out for arguments of one element.</param>
    /// <param name="createGraph">Whether the results can be differentiated again.</param>
    /// <param name="strict">Whether independence of an argument, of f or of a part of its gradient, is an error instead of zeros.</param>
    /// <exception cref="ArgumentException">There are no arguments, or another number of vectors than of arguments.</exception>
    /// <exception cref="AutogradException">
    /// The result has more than one element; in strict mode also independence of an argument.
    /// </exception>
    /// <exception cref="ShapeException">A vector has another shape than its argument.</exception>
    [OverloadResolutionPriority(1)]
    public static (Tensor Value, IReadOnlyList<Tensor> Products) Hvp(
        Func<IReadOnlyList<Tensor>, Tensor> f, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor?>? vs = null,
        bool createGraph = false, bool strict = false)
    {
        f.Given();
        xs.AllGiven();
        CheckVectors("Hvp", vs, xs, "arguments");
        return OrReverse<(Tensor, IReadOnlyList<Tensor>)?>(
            random => random.Run(() => PushGradient(f, xs, Directions(vs, xs), createGraph, strict)),
            random => random.Run(() => Vhp(f, xs, vs, createGraph, strict)))!.Value;
    }

    private static (Tensor Value, IReadOnlyList<Tensor> Products) PushGradient(
        Func<IReadOnlyList<Tensor>, Tensor> f, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor> vs, bool createGraph, bool strict)
    {
        // The value comes out of the same pass: it is the first result, the gradients are the others.
        (IReadOnlyList<Tensor> values, Tensor?[] tangents) = Push(ValueThenGradient("Hvp", f, strict), xs, vs, createGraph);
        var products = new Tensor[xs.Count];
        for (int i = 0; i < products.Length; i++)
        {
            if (tangents[i + 1] is null && strict) throw ConstantGradient("Hvp", i);
            products[i] = tangents[i + 1] ?? xs[i].ZerosLike();
        }
        return (values[0], products);
    }

    /// <summary>f(x) and vᵀH, the product of a vector with the Hessian: two backward passes.</summary>
    /// <inheritdoc cref="Hvp(Func{Tensor, Tensor}, Tensor, Tensor?, bool, bool)"/>
    public static (Tensor Value, Tensor Vhp) Vhp(
        Func<Tensor, Tensor> f, Tensor x, Tensor? v = null, bool createGraph = false, bool strict = false)
    {
        f.Given();
        x.Given();
        (Tensor value, IReadOnlyList<Tensor> products) = Vhp(xs => f(xs[0]), new[] { x }, new[] { v }, createGraph, strict);
        return (value, products[0]);
    }

    /// <summary>f(xs) and, for each argument, the part (vᵀH)ⱼ = Σᵢ vᵢ · ∂²f/∂xᵢ∂xⱼ: two backward passes.</summary>
    /// <inheritdoc cref="Hvp(Func{IReadOnlyList{Tensor}, Tensor}, IReadOnlyList{Tensor}, IReadOnlyList{Tensor?}?, bool, bool)"/>
    [OverloadResolutionPriority(1)]
    public static (Tensor Value, IReadOnlyList<Tensor> Products) Vhp(
        Func<IReadOnlyList<Tensor>, Tensor> f, IReadOnlyList<Tensor> xs, IReadOnlyList<Tensor?>? vs = null,
        bool createGraph = false, bool strict = false)
    {
        f.Given();
        xs.AllGiven();
        CheckVectors("Vhp", vs, xs, "arguments");
        Call call = Call.Run(ValueThenGradient("Vhp", f, strict), xs, createGraph, strict: false);
        Tensor[] gradients = [.. call.Outputs.Skip(1)];
        for (int i = 0; i < gradients.Length && strict; i++)
        {
            if (!gradients[i].RequiresGrad) throw ConstantGradient("Vhp", i);
        }
        IReadOnlyList<Tensor> products = (call with { Outputs = gradients, Strict = strict }).Pull(Directions(vs, xs));
        return (call.Result(0), products);
    }

    /// <summary>∇f as a function, differentiable itself.</summary>
    private static Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> Gradient(
        string caller, Func<IReadOnlyList<Tensor>, Tensor> f, bool strict) =>
        xs => Differentiated(caller, f, xs, strict).Gradient;

    /// <summary>f and then ∇f as the results of one function, differentiable itself.</summary>
    private static Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> ValueThenGradient(
        string caller, Func<IReadOnlyList<Tensor>, Tensor> f, bool strict) => xs =>
    {
        (Tensor value, IReadOnlyList<Tensor> gradient) = Differentiated(caller, f, xs, strict);
        return [value, .. gradient];
    };

    private static (Tensor Value, IReadOnlyList<Tensor> Gradient) Differentiated(
        string caller, Func<IReadOnlyList<Tensor>, Tensor> f, IReadOnlyList<Tensor> xs, bool strict)
    {
        Call call = Call.Run(inputs => new[] { CheckScalar(caller, f(inputs)) }, xs, createGraph: xs.Any(x => x.RequiresGrad), strict);
        return (call.Result(0), call.Pull([null]));
    }

    private static Func<IReadOnlyList<Tensor>, Tensor> Single(Func<Tensor, Tensor> f) => xs => f(xs[0]);

    private static AutogradException ConstantGradient(string caller, int argument) =>
        new($"{caller}: the gradient with respect to argument {argument} does not depend on the arguments, which strict mode forbids.");
}
