namespace Adjoint;

/// <summary>y = matrices along the diagonal, 0 elsewhere.</summary>
internal readonly struct BlockDiagOp(DType dtype) : ITensorOperation, IByHand
{
    public string Name => "block_diag";

    public void Describe(OpAttributes to) => to.Add("dtype", dtype);

    internal static Tensor Apply(Tensor[] blocks)
    {
        return Door.Run(new BlockDiagOp(Promotion.Of(blocks)), blocks);
    }

    private static Shape Whole(ReadOnlySpan<Tensor?> blocks)
    {
        (long rows, long columns) = (0, 0);
        foreach (Tensor? x in blocks) (rows, columns) = (rows + x!.Shape[0], columns + x.Shape[1]);
        return Shape.Computed([rows, columns]);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> blocks)
    {
        Tensor y = Tensor.Uninitialized(here, Whole(blocks), dtype);
        (int row, int column) = (0, 0);
        foreach (Tensor? x in blocks)
        {
            var work = new Work(Elements.ToContiguous(Binary.Operand(x!, dtype)), column, y.Alias([x!.Shape[0], y.Shape[1]], null,
                y.Offset + row * y.Shape[1]));
            Dispatch.Moving(dtype, ref work);
            (row, column) = (row + x.Shape[0], column + x.Shape[1]);
        }
        if (History.IsWanted(blocks))
        {
            var parts = new TensorFacts[blocks.Length];
            for (int i = 0; i < parts.Length; i++) parts[i] = TensorFacts.Of(blocks[i]!);
            History.Record([y], new RuleNode<BlockDiagRule>(here, new BlockDiagRule(parts, dtype), blocks), blocks);
        }
        return y;
    }

    // A new array is zero.
    public void Write(Hand hand)
    {
        (int row, int column) = (0, 0);
        for (int i = 0; i < hand.Inputs; i++)
        {
            HandTensor x = hand.Input(i);
            if (x.Shape.NumEl > 0) hand.Copy(x, hand.Result.Narrow(0, row, x.Shape[0]).Narrow(1, column, x.Shape[1]));
            (row, column) = (row + x.Shape[0], column + x.Shape[1]);
        }
    }

    private readonly struct Work(Tensor x, int column, Tensor rows) : IMovingWork
    {
        public void Run<T>() where T : unmanaged
        {
            using var memory = new Loan();
            Kernels.FramedRows.Write<T>(
                memory.Of<T>(x), x.Shape[0], x.Shape[1], 0, x.Shape[0], column, rows.Shape[1], default, memory.Of<T>(rows));
        }
    }
}

/// <summary>Each matrix gets its part of the gradient, in its own dtype.</summary>
internal readonly struct BlockDiagRule(TensorFacts[] parts, DType dtype) : IRule
{
    public string NodeName => "BlockDiagBackward0";

    public int Results => 1;

    public void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        (int row, int column) = (0, 0);
        for (int i = 0; i < dx.Length; i++)
        {
            Shape size = parts[i].Shape;
            if (wanted[i]) dx[i] = g[0]!.Narrow(0, row, size[0]).Narrow(1, column, size[1]).To(parts[i].DType);
            (row, column) = (row + size[0], column + size[1]);
        }
    }

    public void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy)
    {
        var all = new Tensor[parts.Length];
        for (int i = 0; i < all.Length; i++) all[i] = t[i]?.To(dtype) ?? Tensor.Zeros(parts[i].Shape, dtype);
        dy[0] = BlockDiagOp.Apply(all);
    }

    public void Show(SavedValues to)
    {
    }
}
