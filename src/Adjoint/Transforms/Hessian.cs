namespace Adjoint;

public static partial class Transforms
{
    /// <summary>The Hessian of a function with one number as its result, of the shape of x twice: forward mode over reverse.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">Where.</param>
    /// <param name="createGraph">Whether the result can be differentiated again.</param>
    /// <param name="strict">Whether independence of x is an error instead of zeros.</param>
    /// <exception cref="AutogradException">The result has more than one element.</exception>
    public static Tensor Hessian(Func<Tensor, Tensor> f, Tensor x, bool createGraph = false, bool strict = false) =>
        Jacobian(Gradient("Hessian", f, strict), x, createGraph ? DerivativeMode.Reverse : DerivativeMode.Forward, createGraph, strict);

    /// <summary>The Hessian of a function of several tensors: <c>[i][j]</c> is ∂²f/∂xᵢ∂xⱼ, of the shapes of both.</summary>
    public static IReadOnlyList<IReadOnlyList<Tensor>> Hessian(Func<IReadOnlyList<Tensor>, Tensor> f, IReadOnlyList<Tensor> xs, bool createGraph = false, bool strict = false) =>
        Jacobian(
            inputs =>
            {
                Call call = Call.Run(ys => new[] { CheckScalar("Hessian", f(ys)) }, inputs, createGraph: true, strict);
                return call.Pull([null]);
            },
            xs, createGraph, strict);

    /// <summary>f(x) and H·v, the product of the Hessian with a vector: forward mode over one backward pass.</summary>
    /// <exception cref="AutogradException">The result has more than one element.</exception>
    public static (Tensor Value, Tensor Hvp) Hvp(Func<Tensor, Tensor> f, Tensor x, Tensor v, bool createGraph = false, bool strict = false)
    {
        CheckVector("Hvp", v, x);
        (_, Tensor product) = Jvp(Gradient("Hvp", f, strict), x, v, createGraph, strict);
        return (Value(f, x, createGraph), product);
    }

    /// <summary>f(x) and vᵀH, the product of a vector with the Hessian: two backward passes.</summary>
    /// <exception cref="AutogradException">The result has more than one element.</exception>
    public static (Tensor Value, Tensor Vhp) Vhp(Func<Tensor, Tensor> f, Tensor x, Tensor v, bool createGraph = false, bool strict = false)
    {
        CheckVector("Vhp", v, x);
        (_, Tensor product) = Vjp(Gradient("Vhp", f, strict), x, v, createGraph, strict);
        return (Value(f, x, createGraph), product);
    }

    /// <summary>Δf = Σ ∂²f/∂xᵢ², the trace of the Hessian, by one product for each element of x.</summary>
    /// <exception cref="AutogradException">The result has more than one element.</exception>
    public static Tensor Laplacian(Func<Tensor, Tensor> f, Tensor x) => Divergence(Gradient("Laplacian", f, strict: false), x);

    /// <summary>div f = Σ ∂fᵢ/∂xᵢ for a vector field whose result has the shape of x, by forward mode.</summary>
    /// <exception cref="ShapeException">The result has another shape than x.</exception>
    public static Tensor Divergence(Func<Tensor, Tensor> f, Tensor x)
    {
        Tensor sum = Tensor.Scalar(0, x.DType);
        for (int e = 0; e < x.NumEl; e++)
        {
            Tensor unit = Unit(x, e);
            (Tensor value, Tensor column) = Jvp(f, x, unit);
            if (!value.Shape.Equals(x.Shape))
                throw new ShapeException($"Divergence: a vector field gives vectors of the shape of its argument {x.Shape}, but the function returned {value.Shape}.");
            sum += (column * unit).Sum();
        }
        return sum;
    }

    /// <summary>∇f as a function, differentiable itself.</summary>
    private static Func<Tensor, Tensor> Gradient(string caller, Func<Tensor, Tensor> f, bool strict) => x =>
    {
        Call call = Call.Run(xs => new[] { CheckScalar(caller, f(xs[0])) }, new[] { x }, createGraph: x.RequiresGrad, strict);
        return call.Pull([null])[0];
    };

    private static Tensor CheckScalar(string caller, Tensor y) => y.NumEl == 1 ? y
        : throw new AutogradException($"{caller}: the function must return one number, but returned shape {y.Shape}.");

    private static Tensor Value(Func<Tensor, Tensor> f, Tensor x, bool createGraph) => createGraph ? f(x) : f(x.Detach());
}
