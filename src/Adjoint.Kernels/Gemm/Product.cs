namespace Adjoint.Kernels;

/// <summary>What is asked: <see cref="Out"/> = <see cref="Left"/> · <see cref="Right"/>, finished as <see cref="Finish"/> says.</summary>
internal unsafe struct Product<T> where T : unmanaged
{
    /// <summary>Rows of the product.</summary>
    public int M;

    /// <summary>Columns of the product.</summary>
    public int N;

    /// <summary>Columns of the left operand, rows of the right.</summary>
    public int K;

    public Operand<T> Left, Right, Out;
    public Finish Finish;
    public T* Bias;

    /// <summary>The same product read as outᵀ = rightᵀ · leftᵀ.</summary>
    public readonly Product<T> Transposed => new()
    {
        M = N,
        N = M,
        K = K,
        Left = Right.Transposed,
        Right = Left.Transposed,
        Out = Out.Transposed,
        Bias = Bias,
        Finish = (Finish & ~(Finish.ColumnBias | Finish.RowBias))
            | ((Finish & Finish.ColumnBias) != 0 ? Finish.RowBias : 0)
            | ((Finish & Finish.RowBias) != 0 ? Finish.ColumnBias : 0),
    };

    /// <summary>
    /// The part of the product in <paramref name="rows"/> rows from row i, <paramref name="columns"/> columns from column j, summed
    /// over the steps from <paramref name="first"/> to <paramref name="end"/>.
    /// </summary>
    public readonly Product<T> Part(int i, int rows, int j, int columns, int first, int end) => new()
    {
        M = rows,
        N = columns,
        K = end - first,
        Left = Left.From(i, first),
        Right = Right.From(first, j),
        Out = Out.From(i, j),
        Bias = BiasAt(i, j),
        Finish = FinishOf(first, end),
    };

    /// <summary>The bias of row i or column j, whichever the product has.</summary>
    public readonly T* BiasAt(int i, int j) => Bias + ((Finish & Finish.RowBias) != 0 ? i : (Finish & Finish.ColumnBias) != 0 ? j : 0);

    /// <summary>How the part of the sum over steps from <paramref name="first"/> to <paramref name="end"/> is finished.</summary>
    public readonly Finish FinishOf(int first, int end) =>
        (first > 0 ? Finish.Accumulate : Finish & Finish.Accumulate) | (end == K ? Finish & ~Finish.Accumulate : 0);
}
