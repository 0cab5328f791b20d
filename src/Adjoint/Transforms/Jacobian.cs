using System.Runtime.CompilerServices;

namespace Adjoint;

public static partial class Transforms
{
    /// <summary>The Jacobian ∂f/∂x, of the shape of f(x) followed by the shape of x.</summary>
    /// <param name="f">The function.</param>
    /// <param name="x">Where.</param>
    /// <param name="mode">
    /// Forward takes a pass for each element of x, reverse one for each element of f(x); by default the one with fewer, or reverse
    /// where an operation has no rule for forward mode.
    /// </param>
    /// <param name="createGraph">Whether the result can be differentiated again.</param>
    /// <param name="strict">Whether a result that does not depend on x is an error instead of zeros.</param>
    /// <exception cref="AutogradException">In strict mode: a result does not depend on x.</exception>
    /// <exception cref="DTypeException">x is not of floating point.</exception>
    /// <exception cref="MissingRuleException">Forward mode was asked for, and an operation has no rule for it.</exception>
    /// <example><code>
    /// Tensor j = Transforms.Jacobian(x => x * x, Tensor.From([1.0, 2.0]));      // diag(2, 4)
    /// </code></example>
    public static Tensor Jacobian(
        Func<Tensor, Tensor> f, Tensor x, DerivativeMode? mode = null, bool createGraph = false, bool strict = false) =>
        JacobianWithReport(f.Given(), x.Given(), mode, createGraph, strict).Matrix;

    /// <summary>The Jacobian with the mode that was chosen and the number of passes.</summary>
    /// <inheritdoc cref="Jacobian(Func{Tensor, Tensor}, Tensor, DerivativeMode?, bool, bool)"/>
    public static JacobianReport JacobianWithReport(
        Func<Tensor, Tensor> f, Tensor x, DerivativeMode? mode = null, bool createGraph = false, bool strict = false)
    {
        f.Given();
        x.Given();
        JacobianBlocks report = JacobianWithReport(xs => new[] { f(xs[0]) }, new[] { x }, mode, createGraph, strict);
        return new JacobianReport(report.Matrices[0][0], report.Mode, report.Passes) { Note = report.Note };
    }

    /// <summary>
    /// The Jacobians of every result with respect to every argument: <c>[result][argument]</c>, each of the shape of the result
    /// followed by the shape of the argument.
    /// </summary>
    /// <param name="f">The function.</param>
    /// <param name="xs">Where.</param>
    /// <param name="mode">
    /// Forward takes a pass for each element of all arguments, reverse one for each element of all results; by default the one with
    /// fewer, or reverse where an operation has no rule for forward mode. Either way the whole block matrix comes from the same passes.
    /// </param>
    /// <param name="createGraph">Whether the results can be differentiated again.</param>
    /// <param name="strict">Whether a result that does not depend on an argument is an error instead of zeros.</param>
    /// <exception cref="ArgumentException">There are no arguments.</exception>
    /// <exception cref="AutogradException">In strict mode: a result does not depend on an argument.</exception>
    /// <exception cref="DTypeException">An argument is not of floating point.</exception>
    /// <example><code>
    /// var j = Transforms.Jacobian(xs => [xs[0] * xs[1], xs[0].Sum()], [a, b]);
    /// j[1][0]                                        // ∂(Σa)/∂a: ones
    /// </code></example>
    [OverloadResolutionPriority(1)]
    public static IReadOnlyList<IReadOnlyList<Tensor>> Jacobian(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, DerivativeMode? mode = null,
        bool createGraph = false, bool strict = false) =>
        JacobianWithReport(f.Given(), xs.AllGiven(), mode, createGraph, strict).Matrices;

