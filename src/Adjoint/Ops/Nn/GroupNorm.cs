namespace Adjoint;

/// <summary>x̂·w + b with x̂ = (x − mean)/√(variance + ε) over groups of channels of each sample (Wu and He 2018).</summary>
internal static class GroupNormalization
{
    internal static Tensor Of(string operation, Tensor x, int numGroups, Tensor? weight, Tensor? bias, double eps)
    {
        if (x.NDim < 2) throw new ShapeException($"{operation}: needs a tensor [N, C, …], but the shape is {x.Shape}.");
        if (!x.DType.IsFloatingPoint) throw new DTypeException($"{operation}: needs a floating-point tensor, but got {x.DType}.");
        int channels = x.Shape[1];
        if (channels % numGroups != 0)
            throw new ShapeException($"{operation}: the {channels} channels of shape {x.Shape} do not divide into {numGroups} groups.");
        Check(operation, weight, channels, nameof(weight));
        Check(operation, bias, channels, nameof(bias));
        try
        {
            if (x.NumEl > 0 && Fits(weight) && Fits(bias))
            {
                // As rows of groups, each with the weights of its channels.
                int inner = x.NumEl / x.Shape[0] / channels, own = channels / numGroups;
                Tensor Spread(Tensor parameter) =>
                    parameter.Reshape(numGroups, own, 1).Expand(numGroups, own, inner).Reshape(numGroups, -1);
                return LayerNormOp.OfGroups(x.Reshape(x.Shape[0], numGroups, -1), Spread(weight!), Spread(bias!), eps).Reshape(x.Shape);
            }
            Shape each = [1, channels, .. Enumerable.Repeat(1, x.NDim - 2)];
            Tensor y = x.NumEl == 0 ? x
                : LayerNormOp.Apply(x.Reshape(x.Shape[0] * numGroups, x.NumEl / x.Shape[0] / numGroups), 1, null, null, eps)
                    .Reshape(x.Shape);
            if (weight is not null) y *= weight.Reshape(each);
            return bias is null ? y : y + bias.Reshape(each);
        }
        catch (TensorException e) when (e.IsOf(operation))
        {
            throw;
        }

        bool Fits(Tensor? parameter) => parameter?.DType == x.DType;
    }

    internal static void Check(string operation, Tensor? parameter, int channels, string name)
    {
        if (parameter is not null && (parameter.NDim != 1 || parameter.NumEl != channels))
            throw new ShapeException(
                $"{operation}: {name} of {channels} channels must have shape [{channels}], but has {parameter.Shape}.");
    }
}

public static partial class OpTable
{
    private static Op GroupNorm => Op.Of(OpKind.Composite, "group_norm",
        (x, w, b) => GroupNormalization.Of("GroupNorm", x, 2, w, b, 1e-5), new OpInput([2, 4, 3], Domain.Reals), Row, Row,
        new()
        {
            Formula = "(x − mean x)/√(var x + ε)·y + z over groups of channels",
            Torch = "F.group_norm(x, 2, y, z, 1e-5)",
        });
}
