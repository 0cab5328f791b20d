namespace Adjoint.Tests.Ops;

/// <summary>
/// Values and slopes of element-wise operations do not depend on where an element lies: first or last of a register, in a rest, beside
/// NaN, in a transposed, strided or expanded view. Element by element they are what one element alone gives, which is what PyTorch was
/// asked about (ElementwiseParityTests).
/// </summary>
public class PlaceTests
{
    private static readonly double[] Points =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 6, 1e-5, -1e-5, 1e-20,
            1e-300, 1e300, -1e300, 3e38, -3e38, 1e-45, 88, -88, 700, -700,
        1.5, 2.5, -1.5, 0.1, 0.7, 20.5, 1e10, -1e10,
    ];

    private static readonly Dictionary<string, Op> Rows =
        OpTable.All.Where(op => op.Kind == OpKind.ElementWise).ToDictionary(op => op.Name);

    public static TheoryData<string> Names => [.. Rows.Keys];

    private static readonly (string Name, Func<double[], DType, Tensor> Lay)[] Layouts =
    [
        ("row", (v, d) => Tensor.From(v).To(d)),
        ("transposed", (v, d) => Tensor.From(v, [5, v.Length / 5]).To(d).T.Contiguous().T),
        ("every second", (v, d) => Tensor.Stack([Tensor.From(v).To(d), Tensor.Full([v.Length], 0.25, d)], 1)[.., 0]),
        ("beside others",
            (v, d) => Tensor.Cat([Tensor.Full([3], 0.25, d), Tensor.From(v).To(d), Tensor.Full([30], 0.25, d)])[3..(3 + v.Length)]),
        ("matrix", (v, d) => Tensor.From(v, [5, v.Length / 5]).To(d)),
    ];

    [Theory, MemberData(nameof(Names))]
    public void An_element_is_what_it_is_alone(string name)
    {
        Op op = Rows[name];
        List<string> wrong = [];
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
        {
            // Pairs of all points with a few, in an order in which neighbours differ.
            double[][] columns = op.Inputs.Count == 1 ? [[.. Points, .. Points]]
                : [[.. Enumerable.Range(0, 70).Select(i => Points[i % 35])],
                    [.. Enumerable.Range(0, 70).Select(i => Points[(i * 11 + i / 35 * 5 + 3) % 35])]];
            if (op.Inputs.Count > 2) return;
            (double Value, double[] Slopes)[] alone =
                [.. Enumerable.Range(0, 70).Select(i => Run(op, [.. columns.Select(c => Tensor.From([c[i]]).To(dtype))]))
                    .Select(r => (r.Values[0], r.Slopes.Select(s => s[0]).ToArray()))];
            foreach ((string layout, Func<double[], DType, Tensor> lay) in Layouts)
            {
                var (values, slopes) = Run(op, [.. columns.Select(c => lay(c, dtype))]);
                for (int i = 0; i < 70; i++)
                {
                    string at = $"{name}({string.Join(", ", columns.Select(c => c[i]))}) of {dtype}, {layout} [{i}]";
                    if (!Same(values[i], alone[i].Value)) wrong.Add($"{at}: {values[i]:R}, alone {alone[i].Value:R}");
                    for (int j = 0; j < slopes.Length; j++)
                        if (!Same(slopes[j][i], alone[i].Slopes[j]))
                            wrong.Add($"{at}: slope {j} {slopes[j][i]:R}, alone {alone[i].Slopes[j]:R}");
                }
            }
        }
        string.Join('\n', wrong.Take(12)).ShouldBeEmpty();
    }

    private static bool Same(double a, double b) =>
        a.Equals(b) && double.IsNegative(a) == double.IsNegative(b) || double.IsNaN(a) && double.IsNaN(b);

    /// <summary>Values, and slopes as backward gives them; row by row.</summary>
    private static (double[] Values, double[][] Slopes) Run(Op op, Tensor[] x)
    {
        Tensor[] leaves = [.. x.Select(t => t.Detach().RequiresGradInPlace())];
        Tensor y = op.Apply(leaves);
        double[] Flat(Tensor t) => t.Detach().To(DType.Float64).ToArray<double>();
        double[][] slopes = y.RequiresGrad
            ? [.. Autograd.Grad([y], leaves, [y.OnesLike()], allowUnused: true).Select((g, i) => Flat(g ?? leaves[i].ZerosLike()))] : [];
        return (Flat(y), slopes);
    }
}
