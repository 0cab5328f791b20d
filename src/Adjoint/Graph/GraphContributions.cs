namespace Adjoint;

/// <summary>One product in the sum that a gradient is.</summary>
/// <param name="Result">Which result of the operation.</param>
/// <param name="Number">The element of it, in row-major order.</param>
/// <param name="Slope">How it moves with the tangents.</param>
/// <param name="Gradient">Its gradient.</param>
internal readonly record struct GraphContribution(int Result, int Number, double Slope, double Gradient)
{
    /// <summary>The product.</summary>
    internal double Product => Slope * Gradient;
}

/// <summary>What tangents contribute to a gradient through one operation, element by element.</summary>
internal sealed class GraphContributions(GraphFlow flow)
{
    // So often the rule of an operation is asked for single elements.
    private const int MostQuestions = 200;

    private int _questions;

    /// <summary>The contributions; those of the slope 0 only where the rule going back really multiplies by it.</summary>
    internal IEnumerable<GraphContribution> Of(GraphOperation operation, Func<int, GraphValue, Tensor?> tangents) =>
        Few(operation, tangents) ?? Of(operation, tangents, flow.Onward(operation, tangents));

    /// <summary>The contributions where they are few, and found without the others; otherwise null.</summary>
    internal IReadOnlyList<GraphContribution>? Few(GraphOperation operation, Func<int, GraphValue, Tensor?> tangents)
    {
        if (flow.FewSlopes(operation, tangents) is not var (moved, slopes)) return null;
        GraphTensor y = operation.Results[0]!;
        if (flow.GradientOf(y.Value) is not { } whole) return [];
        var found = new List<GraphContribution>(slopes.Length);
        double[] gradients = moved.In(whole);
        for (int i = 0; i < gradients.Length; i++)
        {
            double slope = slopes[i];
            var one = new GraphContribution(0, moved.Number(i), slope, gradients[i]);
            // Each is one product of the sum going back: what is not finite of it is so there too, but for a ReLU that stops it.
            if (double.IsFinite(one.Product) ? slope != 0 : slope != 0 || operation.Name != "linear_relu") found.Add(one);
        }
        return found;
    }

    /// <inheritdoc cref="Of(GraphOperation, Func{int, GraphValue, Tensor})"/>
    internal IEnumerable<GraphContribution> Of(
        GraphOperation operation, Func<int, GraphValue, Tensor?> tangents, Tensor?[] onward)
    {
        GraphSupport? support = null;
        for (int r = 0; r < onward.Length; r++)
        {
            if (onward[r] is not { } t || operation.Results[r] is not { } y || flow.GradientOf(y.Value) is not { } whole) continue;
            double[] slopes = Elements.ToArray<double>(Elements.ToContiguous(t.Detach())),
                gradients = Elements.ToArray<double>(Elements.ToContiguous(GraphFlow.Shown(whole, y)));
            for (int e = 0; e < slopes.Length; e++)
            {
                var one = new GraphContribution(r, e, slopes[e], gradients[e]);
                if (double.IsFinite(one.Product))
                {
                    if (slopes[e] != 0) yield return one;
                    continue;
                }
                support ??= flow.Support(operation, tangents);
                if (Checked(operation, y, one, support) is { } real) yield return real;
            }
        }
    }

    // A product that is not finite is one only if the rule going back makes it. See Note [Zero times NaN].
    private GraphContribution? Checked(GraphOperation operation, GraphTensor y, GraphContribution one, GraphSupport support)
    {
        if (!support.MayReach(y, GraphPlaces.IndexOf(y.Shape, one.Number))) return null;
        if (one.Slope != 0 && double.IsFinite(one.Slope)) return one;
        if (_questions++ >= MostQuestions) return one;
        // By the gradient that it has, and by 1, for the slope that a tangent may have got from others (0 · ∞).
        if (Back(operation, y, one, one.Gradient, support) is not { } product) return one;
        if (double.IsFinite(product)) return product == 0 ? null : one with { Slope = product / one.Gradient };
        return Back(operation, y, one, 1, support) is { } slope && (double.IsFinite(slope) || one.Slope == 0)
            ? one with { Slope = slope } : one;
    }

    private double? Back(GraphOperation operation, GraphTensor y, GraphContribution one, double gradient, GraphSupport support)
    {
        var seed = new double[y.Shape.NumEl];
        seed[one.Number] = gradient;
        var seeds = new Tensor?[operation.Results.Count];
        seeds[one.Result] = Tensor.FromDoubles(seed, y.Shape, y.DType);
        return support.Times(flow.Local(operation).Vjp(seeds));
    }
}
