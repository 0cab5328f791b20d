namespace Adjoint.Vision;

/// <summary>The numbers that random transforms draw, as torchvision draws them: each as a tensor of its own.</summary>
internal static class Draws
{
    /// <summary>A whole number in [0, below): <c>torch.randint(0, below, (1,)).item()</c>.</summary>
    public static int Below(int below) => (int)Tensor.RandInt(0, below, Shape.Of(1)).ToArray<long>()[0];

    /// <summary>A number in [low, high), in single precision: <c>torch.empty(1).uniform_(low, high).item()</c>.</summary>
    public static float Between(double low, double high) => Tensor.Empty(1).UniformInPlace(low, high).ToArray<float>()[0];

    /// <summary>Whether something of that probability happens: <c>torch.rand(1) &lt; p</c>.</summary>
    public static bool Happens(double p) => Tensor.Rand(1).ToArray<float>()[0] < p;

    /// <summary>An order of 0 … n − 1.</summary>
    public static long[] Order(int n) => Tensor.RandPerm(n).ToArray<long>();
}
