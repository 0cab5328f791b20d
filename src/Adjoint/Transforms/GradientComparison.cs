namespace Adjoint;

/// <summary>One run of <see cref="GradCheck"/>: numeric Jacobians, and those of the modes to be checked, entry by entry.</summary>
internal sealed class GradientComparison(
    Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> inputs, GradCheckOptions options)
{
    private readonly int[] _wanted = [.. Enumerable.Range(0, inputs.Count).Where(i => inputs[i].RequiresGrad)];

    internal void Run()
    {
        IReadOnlyList<Tensor> outputs = Results(f, inputs);
        for (int o = 0; o < outputs.Count; o++)
        {
            if (!outputs[o].DType.IsFloatingPoint || outputs[o].NumEl == 0) continue;
            foreach (int i in _wanted)
            {
                double[,] numeric = Numeric(o, i);
                if (!outputs[o].RequiresGrad)
                {
                    CheckIndependent(numeric, o, i);
                    continue;
                }
                if (options.CheckBackward) Compare(numeric, Reverse(o, i), o, i, "analytic (reverse)");
                if (options.CheckForward) Compare(numeric, Forward(o, i), o, i, "analytic (forward)");
            }
            if (options.CheckBackward && outputs[o].RequiresGrad) CheckBackwardItself(outputs[o], o);
        }
    }

    /// <summary>The results of the function, none of which is null.</summary>
    internal static IReadOnlyList<Tensor> Results(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, IReadOnlyList<Tensor> inputs)
    {
        UserCode.CheckStack();
        IReadOnlyList<Tensor> results = f(inputs)
            ?? throw new AutogradException("GradCheck: the function must return tensors, but returned null.");
        for (int i = 0; i < results.Count; i++)
            if (results[i] is null)
                throw new AutogradException($"GradCheck: the function must return tensors, but its result {i} is null.");
        return results;
    }

    internal static Tensor Random(Tensor like, int seed)
    {
        var random = new Random(seed);
        double[] values = [.. Enumerable.Range(0, like.NumEl).Select(_ => random.NextDouble() * 2 - 1)];
        return Tensor.FromDoubles(values, like.Shape, like.DType);
    }

    /// <summary>
    /// ∂output/∂input by central differences: a column for each element of the input (in fast mode along one random direction).
    /// </summary>
    private double[,] Numeric(int output, int input)
    {
        Tensor x = inputs[input];
        double[] at = x.ToArray<double>();
        IReadOnlyList<double[]> directions = Directions(input, at.Length);
        double[,]? jacobian = null;
        for (int column = 0; column < directions.Count; column++)
        {
            double[] plus = Shifted(output, input, at, directions[column], options.Eps),
                minus = Shifted(output, input, at, directions[column], -options.Eps);
            if (plus.Length != minus.Length)
                throw new GradCheckException(
                    $"GradCheck: result {output} changes its shape with the values of input {input} ({plus.Length} and {minus.Length} "
                        + "elements); it cannot be differentiated numerically.");
            jacobian ??= new double[plus.Length, directions.Count];
            for (int row = 0; row < plus.Length; row++) jacobian[row, column] = (plus[row] - minus[row]) / (2 * options.Eps);
        }
        return jacobian ?? new double[Results(f, inputs)[output].NumEl, 0];
    }

    private double[] Shifted(int output, int input, double[] at, double[] direction, double step)
    {
        using GradScope _ = Autograd.NoGrad();
        double[] moved = [.. at.Select((value, i) => value + step * direction[i])];
        Tensor[] arguments = [.. inputs];
        arguments[input] = Tensor.FromDoubles(moved, inputs[input].Shape, inputs[input].DType);
        return Results(f, arguments)[output].ToArray<double>();
    }

    private IReadOnlyList<double[]> Directions(int input, int length)
    {
        if (options.FastMode) return [Random(inputs[input], seed: 17 + input).ToArray<double>()];
        return [.. Enumerable.Range(0, length).Select(i => { var unit = new double[length]; unit[i] = 1; return unit; })];
    }

    private double[,] Reverse(int output, int input)
    {
        Tensor y = Results(f, inputs)[output];
        int n = inputs[input].NumEl;
        IReadOnlyList<double[]> directions = Directions(input, n);
        var jacobian = new double[y.NumEl, directions.Count];
        for (int row = 0; row < y.NumEl; row++)
        {
            Tensor seed = Tensor.FromDoubles([.. Enumerable.Range(0, y.NumEl).Select(e => e == row ? 1.0 : 0.0)], y.Shape, y.DType);
            double[] gradient = Gradient(y, input, seed)?.ToArray<double>() ?? new double[n];
            for (int column = 0; column < directions.Count; column++)
            {
                double entry = 0;
                for (int e = 0; e < n; e++) entry += gradient[e] * directions[column][e];
                jacobian[row, column] = options.FastMode ? entry : gradient[column];
            }
        }
        return jacobian;
    }

    private double[,] Forward(int output, int input)
    {
        Tensor x = inputs[input];
        IReadOnlyList<double[]> directions = Directions(input, x.NumEl);
        double[,]? jacobian = null;
        for (int column = 0; column < directions.Count; column++)
        {
            using ForwardLevel level = ForwardAD.EnterDualLevel();
            Tensor[] arguments = [.. inputs];
            arguments[input] = ForwardAD.MakeDual(x, Tensor.FromDoubles(directions[column], x.Shape, x.DType));
            Tensor y = Results(f, arguments)[output];
            double[] tangent = ForwardAD.UnpackDual(y).Tangent?.ToArray<double>() ?? new double[y.NumEl];
            jacobian ??= new double[tangent.Length, directions.Count];
            for (int row = 0; row < tangent.Length; row++) jacobian[row, column] = tangent[row];
        }
        return jacobian ?? new double[Results(f, inputs)[output].NumEl, 0];
    }

    private void Compare(double[,] numeric, double[,] analytic, int output, int input, string mode)
    {
        for (int row = 0; row < numeric.GetLength(0); row++)
        {
            for (int column = 0; column < numeric.GetLength(1); column++)
            {
                double n = numeric[row, column], a = analytic[row, column];
                bool agrees = Math.Abs(a - n) <= options.ATol + options.RTol * Math.Abs(n);
                if (agrees || a == n || (double.IsNaN(a) && double.IsNaN(n))) continue;
                string entry = options.FastMode
                    ? "the projection on a random direction"
                    : $"entry ({row}, {column}): element {row} of the result, element {column} of the input";
                throw new GradCheckException(
                    $"GradCheck: the Jacobian of result {output} with respect to input {input} is wrong at {entry}: "
                    + $"numeric {n:G9}, {mode} {a:G9}, "
                    + $"difference {Math.Abs(a - n):G3} > {options.ATol:G3} + {options.RTol:G3}·|numeric|." + Precision(input));
            }
        }
    }

    private void CheckIndependent(double[,] numeric, int output, int input)
    {
        foreach (double entry in numeric)
        {
            if (Math.Abs(entry) > options.ATol)
                throw new GradCheckException(
                    $"GradCheck: result {output} does not require grad, but changes numerically with input {input} (by {entry:G9}); was "
                        + "it detached?");
        }
    }

    /// <summary>The backward pass must be a linear function of the gradient it gets, and the same each time.</summary>
    private void CheckBackwardItself(Tensor y, int output)
    {
        Tensor seed = Random(y, seed: 99);
        foreach (int i in _wanted)
        {
            double[]? first = Gradient(y, i, seed)?.ToArray<double>(), second = Gradient(y, i, seed)?.ToArray<double>();
            for (int e = 0; e < (first?.Length ?? 0); e++)
            {
                if (Math.Abs(first![e] - second![e]) > options.NondetTol)
                    throw new GradCheckException(
                        $"GradCheck: two backward passes of result {output} with the same gradient differ at element {e} of input {i}: "
                            + $"{first[e]:G9} and {second[e]:G9} (NondetTol is {options.NondetTol:G3}).");
            }
            double[]? zero = Gradient(y, i, y.ZerosLike())?.ToArray<double>();
            if (zero is not null && Array.Exists(zero, value => value != 0))
                throw new GradCheckException(
                    $"GradCheck: the backward pass of result {output} gives input {i} a gradient that is not zero for a gradient of "
                        + "zeros; it is not multiplied by the gradient it gets.");
        }
    }

    private Tensor? Gradient(Tensor y, int input, Tensor seed) =>
        Autograd.Grad(new[] { y }, new[] { inputs[input] }, new[] { seed }, retainGraph: true, allowUnused: true)[0];

    private string Precision(int input) => inputs[input].DType.Row.Epsilon < 1e-12 ? ""
        : $" Input {input} is {inputs[input].DType}; differences of such numbers are rarely close enough, use Float64.";
}
