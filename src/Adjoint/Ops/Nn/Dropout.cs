namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// Sets each element to zero with probability <paramref name="p"/> and divides the others by 1 − p, so that the expectation stays.
    /// </summary>
    /// <param name="p">The probability of zero.</param>
    /// <param name="training">With false the tensor itself is returned and nothing is drawn.</param>
    /// <param name="generator">Where the mask is drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
    public Tensor Dropout(double p = 0.5, bool training = true, Generator? generator = null)
    {
        try
        {
            return DropoutOp.Apply(this, p, training, generator);
        }
        catch (TensorException e) when (e.IsOf(nameof(Dropout)))
        {
            throw;
        }
    }

    /// <summary>The same in place.</summary>
    /// <inheritdoc cref="Dropout"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor DropoutInPlace(double p = 0.5, bool training = true, Generator? generator = null) =>
        Replacement.InPlace("DropoutInPlace", this, x => x.Dropout(p.In(Interval.Unit), training, generator));
}

/// <summary>y = x·m/(1 − p) with a mask m of zeros and ones,   dx = g·m/(1 − p): a product with a tensor that was drawn.</summary>
internal static class DropoutOp
{
    // The mask is PyTorch's: bernoulli(1 − p) in row-major order whatever the layout of x, two words an element. For p = 0 and p = 1
    // nothing is drawn.
    internal static Tensor Apply(Tensor x, double p, bool training, Generator? generator)
    {
        if (!(p >= 0 && p <= 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, "Dropout: the probability has to be between 0 and 1.");
        if (!training || p == 0) return x;
        if (p == 1) return x * x.ZerosLike();
        Tensor mask = Tensor.Empty(x.Shape, x.DType).BernoulliInPlace(1 - p, generator);
        using (Unrecorded.Begin()) mask.DivInPlace(1 - p);
        return x * mask;
    }
}

public static partial class OpTable
{
    private static Op Dropout => Op.Of(OpKind.Composite, "dropout", x => x.Dropout(0.5, training: true, new Generator(1)), Matrix,
        new() { Formula = "0 with probability p, elsewhere x/(1 − p)", Torch = "seeded(1, F.dropout, x, 0.5)", Onnx = "Dropout" });
}
