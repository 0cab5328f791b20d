using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The lower triangle of each matrix; the elements above the diagonal are 0.</summary>
    /// <param name="diagonal">The last diagonal that is kept: 0 for the main one, positive above it.</param>
    /// <exception cref="ShapeException">The tensor has fewer than two dimensions.</exception>
    public Tensor Tril(int diagonal = 0) => Linear.Apply(new TrilOp(diagonal), TriangleCopy.Checked(this, "Tril"));

    /// <summary>The upper triangle of each matrix; the elements below the diagonal are 0.</summary>
    /// <param name="diagonal">The first diagonal that is kept: 0 for the main one, positive above it.</param>
    /// <exception cref="ShapeException">The tensor has fewer than two dimensions.</exception>
    public Tensor Triu(int diagonal = 0) => Linear.Apply(new TriuOp(diagonal), TriangleCopy.Checked(this, "Triu"));
}

/// <summary>yᵢⱼ = xᵢⱼ for j − i ≤ diagonal, else 0; its own transpose.</summary>
internal readonly struct TrilOp(int diagonal) : ILinearOp
{
    public void Describe(OpAttributes to) => to.Add("diagonal", diagonal);

    public string NodeName => "TrilBackward0";

    public Tensor Forward(Tensor x) => TriangleCopy.Of(x, diagonal, lower: true);

    public Tensor Apply(Tensor x) => x.Tril(diagonal);

    public Tensor Transpose(Tensor g, TensorFacts x) => g.Tril(diagonal);
}

/// <summary>yᵢⱼ = xᵢⱼ for j − i ≥ diagonal, else 0; its own transpose.</summary>
internal readonly struct TriuOp(int diagonal) : ILinearOp
{
    public void Describe(OpAttributes to) => to.Add("diagonal", diagonal);

    public string NodeName => "TriuBackward0";

    public Tensor Forward(Tensor x) => TriangleCopy.Of(x, diagonal, lower: false);

    public Tensor Apply(Tensor x) => x.Triu(diagonal);

    public Tensor Transpose(Tensor g, TensorFacts x) => g.Triu(diagonal);
}

/// <summary>The copy behind both triangles.</summary>
internal static class TriangleCopy
{
    internal static Tensor Checked(Tensor x, string operation) => x.NDim >= 2 ? x
        : throw new ShapeException($"{operation}: needs at least two dimensions, but the shape is {x.Shape}.");

    internal static Tensor Of(Tensor x, int diagonal, bool lower)
    {
        var work = new Work(Elements.ToContiguous(x), Tensor.Uninitialized(x.Shape, x.DType), diagonal, lower);
        Dispatch.Moving(x.DType, ref work);
        return work.Y;
    }

    private readonly struct Work(Tensor x, Tensor y, int diagonal, bool lower) : IMovingWork
    {
        internal readonly Tensor Y = y;

        public void Run<T>() where T : unmanaged
        {
            using var memory = new Loan();
            Triangle.Copy<T>(memory.Of<T>(x), memory.Of<T>(Y), x.Shape[-2], x.Shape[-1], diagonal, lower);
        }
    }
}

public static partial class OpTable
{
    private static Op Tril => Op.Of(OpKind.Linear, "tril", x => x.Tril(1), Cube,
        new() { Formula = "x on and below a diagonal, elsewhere 0", Torch = "x.tril(1)" });

    private static Op Triu => Op.Of(OpKind.Linear, "triu", x => x.Triu(-1), Cube,
        new() { Formula = "x on and above a diagonal, elsewhere 0", Torch = "x.triu(-1)" });
}
