using System.Runtime.CompilerServices;

namespace Adjoint;

public partial class Tensor
{
    /// <summary>x for x > 0, otherwise a·x with a learned a: PyTorch's <c>prelu</c>.</summary>
    /// <param name="weight">One a for all, or a vector with one for each place of the second dimension (of a vector: of its only
    /// one).</param>
    /// <exception cref="ShapeException">There are neither one nor as many weights as channels.</exception>
    public Tensor Prelu(Tensor weight)
    {
        try
        {
            return Binary.Apply(new PreluOp(), this, PreluOp.Beside(this, weight.Given()));
        }
        catch (TensorException e) when (e.IsOf(nameof(Prelu)))
        {
            throw;
        }
    }
}

/// <summary>z = x for x > 0, else y·x,   ∂z/∂x = 1 for x > 0, else y,   ∂z/∂y = 0 for x > 0, else x.</summary>
internal readonly struct PreluOp : IBinaryOp
{
    public static string Name => "prelu";
    public static OpInfo Info => new()
    {
        Formula = "if(0 < x, x, y*x)",
        Torch = "torch.where(x > 0, x, y * x)",
        FormulaNames = ["prelu"],
        Onnx = "PRelu",
    };
    public static Saves Saves => Saves.Input;
    public static Reads SlopeYReads => Reads.X;
    public static Domain DomainX => Domain.Reals.Without(0);

    internal static Tensor Beside(Tensor x, Tensor weight)
    {
        if (weight.NumEl == 1 && weight.NDim <= 1) return weight.NDim == 0 ? weight : weight.Reshape(Shape.Scalar);
        int channel = x.NDim > 1 ? 1 : 0, channels = x.NDim == 0 ? 1 : x.Shape[channel];
        if (weight.NDim != 1 || weight.NumEl != channels)
            throw new ShapeException(
                $"Prelu: weights of shape {weight.Shape} are neither one nor one for each of the {channels} channels of shape {x.Shape}.");
        int[] sizes = new int[Math.Max(1, x.NDim)];
        sizes.AsSpan().Fill(1);
        sizes[channel] = channels;
        return weight.Reshape(sizes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Value<V>(V x, V y) where V : IAlgebra<V> => V.IfLess(V.Constant(0), x, x, y * x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeX<V>(V x, V y, V z) where V : IAlgebra<V> => V.IfLess(V.Constant(0), x, V.Constant(1), y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V SlopeY<V>(V x, V y, V z) where V : IAlgebra<V> => V.IfLess(V.Constant(0), x, V.Constant(0), x);
}

public static partial class OpTable
{
    private static Op PreluChannels => Op.Of(OpKind.Composite, "prelu_channels", (x, y) => x.Prelu(y), Cube, new OpInput([3],
        Domain.Positive),
        new() { Formula = "x for x > 0, else y[channel]·x", Torch = "F.prelu(x, y)" });
}
