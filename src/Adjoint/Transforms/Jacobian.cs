namespace Adjoint;

/// <summary>A Jacobian, and what it cost.</summary>
/// <param name="Matrix">∂f/∂x, of the shape of f(x) followed by the shape of x.</param>
/// <param name="Mode">How it was computed.</param>
/// <param name="Passes">How many forward or backward passes it took: as many as x, or f(x), has elements.</param>
public sealed record JacobianReport(Tensor Matrix, DerivativeMode Mode, int Passes);

public static partial class Transforms
{
    /// <summary>The Jacobian ∂f/∂x, of the shape of f(x) followed by the shape of x.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">Where.</param>
    /// <param name="mode">Forward takes a pass for each element of x, reverse one for each element of f(x); by default the cheaper.</param>
    /// <param name="createGraph">Whether the result can be differentiated again.</param>
    /// <param name="strict">Whether a result that does not depend on x is an error instead of zeros.</param>
    /// <example><code>
    /// Tensor j = Transforms.Jacobian(x => x * x, Tensor.From([1.0, 2.0]));      // diag(2, 4)
    /// </code></example>
    public static Tensor Jacobian(Func<Tensor, Tensor> f, Tensor x, DerivativeMode? mode = null, bool createGraph = false, bool strict = false) =>
        JacobianWithReport(f, x, mode, createGraph, strict).Matrix;

    /// <summary>The Jacobian with the mode that was chosen and the number of passes.</summary>
    /// <inheritdoc cref="Jacobian(Func{Tensor, Tensor}, Tensor, DerivativeMode?, bool, bool)"/>
    public static JacobianReport JacobianWithReport(
        Func<Tensor, Tensor> f, Tensor x, DerivativeMode? mode = null, bool createGraph = false, bool strict = false)
    {
        if (mode == DerivativeMode.Forward) return Forward(f, x, createGraph, strict);
        Call call = Call.Run(xs => new[] { f(xs[0]) }, new[] { x }, createGraph, strict);
        if (mode is null && x.NumEl < call.Outputs[0].NumEl) return Forward(f, x, createGraph, strict);
        return new JacobianReport(Rows(call, 0)[0], DerivativeMode.Reverse, call.Outputs[0].NumEl);
    }

    /// <summary>The Jacobians of every result with respect to every argument: <c>[result][argument]</c>, by reverse mode.</summary>
    public static IReadOnlyList<IReadOnlyList<Tensor>> Jacobian(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, bool createGraph = false, bool strict = false)
    {
        Call call = Call.Run(f, xs, createGraph, strict);
        var jacobians = new IReadOnlyList<Tensor>[call.Outputs.Count];
        for (int output = 0; output < jacobians.Length; output++) jacobians[output] = Rows(call, output);
        return jacobians;
    }

    /// <summary>One row for each element of a result, each by a backward pass over the same graph.</summary>
    private static Tensor[] Rows(Call call, int output)
    {
        Tensor y = call.Outputs[output];
        Call one = call with { Outputs = new[] { y } };
        var rows = new Tensor[call.Inputs.Count][];
        for (int i = 0; i < rows.Length; i++) rows[i] = new Tensor[y.NumEl];
        for (int e = 0; e < y.NumEl; e++)
        {
            IReadOnlyList<Tensor> row = one.Pull(new[] { Unit(y, e) }, retainGraph: true);
            for (int i = 0; i < rows.Length; i++) rows[i][e] = row[i];
        }
        var matrices = new Tensor[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            Shape shape = [.. y.Shape.Sizes, .. call.Inputs[i].Shape.Sizes];
            matrices[i] = y.NumEl == 0 ? Tensor.Zeros(shape, call.Inputs[i].DType) : Tensor.Stack(rows[i]).Reshape(shape);
        }
        return matrices;
    }

    /// <summary>One column for each element of the argument, each by a pass of forward mode.</summary>
    private static JacobianReport Forward(Func<Tensor, Tensor> f, Tensor x, bool createGraph, bool strict)
    {
        var columns = new Tensor[x.NumEl];
        Shape? result = null;
        DType dtype = x.DType;
        for (int e = 0; e < columns.Length; e++)
        {
            (Tensor value, columns[e]) = Jvp(f, x, Unit(x, e), createGraph, strict);
            (result, dtype) = (value.Shape, value.DType);
        }
        result ??= f(x.Detach()).Shape;
        Shape shape = [.. result.Sizes, .. x.Shape.Sizes];
        Tensor matrix = columns.Length == 0 ? Tensor.Zeros(shape, dtype) : Tensor.Stack(columns, dim: -1).Reshape(shape);
        return new JacobianReport(matrix, DerivativeMode.Forward, columns.Length);
    }

    /// <summary>Zeros with a one at element <paramref name="index"/>.</summary>
    private static Tensor Unit(Tensor like, int index)
    {
        Tensor unit = Tensor.Zeros(like.Shape, like.DType);
        using (Autograd.NoGrad()) unit.View(unit.NumEl).Select(0, index).FillInPlace(1);
        return unit;
    }
}
