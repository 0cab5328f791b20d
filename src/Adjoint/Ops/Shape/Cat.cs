using System.Runtime.CompilerServices;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The tensors one after the other along a dimension, in their common dtype.</summary>
    /// <param name="tensors">At least one; empty ones of shape [0] are passed over.</param>
    /// <param name="dim">The dimension, which all have.</param>
    /// <exception cref="ShapeException">Another size than that of the dimension differs.</exception>
    [OverloadResolutionPriority(1)]
    public static Tensor Cat(IReadOnlyList<Tensor> tensors, int dim = 0) => CatOp.Cat(tensors.AllGiven(), dim);
}

/// <summary>y = the tensors joined along a dimension.</summary>
internal readonly struct CatOp(int dim, DType dtype, Shape joined) : ITensorOperation, IByHand
{
    public string Name => "cat";

    public void Describe(OpAttributes to)
    {
        to.Add("dim", dim);
        to.Add("dtype", dtype);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> tensors)
    {
        Tensor y = Tensor.Uninitialized(here, joined, dtype);
        int start = 0;
        foreach (Tensor? x in tensors)
        {
            if (x!.NumEl == 0) continue;
            Elements.CopyTo(Elements.ToContiguous(Binary.Operand(x, dtype)), SliceOp.Narrow(y, dim, start, x.Shape[dim]).Forward(y));
            start += x.Shape[dim];
        }
        if (History.IsWanted(tensors))
        {
            var parts = new TensorFacts[tensors.Length];
            for (int i = 0; i < parts.Length; i++) parts[i] = TensorFacts.Of(tensors[i]!);
            History.Record([y], new RuleNode<CatRule>(here, new CatRule(parts, dim, dtype), tensors), tensors);
        }
        return y;
    }

    public void Write(Hand hand)
    {
        for (int i = 0, start = 0; i < hand.Inputs; i++)
        {
            HandTensor x = hand.Input(i);
            if (x.Shape.NumEl == 0) continue;
            hand.Copy(x, hand.Result.Narrow(dim, start, x.Shape[dim]));
            start += x.Shape[dim];
        }
    }

    internal static Tensor Cat(IReadOnlyList<Tensor> list, int dim)
    {
        Tensor[] tensors = [.. list];
        if (tensors.Length == 0) throw new ArgumentException("Cat: needs at least one tensor.", nameof(tensors));
        Tensor first = Array.Find(tensors, x => !IsSkipped(x)) ?? tensors[0];
        if (first.NDim == 0) throw new ShapeException("Cat: tensors without dimensions cannot be joined; use Stack.");
        int d = first.Shape.Wrap(dim);
        long total = 0;
        for (int i = 0; i < tensors.Length; i++)
        {
            Tensor x = tensors[i];
            if (IsSkipped(x)) continue;
            bool fits = x.NDim == first.NDim;
            for (int k = 0; fits && k < x.NDim; k++) fits = k == d || x.Shape[k] == first.Shape[k];
            if (!fits)
                throw new ShapeException(
                    $"Cat: tensor {i} has shape {x.Shape}, which differs from {first.Shape} elsewhere than in dimension {d}.");
            total += x.Shape[d];
        }
        return Door.Run(new CatOp(d, Promotion.Of(tensors), Joined(first.Shape, d, total)), tensors);
    }

    private static Shape Joined(Shape part, int dim, long total)
    {
        long[] sizes = [.. part];
        sizes[dim] = total;
        return Shape.Computed(sizes);
    }

    // As in PyTorch, an empty tensor of one dimension fits everywhere: what a loop that joins pieces starts with.
    private static bool IsSkipped(Tensor x) => x.NDim == 1 && x.NumEl == 0;
}

/// <summary>Each tensor gets its part of the gradient, in its own dtype.</summary>
internal readonly struct CatRule(TensorFacts[] parts, int dim, DType dtype) : IRule
{
    public string NodeName => "CatBackward0";

    public int Results => 1;

    public void Vjp(Node node, ReadOnlySpan<Tensor?> gradients, Wanted wanted, Span<Tensor?> dx)
    {
        Tensor g = gradients[0]!;
        int start = 0;
        for (int i = 0; i < dx.Length; i++)
        {
            TensorFacts part = parts[i];
            if (part.Shape.NDim != g.NDim || part.Shape[dim] == 0)
            {
                if (wanted[i]) dx[i] = Tensor.Zeros(part.Shape, part.DType);
                continue;
            }
            int size = part.Shape[dim];
            if (wanted[i]) dx[i] = g.Narrow(dim, start, size).To(part.DType);
            start += size;
        }
    }

    public void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        var all = new Tensor[parts.Length];
        for (int i = 0; i < all.Length; i++) all[i] = t[i]?.To(dtype) ?? Tensor.Zeros(parts[i].Shape, dtype);
        dy[0] = Tensor.Cat(all, dim);
    }

    public void Show(SavedValues to) => to.Attributes.Add("dim", dim);
}

public static partial class OpTable
{
    private static Op Cat => Op.Of(OpKind.Linear, "cat", (x, y) => Tensor.Cat([x, y], 1), Matrix, new OpInput([3, 2], Domain.Reals),
        new() { Formula = "x and y, one behind the other along a dimension", Torch = "torch.cat([x, y], 1)", Onnx = "Concat" });
}
