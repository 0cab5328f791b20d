using Adjoint.Kernels;

namespace Adjoint;

/// <summary>The loops over a broadcast: the sizes of the result with neighbouring dimensions merged where both operands allow it.</summary>
internal readonly struct BroadcastPlan
{
    private readonly int[] _sizes, _x, _y;

    private BroadcastPlan(int[] sizes, int[] x, int[] y) => (_sizes, _x, _y) = (sizes, x, y);

    internal static BroadcastPlan Of(Shape shape, Tensor x, Tensor y)
    {
        int[] xs = Layout.ExpandStrides(x.Shape, x.Strides, shape), ys = Layout.ExpandStrides(y.Shape, y.Strides, shape);
        var sizes = new List<int>();
        var xStrides = new List<int>();
        var yStrides = new List<int>();
        for (int d = 0; d < shape.NDim; d++)
        {
            int size = shape[d];
            if (size == 1) continue;
            int last = sizes.Count - 1;
            if (last >= 0 && xStrides[last] == (long)xs[d] * size && yStrides[last] == (long)ys[d] * size)
            {
                sizes[last] *= size;
                xStrides[last] = xs[d];
                yStrides[last] = ys[d];
            }
            else
            {
                sizes.Add(size);
                xStrides.Add(xs[d]);
                yStrides.Add(ys[d]);
            }
        }
        if (sizes.Count == 0) (sizes, xStrides, yStrides) = ([1], [0], [0]);
        return new BroadcastPlan([.. sizes], [.. xStrides], [.. yStrides]);
    }

    internal Broadcast AsBroadcast() => new(_sizes, _x, _y);
}
