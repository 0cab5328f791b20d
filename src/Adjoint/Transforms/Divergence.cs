using System.Runtime.CompilerServices;

namespace Adjoint;

public static partial class Transforms
{
    /// <summary>Δf = Σ ∂²f/∂xᵢ², the trace of the Hessian, by one product with it for each element of x.</summary>
    /// <param name="f">The function; its result is one number.</param>
    /// <param name="x">Where.</param>
    /// <param name="createGraph">Whether the result can be differentiated again, as the residual of a differential equation must.</param>
    /// <param name="strict">Whether independence of x, of f or of its gradient, is an error instead of zero.</param>
    /// <returns>One number.</returns>
    /// <exception cref="AutogradException">The result has more than one element; in strict mode also independence of x.</exception>
    /// <example><code>
    /// Transforms.Laplacian(x => x.Pow(3).Sum(), Tensor.From([1.0, 2.0]))      // 6 + 12
    /// </code></example>
    public static Tensor Laplacian(Func<Tensor, Tensor> f, Tensor x, bool createGraph = false, bool strict = false) =>
        Laplacian(Single(f.Given()), new[] { x.Given() }, createGraph, strict);

    /// <summary>Δf over all elements of all arguments: the trace of the whole Hessian.</summary>
    /// <param name="f">The function; its result is one number.</param>
    /// <param name="xs">Where.</param>
    /// <param name="createGraph">Whether the result can be differentiated again.</param>
    /// <param name="strict">Whether independence of an argument, of f or of a part of its gradient, is an error instead of zero.</param>
    /// <returns>One number.</returns>
    /// <exception cref="AutogradException">
    /// The result has more than one element; in strict mode also independence of an argument.
    /// </exception>
    [OverloadResolutionPriority(1)]
    public static Tensor Laplacian(
        Func<IReadOnlyList<Tensor>, Tensor> f, IReadOnlyList<Tensor> xs, bool createGraph = false, bool strict = false) =>
        Trace("Laplacian", Gradient("Laplacian", f.Given(), strict), xs.AllGiven(), createGraph, strict);

    /// <summary>div f = Σ ∂fᵢ/∂xᵢ for a vector field whose result has the shape of x, by a pass of forward mode for each element.</summary>
    /// <param name="f">The vector field.</param>
    /// <param name="x">Where.</param>
    /// <param name="createGraph">Whether the result can be differentiated again.</param>
    /// <param name="strict">Whether a field that does not depend on x is an error instead of zero.</param>
    /// <returns>One number.</returns>
    /// <exception cref="ShapeException">The result has another shape than x.</exception>
    /// <exception cref="AutogradException">In strict mode: the field does not depend on x.</exception>
    /// <example><code>
    /// Transforms.Divergence(x => x * x, Tensor.From([3.0, 5.0]))              // 6 + 10
    /// </code></example>
    public static Tensor Divergence(Func<Tensor, Tensor> f, Tensor x, bool createGraph = false, bool strict = false)
    {
        f.Given();
        x.Given();
        return Divergence(xs => new[] { f(xs[0]) }, new[] { x }, createGraph, strict);
    }

    /// <summary>div f over all elements of all arguments, for a field with a result for each argument, of its shape.</summary>
    /// <param name="f">The vector field.</param>
    /// <param name="xs">Where.</param>
    /// <param name="createGraph">Whether the result can be differentiated again.</param>
    /// <param name="strict">Whether a result that does not depend on its own argument is an error instead of zero.</param>
    /// <returns>One number.</returns>
    /// <exception cref="ShapeException">
    /// There is another number of results than of arguments, or one has another shape than its argument.
    /// </exception>
    /// <exception cref="AutogradException">In strict mode: a result does not depend on its own argument.</exception>
    [OverloadResolutionPriority(1)]
    public static Tensor Divergence(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, bool createGraph = false, bool strict = false) =>
        Trace("Divergence", f.Given(), xs.AllGiven(), createGraph, strict);

    /// <summary>The trace of the Jacobian of a field. Of every column only the entry on the diagonal is kept.</summary>
    private static Tensor Trace(
        string caller, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, bool createGraph, bool strict)
    {
        CheckArguments(xs);
        return OrReverse(
            random => TraceForward(caller, f, xs, createGraph, strict, random),
            random => TraceReverse(caller, random.Run(() => Call.Run(f, xs, createGraph, strict: false)), xs, strict));
    }

    private static Tensor TraceForward(
        string caller, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, bool createGraph, bool strict,
        RandomRecord random)
    {
        Tensor sum = Tensor.Scalar(0, xs[0].DType);
        for (int i = 0; i < xs.Count; i++)
        {
            var directions = new Tensor?[xs.Count];
            for (int e = 0; e < xs[i].NumEl; e++)
            {
                Tensor unit = Unit(xs[i], e);
                directions[i] = unit;
                (IReadOnlyList<Tensor> values, Tensor?[] tangents) = random.Run(() => Push(f, xs, directions, createGraph));
                CheckField(caller, values, xs);
                if (tangents[i] is { } column) sum += column.Reshape(unit.NumEl).Select(0, e);
                else if (strict) throw Independent(caller, i);
            }
        }
        return sum;
    }

    /// <summary>Of every row only the entry on the diagonal is kept.</summary>
    private static Tensor TraceReverse(string caller, Call call, IReadOnlyList<Tensor> xs, bool strict)
    {
        CheckField(caller, call.Outputs, xs);
        Tensor sum = Tensor.Scalar(0, xs[0].DType);
        for (int i = 0; i < xs.Count; i++)
        {
            Tensor y = call.Outputs[i];
            if (!y.RequiresGrad && strict) throw Independent(caller, i);
            if (!y.RequiresGrad) continue;
            for (int e = 0; e < y.NumEl; e++)
            {
                Tensor row = (call with { Outputs = new[] { y } }).Pull(new[] { Unit(y, e) }, retainGraph: true)[i];
                sum += row.Reshape(row.NumEl).Select(0, e);
            }
        }
        return sum;
    }

    private static AutogradException Independent(string caller, int part) =>
        new($"{caller}: the field's part {part} does not depend on argument {part}, which strict mode forbids.");

    private static void CheckField(string caller, IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> xs)
    {
        if (values.Count != xs.Count)
        {
            throw new ShapeException(
                $"{caller}: a vector field has a result for each of its {xs.Count} arguments, but the function returned {values.Count}.");
        }
        for (int i = 0; i < xs.Count; i++)
        {
            if (!values[i].Shape.Equals(xs[i].Shape))
            {
                throw new ShapeException($"{caller}: a vector field gives vectors of the shape of its argument {xs[i].Shape}, "
                    + $"but the function returned {values[i].Shape}.");
            }
        }
    }
}
