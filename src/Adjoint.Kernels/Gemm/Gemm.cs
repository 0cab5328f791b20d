using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>
/// Products of matrices that lie row by row in memory: of floats and doubles, and of ints and longs, which wrap around as C#'s do.
/// </summary>
internal static unsafe class Gemm
{
    /// <summary>
    /// C (m×n) = op(A) (m×k) · op(B) (k×n), then added to what C holds if <paramref name="accumulate"/>, then the bias added to
    /// each row, then the epilogue. With k = 0 the product is zero.
    /// </summary>
    /// <param name="transA">Whether A is stored k×m and multiplied transposed.</param>
    /// <param name="transB">Whether B is stored n×k and multiplied transposed.</param>
    /// <param name="m">Rows of the product.</param>
    /// <param name="n">Columns of the product.</param>
    /// <param name="k">Length of the sums.</param>
    /// <param name="a">The left operand.</param>
    /// <param name="lda">Distance between its rows in memory.</param>
    /// <param name="b">The right operand.</param>
    /// <param name="ldb">Distance between its rows in memory.</param>
    /// <param name="c">The product; may not overlap the operands.</param>
    /// <param name="ldc">Distance between its rows in memory.</param>
    /// <param name="accumulate">Add to C instead of replacing it.</param>
    /// <param name="bias">Nothing, or n numbers added to each row.</param>
    /// <param name="epilogue">What is done last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<T>(
        Trans transA, Trans transB, int m, int n, int k,
        ReadOnlySpan<T> a, int lda, ReadOnlySpan<T> b, int ldb, Span<T> c, int ldc,
        bool accumulate = false, ReadOnlySpan<T> bias = default, Epilogue epilogue = Epilogue.None)
        where T : unmanaged, INumber<T>
    {
        MultiplyBatched(1, transA, transB, m, n, k, a, lda, 0, b, ldb, 0, c, ldc, 0, accumulate, bias, epilogue);
    }

    /// <summary>
    /// The same for <paramref name="batch"/> matrices, each <paramref name="strideA"/>, <paramref name="strideB"/> and
    /// <paramref name="strideC"/> elements after the one before. A stride of 0 uses one operand for the whole batch; products
    /// may not overlap.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyBatched<T>(
        int batch, Trans transA, Trans transB, int m, int n, int k,
        ReadOnlySpan<T> a, int lda, long strideA, ReadOnlySpan<T> b, int ldb, long strideB, Span<T> c, int ldc, long strideC,
        bool accumulate = false, ReadOnlySpan<T> bias = default, Epilogue epilogue = Epilogue.None)
        where T : unmanaged, INumber<T>
    {
        // Registers are masked by 4 or by 8 bytes.
        if (sizeof(T) != 4 && sizeof(T) != 8) throw new NotSupportedException($"Products of {typeof(T).Name} have no kernel.");
        if (batch <= 0 || m <= 0 || n <= 0) return;
        Check(a.Length, transA == Trans.No ? m : k, transA == Trans.No ? k : m, lda, (batch - 1) * strideA, nameof(a));
        Check(b.Length, transB == Trans.No ? k : n, transB == Trans.No ? n : k, ldb, (batch - 1) * strideB, nameof(b));
        Check(c.Length, m, n, ldc, (batch - 1) * strideC, nameof(c));
        if (!bias.IsEmpty && bias.Length < n)
            throw new ArgumentException($"The bias has {bias.Length} elements; the product has {n} columns.", nameof(bias));
        fixed (T* pa = a, pb = b, pc = c, pbias = bias)
        {
            var product = new Product<T>
            {
                M = m,
                N = n,
                K = k,
                Left = transA == Trans.No ? new(pa, lda, 1) : new(pa, 1, lda),
                Right = transB == Trans.No ? new(pb, ldb, 1) : new(pb, 1, ldb),
                Out = new(pc, ldc, 1),
                Bias = pbias,
                Finish = (accumulate ? Finish.Accumulate : 0)
                    | (bias.IsEmpty ? 0 : Finish.ColumnBias)
                    | (epilogue == Epilogue.Relu ? Finish.Relu : 0),
            };
            if (batch == 1) Run(product);
            else RunBatch(product, batch, (nint)strideA, (nint)strideB, (nint)strideC);
        }
    }

    /// <summary>
    /// In which order <see cref="MultiplyBatched"/> adds up the products of one element: the same for every width of register and any
    /// number of threads.
    /// </summary>
    /// <inheritdoc cref="MultiplyBatched" path="/param"/>
    public static SumOrders OrderOf<T>(
        int batch, Trans transA, Trans transB, int m, int n, int k, int lda, long strideA, int ldb, long strideB, int ldc, long strideC)
        where T : unmanaged, INumber<T>
    {
        var product = new Product<T>
        {
            M = m,
            N = n,
            K = k,
            Left = transA == Trans.No ? new(null, lda, 1) : new(null, 1, lda),
            Right = transB == Trans.No ? new(null, ldb, 1) : new(null, 1, ldb),
            Out = new(null, ldc, 1),
        };
        bool isOne = IsOneProduct(product, batch, strideA, strideB, strideC);
        if (isOne) product.M *= batch;
        (int rows, int columns) = MatrixProduct<Simd128<T>, Vector128<T>, T>.RestOf(product);
        return new(MatrixProduct<Simd128<T>, Vector128<T>, T>.OrderOf(product), rows, columns, isOne);
    }

    // One right operand for rows that follow each other without a gap: this is one product with many rows.
    private static bool IsOneProduct<T>(in Product<T> product, int batch, long strideA, long strideB, long strideC) where T : unmanaged =>
        batch > 1 && strideB == 0 && (long)product.M * batch <= int.MaxValue && product.Left.Column == 1
        && strideA == product.M * product.Left.Row && strideC == product.M * product.Out.Row;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<T>(in Product<T> product) where T : unmanaged, INumber<T>
    {
        if (Vector512.IsHardwareAccelerated) MatrixProduct<Simd512<T>, Vector512<T>, T>.Run(product);
        else if (Vector256.IsHardwareAccelerated) MatrixProduct<Simd256<T>, Vector256<T>, T>.Run(product);
        else MatrixProduct<Simd128<T>, Vector128<T>, T>.Run(product);
    }

    private static void RunBatch<T>(in Product<T> product, int batch, nint strideA, nint strideB, nint strideC)
        where T : unmanaged, INumber<T>
    {
        if (IsOneProduct(product, batch, strideA, strideB, strideC))
        {
            Run(product with { M = product.M * batch });
            return;
        }
        const long WorthAThread = 1 << 16, WorthAllThreads = 1 << 20;
        long size = (long)product.M * product.N * Math.Max(1, product.K);
        int each = (int)Math.Clamp(WorthAThread / size, 1, batch);
        var body = new Batch<T>
        {
            Product = product,
            Count = batch,
            Each = each,
            StrideLeft = strideA,
            StrideRight = strideB,
            StrideOut = strideC,
        };
        int chunks = (int)(((long)batch + each - 1) / each);
        if (batch >= 8 || size < WorthAllThreads) Threads.Run(chunks, ref body);
        else for (int i = 0; i < chunks; i++) body.Run(i);
    }

    /// <summary>Some of the products of a batch.</summary>
    private struct Batch<T> : IChunkBody where T : unmanaged, INumber<T>
    {
        public Product<T> Product;
        public int Count, Each;
        public nint StrideLeft, StrideRight, StrideOut;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run(int chunk)
        {
            int start = chunk * Each, end = start + Math.Min(Each, Count - start);
            for (int i = start; i < end; i++)
            {
                Gemm.Run(Product with
                {
                    Left = Product.Left.Moved(i * StrideLeft),
                    Right = Product.Right.Moved(i * StrideRight),
                    Out = Product.Out.Moved(i * StrideOut),
                });
            }
        }
    }

    /// <summary>Kernels write through pointers: what they are given must be as large as it is said to be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Check(int length, int rows, int columns, int ld, long offset, string name)
    {
        if (rows > 0 && columns > 0 && (ld < columns || offset < 0 || length < offset + (long)(rows - 1) * ld + columns))
            Throw(length, rows, columns, ld, offset, name);
    }

    private static void Throw(int length, int rows, int columns, int ld, long offset, string name) =>
        throw new ArgumentException(
            $"A {rows}x{columns} matrix with rows {ld} apart, beginning at element {offset}, does not fit: {length} elements were given.",
            name);
}
