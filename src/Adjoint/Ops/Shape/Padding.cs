namespace Adjoint;

/// <summary>What stands around a padded tensor: PyTorch's <c>mode</c>.</summary>
public enum PadMode
{
    /// <summary>One number everywhere.</summary>
    Constant,

    /// <summary>The elements mirrored at the edge, which is not repeated: 3 2 | 1 2 3 | 2 1.</summary>
    Reflect,

    /// <summary>The element at the edge again and again: 1 1 | 1 2 3 | 3 3.</summary>
    Replicate,

    /// <summary>The elements from the other end: 2 3 | 1 2 3 | 1 2.</summary>
    Circular,
}

public sealed partial class Tensor
{
    /// <summary>
    /// With further places at both ends of its last dimensions, or with fewer where a number is negative: <c>F.pad</c>.
    /// </summary>
    /// <param name="pad">Places before and behind the last dimension, then before and behind the one before it, and so on.</param>
    /// <param name="mode">What stands there.</param>
    /// <param name="value">The number of <see cref="PadMode.Constant"/>.</param>
    /// <exception cref="ShapeException">There are too many numbers or an odd one, less than nothing would be left, or there are not
    /// enough elements to be mirrored or repeated.</exception>
    /// <exception cref="DTypeException">The number is out of the range of the dtype.</exception>
    /// <example><code>
    /// Tensor x = Tensor.Arange(3);
    /// Tensor y = x.Pad([2, 1]);                             // 0 0 0 1 2 0
    /// Tensor z = x.Pad([2, 1], PadMode.Reflect);            // 2 1 0 1 2 1
    /// </code></example>
    public Tensor Pad(ReadOnlySpan<int> pad, PadMode mode = PadMode.Constant, Number? value = null)
    {
        try
        {
            return Padding.Of(this, pad, mode.Known(), value ?? 0);
        }
        catch (TensorException e) when (e.IsOf(nameof(Pad)))
        {
            throw;
        }
    }
}

/// <summary>Places around the elements.</summary>
internal static class Padding
{
    internal static Tensor Of(Tensor x, ReadOnlySpan<int> pad, PadMode mode, Number value)
    {
        if (pad.Length % 2 != 0 || pad.Length / 2 > x.NDim)
            throw new ShapeException(
                $"Pad: {Shape.Text(pad)} must be two numbers for each of at most {x.NDim} dimensions of shape {x.Shape}.");
        long[] sizes = [.. x.Shape];
        for (int i = 0; i < pad.Length; i += 2)
        {
            int d = x.NDim - 1 - i / 2;
            sizes[d] += (long)pad[i] + pad[i + 1];
            if (sizes[d] < 0)
                throw new ShapeException($"Pad: {Shape.Text(pad)} would leave less than nothing of dimension {d} of shape {x.Shape}.");
        }
        _ = Shape.Computed(sizes);
        if (mode == PadMode.Constant) return Door.Run(new PadOp(pad.ToArray(), value.Fitting("Pad", x.DType)), x);
        // As PyTorch: of the images of a batch none may be empty, of a single one nothing.
        if (mode == PadMode.Replicate && x.Shape.Sizes[Math.Max(0, x.NDim - pad.Length / 2 - 1)..].Contains(0))
            throw new ShapeException($"Pad: shape {x.Shape} has no elements at its edges that could be repeated.");
        for (int i = 0; i < pad.Length; i += 2)
        {
            int d = x.NDim - 1 - i / 2;
            if (pad[i] == 0 && pad[i + 1] == 0) continue;
            x = mode == PadMode.Circular && pad[i] >= 0 && pad[i + 1] >= 0 ? Around(x, d, pad[i], pad[i + 1])
                : x.IndexSelect(d, Places(x, d, pad[i], pad[i + 1], mode));
        }
        return x;
    }

    // The ends of x, each on the other side of it.
    private static Tensor Around(Tensor x, int dim, int before, int behind)
    {
        RequireReach(x, dim, Math.Max(before, behind), PadMode.Circular);
        List<Tensor> parts = [x];
        if (before > 0) parts.Insert(0, x.Narrow(dim, x.Shape[dim] - before, before));
        if (behind > 0) parts.Add(x.Narrow(dim, 0, behind));
        return Tensor.Cat(parts, dim);
    }

    private static void RequireReach(Tensor x, int dim, int most, PadMode mode)
    {
        int n = x.Shape[dim], reach = mode switch
        {
            PadMode.Reflect => n - 1,
            PadMode.Circular => n,
            _ => n == 0 ? 0 : int.MaxValue,
        };
        if (most > Math.Max(0, reach))
            throw new ShapeException(
                $"Pad: {most} places beside dimension {dim} of shape {x.Shape} were asked for with {mode}, which has "
                + $"{Math.Max(0, reach)}.");
    }

    private static Tensor Places(Tensor x, int dim, int before, int behind, PadMode mode)
    {
        RequireReach(x, dim, Math.Max(before, behind), mode);
        int n = x.Shape[dim];
        var places = new long[n + before + behind];
        for (int i = 0; i < places.Length; i++)
        {
            int at = i - before;
            places[i] = mode switch
            {
                PadMode.Reflect => at < 0 ? -at : at >= n ? 2 * (n - 1) - at : at,
                PadMode.Replicate => Math.Clamp(at, 0, n - 1),
                _ => (at % n + n) % n,
            };
        }
        return Tensor.From(places);
    }
}

public static partial class OpTable
{

    private static Op PadReflect => Op.Of(OpKind.Composite, "pad_reflect", x => x.Pad([2, 1, 1, 2], PadMode.Reflect), Cube,
        new() { Formula = "x with its mirror images around it", Torch = "F.pad(x, (2, 1, 1, 2), mode=\"reflect\")" });

    private static Op PadReplicate => Op.Of(OpKind.Composite, "pad_replicate", x => x.Pad([5, 1, 0, 2], PadMode.Replicate), Cube,
        new() { Formula = "x with its edges repeated around it", Torch = "F.pad(x, (5, 1, 0, 2), mode=\"replicate\")" });

    private static Op PadCircular => Op.Of(OpKind.Composite, "pad_circular", x => x.Pad([4, 1], PadMode.Circular), Cube,
        new() { Formula = "x with itself around it", Torch = "F.pad(x, (4, 1), mode=\"circular\")" });
}