    /// <summary>The Jacobians of every result with respect to every argument, the mode that was chosen and the number of passes.</summary>
    /// <inheritdoc cref="Jacobian(Func{IReadOnlyList{Tensor}, IReadOnlyList{Tensor}}, IReadOnlyList{Tensor}, DerivativeMode?, bool, bool)"/>
    [OverloadResolutionPriority(1)]
    public static JacobianBlocks JacobianWithReport(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, DerivativeMode? mode = null,
        bool createGraph = false, bool strict = false)
    {
        f.Given();
        xs.AllGiven();
        var random = new RandomRecord();
        if (mode == DerivativeMode.Forward) return ByColumns(f, xs, createGraph, strict, random);
        // The shapes of the results are known when the function was recorded; for reverse mode that recording is the one used.
        Call call = random.Run(() => Call.Run(f, xs, createGraph, strict));
        int columns = Elements(xs), rows = Elements(call.Outputs);
        if (mode is not null || columns >= rows) return ByRows(call, rows);
        try
        {
            return ByColumns(f, xs, createGraph, strict, random);
        }
        catch (MissingRuleException missing)
        {
            return ByRows(call,
                rows) with
            { Note = $"Reverse mode, although forward mode takes fewer passes ({columns}): {missing.Message}" };
        }
    }

    /// <summary>One row for each element of each result, each by a backward pass over the same graph.</summary>
    private static JacobianBlocks ByRows(Call call, int passes)
    {
        var matrices = new IReadOnlyList<Tensor>[call.Outputs.Count];
        for (int output = 0; output < matrices.Length; output++)
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
            var blocks = new Tensor[rows.Length];
            for (int i = 0; i < blocks.Length; i++) blocks[i] = Block(rows[i], dim: 0, y, call.Inputs[i], call.Inputs[i].DType);
            matrices[output] = blocks;
        }
        return new JacobianBlocks(matrices, DerivativeMode.Reverse, passes);
    }

    /// <summary>
    /// One column for each element of each argument, each by a pass of forward mode with the other arguments held constant.
    /// </summary>
    private static JacobianBlocks ByColumns(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> xs, bool createGraph, bool strict, RandomRecord random)
    {
        CheckArguments(xs);
        IReadOnlyList<Tensor>? results = null;
        var columns = new List<Tensor[]>[xs.Count];
        for (int input = 0; input < xs.Count; input++)
        {
            columns[input] = [];
            var directions = new Tensor?[xs.Count];
            for (int e = 0; e < xs[input].NumEl; e++)
            {
                directions[input] = Unit(xs[input], e);
                (results, Tensor?[] tangents) = random.Run(() => Push(f, xs, directions, createGraph));
                if (strict && Array.IndexOf(tangents, null) is >= 0 and int output)
                {
                    throw new AutogradException(
                        $"Result {output} of the function does not depend on argument {input}, which strict mode forbids.");
                }
                columns[input].Add([.. tangents.Select((tangent, i) => tangent ?? results[i].ZerosLike())]);
            }
        }
        results ??= random.Run(() => Call.Run(f, xs, createGraph: false, strict: false)).Results();
        var matrices = new IReadOnlyList<Tensor>[results.Count];
        for (int output = 0; output < matrices.Length; output++)
        {
            var blocks = new Tensor[xs.Count];
            for (int input = 0; input < blocks.Length; input++)
            {
                Tensor[] parts = [.. columns[input].Select(column => column[output])];
                blocks[input] = Block(parts, dim: -1, results[output], xs[input], results[output].DType);
            }
            matrices[output] = blocks;
        }
        return new JacobianBlocks(matrices, DerivativeMode.Forward, Elements(xs));
    }

    private static Tensor Block(Tensor[] parts, int dim, Tensor y, Tensor x, DType dtype)
    {
        Shape shape = [.. y.Shape.Sizes, .. x.Shape.Sizes];
        return y.NumEl == 0 || x.NumEl == 0 ? Tensor.Zeros(shape, dtype) : Tensor.Stack(parts, dim).Reshape(shape);
    }

    private static int Elements(IReadOnlyList<Tensor> tensors)
    {
        int sum = 0;
        for (int i = 0; i < tensors.Count; i++) sum += tensors[i].NumEl;
        return sum;
    }

    /// <summary>Zeros with a one at element <paramref name="index"/>.</summary>
    private static Tensor Unit(Tensor like, int index)
    {
        Tensor unit = Tensor.Zeros(like.Shape, like.DType);
        using (Unrecorded.Begin()) unit.View(unit.NumEl).Select(0, index).FillInPlace(1);
        return unit;
    }
}
