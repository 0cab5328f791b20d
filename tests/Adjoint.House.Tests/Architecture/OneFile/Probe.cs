using Adjoint.Nn;

/// <summary>Runs in the library with the operations of this folder put in.</summary>
public static class Probe
{
    /// <summary>What each operation computes, in the words of others.</summary>
    private static readonly Dictionary<string, Func<IReadOnlyList<Tensor>, Tensor>> s_meant = new()
    {
        ["swell"] = x => x[0] * (x[0] * 0.75).Tanh(),
        ["share"] = x => x[0] / (x[0] + x[1]),
        ["ring_sum"] = x => x[0] + x[0].Roll(1, 2),
        ["anticommutator"] = x => x[0].Mm(x[1]) + x[1].Mm(x[0]),
        ["gibbs"] = x => (-x[0]).Exp() / (-x[0]).Exp().Sum(1, keepDim: true),
        ["sin_cos"] = x => x[0].Sin() + x[0].Cos() * 2,
        ["gumbel"] = x => Tensor.Rand(x[0].Shape, x[0].DType, generator: new Generator(1)).Log().Neg().Log() * -2,
        ["set_diagonal"] = x => x[0].IndexPut([Tensor.Arange(3), Tensor.Arange(3)], x[1]),
    };

    /// <summary>What the table has.</summary>
    public static string[] Names() => [.. OpTable.All.Select(op => op.Name)];

    /// <summary>Value, gradients of both modes, second order, and whether a mode sees it.</summary>
    public static void Check(string name)
    {
        Op op = OpTable.All.Single(row => row.Name == name);
        Tensor[] x = Leaves(op);
        Tensor y;
        Profile profile;
        using (profile = Autograd.Profile()) y = op.Apply(x);
        if (!profile.Rows.Any(row => row.Operation.TrimEnd('_') == name)) throw new Exception($"No mode sees {name}.");
        Same(y, s_meant[name](x), name);
        if (op.Kind == OpKind.Zero && !y.RequiresGrad) return;
        if (y.GradFn!.Name != NodeOf(name)) throw new Exception($"{name} records {y.GradFn.Name}.");
        foreach ((Tensor? ours, Tensor? theirs) in Gradients(op.Apply, x).Zip(Gradients(s_meant[name], x)))
            Same(ours!, theirs!, $"∂{name}");
        GradCheck.Run(xs => [op.Apply(xs)], Leaves(op), new GradCheckOptions { CheckForward = true });
        GradCheck.RunSecondOrder(xs => [op.Apply(xs)], Leaves(op));
    }

    /// <summary>The forms that change their tensor, and what was known before.</summary>
    public static void CheckInPlace()
    {
        Tensor x = Tensor.From([-1.0, 0.5, 2, 3], [2, 2], requiresGrad: true), y = Tensor.From([7.0, 8], requiresGrad: true);
        Same((x * 1).SwellInPlace(0.5), x.Swell(0.5), "swell_");
        Same(Autograd.Grad([(x * 1).SwellInPlace(0.5).Sum()], [x])[0]!, Autograd.Grad([x.Swell(0.5).Sum()], [x])[0]!, "∂swell_");
        Tensor written = x * 1, values = y * 2;
        if (!ReferenceEquals(written.SetDiagonalInPlace(values), written)) throw new Exception("SetDiagonalInPlace gives another tensor.");
        Same(written, x.SetDiagonal(values), "set_diagonal_");
        Tensor?[] gradients = Autograd.Grad([(written * written).Sum()], [x, y]);
        Same(gradients[0]!, (x * 2).SetDiagonal(Tensor.Zeros([2], DType.Float64)), "∂set_diagonal_/∂x");
        Same(gradients[1]!, y * 8, "∂set_diagonal_/∂y");
    }

    /// <summary>A draw: the same numbers from the same seed, and none of the past.</summary>
    public static void CheckDraw()
    {
        Tensor x = Tensor.Ones([200, 100], DType.Float64, requiresGrad: true);
        Tensor y = (x * 1).GumbelInPlace(2, new Generator(5)),
            z = Tensor.Empty([100, 200], DType.Float64).T.GumbelInPlace(2, new Generator(5));
        Same(y.Flatten(), z.T.Flatten(), "gumbel_ in the order of memory");
        // Euler's constant.
        if (Math.Abs(y.Mean().Item<double>() - 2 * 0.5772156649) > 0.05) throw new Exception($"The mean is {y.Mean()}.");
        Same(Autograd.Grad([y.Sum()], [x], allowUnused: true)[0] ?? Tensor.Zeros(x.Shape, x.DType), Tensor.Zeros(x.Shape, x.DType),
            "∂gumbel_");
    }

    /// <summary>The modules and functions that follow: what they print and give.</summary>
    public static string[] CheckModules()
    {
        Tensor x = Tensor.From([-1.0, 0.5, 2], requiresGrad: true);
        Same(new Swell(0.75).Call(x), x.Swell(0.75), "Swell");
        Same(F.Swell(x), x.Swell(1), "F.Swell");
        Same(new Gibbs(0).Call(x), F.Gibbs(x, -1), "Gibbs");
        try
        {
            _ = new Swell(double.NaN);
        }
        catch (ArgumentOutOfRangeException refused)
        {
            return [new Swell().ToString(), new Gibbs(dim: 1).ToString(), refused.Message];
        }
        throw new Exception("Swell takes NaN.");
    }

    private static Tensor[] Leaves(Op op) => [.. op.Inputs.Select((input, i) => input.Sample(i).RequiresGradInPlace())];

    private static Tensor?[] Gradients(Func<IReadOnlyList<Tensor>, Tensor> f, Tensor[] x) => Autograd.Grad([(f(x) * f(x)).Sum()], x);

    private static string NodeOf(string name) => name switch
    {
        // Their rows combine several results.
        "sin_cos" => "AddBackward0",
        _ => string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..])) + "Backward0",
    };

    private static void Same(Tensor ours, Tensor theirs, string what)
    {
        if (!ours.Shape.Equals(theirs.Shape) || (ours - theirs).Abs().Max().Item<double>() > 1e-12)
            throw new Exception($"{what} is {ours}, but should be {theirs}.");
    }
}
