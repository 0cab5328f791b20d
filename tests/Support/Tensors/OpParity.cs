namespace Adjoint.Tests.Parity;

/// <summary>An operation's call in C#: what it makes of its inputs and arguments.</summary>
internal delegate Tensor[] OpCall(Tensor[] inputs, Arguments arguments);

/// <summary>Runs recorded cases and tells where the values, dtypes, shapes or gradients are not PyTorch's.</summary>
internal static class OpParity
{
    /// <summary>
    /// All differences between PyTorch and <paramref name="call"/> over <paramref name="cases"/>, one line each.
    /// <paramref name="slack"/> widens the tolerance of operations that sum many products. A number of single precision that differs by
    /// more is none where it is as near to our number of double precision as PyTorch's is, and the same call in double precision is among
    /// <paramref name="cases"/>, so that our number there is PyTorch's.
    /// </summary>
    public static IReadOnlyList<string> Differences(IEnumerable<OpCase> cases, OpCall call, double slack = 1)
    {
        OpCase[] all = [.. cases];
        return [.. all.SelectMany(@case => Differences(@case, call, slack, new(() => all.Any(@case.IsRoundingOf))))];
    }

    private static IEnumerable<string> Differences(OpCase @case, OpCall call, double slack, Lazy<bool> isComparedInDouble)
    {
        Tensor[] leaves = [.. @case.Inputs.Select(input => input.Leaf())];
        Tensor[] seen = [.. leaves.Zip(@case.Inputs, (leaf, input) => input.SeenOf(leaf))];
        Tensor[] outputs = call(seen, new Arguments(@case.Args));
        var exact = new Lazy<(Tensor[] Outputs, Tensor?[] Gradients)>(() => InDoublePrecision(@case, call, leaves));

        if (outputs.Length != @case.Outputs.Length) yield return $"{@case}: {outputs.Length} outputs instead of {@case.Outputs.Length}";
        for (int i = 0; i < outputs.Length; i++)
        {
            int place = i;
            if (Difference(outputs[i], @case.Outputs[i], slack, () => exact.Value.Outputs[place], isComparedInDouble) is { } difference)
                yield return $"{@case}: output {i}: {difference}";
        }

        Tensor[] roots = [.. outputs.Where(output => output.RequiresGrad)];
        if (@case.Grads is null)
        {
            if (roots.Length > 0) yield return $"{@case}: the output requires grad, PyTorch's does not";
            yield break;
        }
        if (roots.Length == 0)
        {
            yield return $"{@case}: the output does not require grad";
            yield break;
        }
        foreach (Tensor root in roots) root.Backward(Upstream(root), retainGraph: true);
        for (int i = 0; i < leaves.Length; i++)
        {
            int place = i;
            TensorValue? expected = @case.Grads[i];
            if (expected is null != leaves[i].Grad is null)
                yield return $"{@case}: gradient {i} is {(expected is null ? "there" : "null")}";
            else if (expected is not null
                && Difference(leaves[i].Grad!, expected, slack, () => exact.Value.Gradients[place]!, isComparedInDouble) is { } difference)
                yield return $"{@case}: gradient {i}: {difference}";
        }
    }

    private static (Tensor[] Outputs, Tensor?[] Gradients) InDoublePrecision(OpCase @case, OpCall call, Tensor[] leaves)
    {
        Tensor[] wide = Array.ConvertAll(leaves, leaf => leaf.DType.IsFloatingPoint
            ? leaf.Detach().To(DType.Float64).Clone().RequiresGradInPlace(leaf.RequiresGrad) : leaf);
        Tensor[] outputs = call([.. wide.Zip(@case.Inputs, (leaf, input) => input.SeenOf(leaf))], new Arguments(@case.Args));
        foreach (Tensor root in outputs.Where(output => output.RequiresGrad)) root.Backward(Upstream(root), retainGraph: true);
        return (outputs, Array.ConvertAll(wide, leaf => leaf.Grad));
    }

    /// <summary>w[i] = (2·((7·i) mod 11) − 11) / 8, as in cases.py.</summary>
    internal static Tensor Upstream(Tensor output)
    {
        double[] numbers = [.. Enumerable.Range(0, output.NumEl).Select(i => (2 * (7 * i % 11) - 11) / 8.0)];
        return Tensor.From(numbers, output.Shape).To(output.DType);
    }

    private static string? Difference(Tensor actual, TensorValue expected, double slack, Func<Tensor> exact, Lazy<bool> isComparedInDouble)
    {
        if (actual.DType != expected.DType) return $"dtype {actual.DType} instead of {expected.DType}";
        if (!actual.Shape.Sizes.SequenceEqual(expected.Shape))
            return $"shape {actual.Shape} instead of [{string.Join(", ", expected.Shape)}]";
        double[] ours = actual.ToArray<double>(), theirs = expected.Numbers;
        double[]? truth = null;
        for (int i = 0; i < ours.Length; i++)
        {
            if (Close(ours[i], theirs[i], actual.DType, slack)) continue;
            if (actual.DType == DType.Float32)
            {
                truth ??= exact().ToArray<double>();
                bool isNearer = Math.Abs(ours[i] - truth[i]) <= Math.Abs(theirs[i] - truth[i]);
                if (isNearer && isComparedInDouble.Value) continue;
                if (isNearer) return $"[{i}] = {ours[i]:R} instead of {theirs[i]:R}: nearer to {truth[i]:R}, but PyTorch was not asked in float64";
            }
            return $"[{i}] = {ours[i]:R} instead of {theirs[i]:R}{(truth is null ? "" : $"; in double precision {truth[i]:R}")}";
        }
        return null;
    }

    /// <summary>A few units in the last place of the dtype; exact for everything that is not a real number.</summary>
    private static bool Close(double ours, double theirs, DType dtype, double slack)
    {
        if (ours.Equals(theirs) || ours == theirs) return true;
        if (!dtype.IsFloatingPoint || !double.IsFinite(ours) || !double.IsFinite(theirs)) return false;
        (double relative, double absolute) = dtype == DType.Float32 ? (2e-6, 1e-7) : (1e-13, 1e-15);
        return Math.Abs(ours - theirs) <= slack * (absolute + relative * Math.Max(Math.Abs(ours), Math.Abs(theirs)));
    }
}
