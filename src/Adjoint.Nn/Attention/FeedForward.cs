namespace Adjoint.Nn;

/// <summary>The part of a layer of a transformer that looks at each step alone: W₂·drop(f(W₁·x + b₁)) + b₂.</summary>
internal static class FeedForward
{
    /// <summary>The part; f is max(·, 0) where none is given, computed with the product unless a hook wants to see that.</summary>
    internal static Tensor Of(
        Tensor x, Linear linear1, bool isHooked, Func<Tensor, Tensor>? activation, Dropout dropout, Linear linear2)
    {
        if (activation is not null) return linear2.Call(dropout.Call(activation(linear1.Call(x))));
        Tensor rows = x.NDim == 2 ? x : x.Reshape(x.Shape.NumEl / Math.Max(1, x.Shape[-1]), x.Shape[-1]);
        Tensor hidden = linear1.Bias is not null && !isHooked ? AddMmOp.LinearRelu(rows, linear1.Weight,
            linear1.Bias!) : linear1.Call(rows).Relu();
        Tensor y = linear2.Call(dropout.Call(hidden));
        return x.NDim == 2 ? y : y.Reshape([.. x.Shape.Sizes[..^1], y.Shape[-1]]);
    }
}
