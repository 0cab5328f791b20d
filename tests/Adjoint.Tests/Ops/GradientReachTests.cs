namespace Adjoint.Tests.Ops;

/// <summary>
/// No tensor that a result depends on is left without its gradient: every argument of every public method, as difference quotients say,
/// in every layout and both dtypes (F10: weights that were forgotten without a word).
/// </summary>
public class GradientReachTests
{
    // What is cut off or drawn, not computed: there PyTorch has no gradient, either.
    private static readonly string[] Cut =
        ["Detach", "DetachInPlace", "get_Data", "Normal", "NormalInPlace", "UnpackDual", "get_Grad", "get_GradOrNull", "get_Tangent",
            "CopyInPlaceDetached"];

    private static readonly (string Name, Func<Tensor, Tensor> Of)[] Layouts =
    [
        ("contiguous", x => x), ("transposed", x => x.T),
            ("every second", x => Tensor.Stack([x, x * 0.5], 2).Flatten(1)[.., TensorIndex.Slice(step: 2)]),
            ("expanded", x => x[..1].Expand(3, 3)),
        ("without dimensions", x => x[0, 1]), ("a row", x => x[1]), ("empty", x => x[..0]),
    ];

    public static TheoryData<string> Names =>
        [.. PublicCall.All.Where(c => !Cut.Any(name => c.Key.Contains($".{name}(", StringComparison.Ordinal))).Select(c => c.Key)];

    [Theory, MemberData(nameof(Names))]
    public void Every_argument_has_the_gradient_that_differences_show(string name)
    {
        List<string> wrong = [];
        foreach ((string layout, Func<Tensor, Tensor> lay) in Layouts)
            foreach (int dim in (int[])[0, 1])
            {
                // It reads memory beside the elements of a view; as in PyTorch, only what belongs to these gets a gradient.
                if (layout == "every second" && name.Contains(".AsStrided(", StringComparison.Ordinal)) continue;
                Tensor[]? leaves = Leaves(name, lay, dim);
                if (leaves is null || Total(name, lay, dim, leaves) is not { RequiresGrad: true } y) continue;
                Tensor?[] gradients = [.. Autograd.Grad([y], leaves, allowUnused: true)];
                Tensor?[] single = Single(name, lay, dim, leaves);
                for (int k = 0; k < leaves.Length; k++)
                {
                    const double h = 1e-6;
                    Tensor direction = Tensor.From([.. Enumerable.Range(0, 9).Select(i => Math.Cos(3 * i + k))], [3, 3]);
                    double found = gradients[k] is { } g ? (g * direction).Sum().Item() : 0;
                    double meant = (At(h) - At(-h)) / (2 * h), half = (At(h / 2) - At(-h / 2)) / h;
                    string what = $"{layout}, dim {dim}, argument {k}: {gradients[k]?.ToString() ?? "none"}";
                    // Beside a jump or a kink differences say nothing.
                    if (double.IsNaN(meant) || Math.Abs(meant - half) > 1e-4 * (1 + Math.Abs(meant))) continue;
                    if (!(Math.Abs(found - meant) <= 1e-5 * (1 + Math.Abs(meant)))) wrong.Add($"{what} gives {found} for {meant}");
                    if (single.Length > 0 && (single[k] is null) != (gradients[k] is null))
                        wrong.Add($"{what}, and of Float32 {single[k]?.ToString() ?? "none"}");
                    else if (single.Length > 0 && gradients[k] is { } both && !single[k]!.To(DType.Float64)
                        .AllClose(both, 1e-3, 1e-3, equalNaN: true)) wrong.Add($"{what}, of Float32 {single[k]}");

                    double At(double step)
                    {
                        Tensor[] moved = [.. leaves.Select((x, i) => (i == k ? x + step * direction : x).Detach().RequiresGradInPlace())];
                        return Total(name, lay, dim, moved) is { } total ? total.Item() : double.NaN;
                    }
                }
            }
        string.Join('\n', wrong.Take(6)).ShouldBeEmpty();
    }

    /// <summary>As many leaves as the call takes tensors.</summary>
    private static Tensor[]? Leaves(string name, Func<Tensor, Tensor> lay, int dim)
    {
        int count = 0;
        Try(() => PublicCall.All[name].Invoke(() => { count++; return lay(Leaf(count)); }, dim, Index));
        return count == 0 ? null : [.. Enumerable.Range(1, count).Select(Leaf)];
    }

    private static Tensor Leaf(int k) =>
        Tensor.From([.. Enumerable.Range(0, 9).Select(i => 0.12 + (i * 0.618 + k * 0.377) % 1 * 0.7)], [3, 3], requiresGrad: true);

    private static Tensor Index() => Tensor.From([1L, 0]);

    private static Tensor?[] Single(string name, Func<Tensor, Tensor> lay, int dim, Tensor[] leaves)
    {
        Tensor[] single = [.. leaves.Select(x => x.Detach().To(DType.Float32).RequiresGradInPlace())];
        return Total(name, lay, dim, single) is { RequiresGrad: true } y ? [.. Autograd.Grad([y], single, allowUnused: true)] : [];
    }

    /// <summary>A sum of all elements of all results, each with a weight of its own; null where there is none to differentiate.</summary>
    private static Tensor? Total(string name, Func<Tensor, Tensor> lay, int dim, Tensor[] leaves)
    {
        int next = 0;
        object? result = Try(() => PublicCall.All[name].Invoke(() => lay(leaves[next++ % leaves.Length] * 1), dim, Index));
        Tensor? total = null;
        foreach (Tensor y in PublicCall.TensorsIn(result).Where(y => y.DType.IsFloatingPoint && y.NumEl < 10_000))
        {
            Tensor weights = Tensor.From([.. Enumerable.Range(0, y.NumEl).Select(i => 1 + Math.Sin(i))], y.Shape);
            Tensor part = (y.To(DType.Float64) * weights).Sum();
            total = total is null ? part : total + part;
        }
        return total;
    }

    private static object? Try(Func<object?> call)
    {
        try
        {
            return call();
        }
        catch (Exception error) when (Refusals.IsMeant(error) || error is ArgumentNullException or InvalidOperationException)
        {
            return null;
        }
    }
}
