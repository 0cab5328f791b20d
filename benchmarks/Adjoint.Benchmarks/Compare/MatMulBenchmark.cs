namespace Adjoint.Benchmarks.Compare;

/// <summary>Matrix products of float32 and of whole numbers through <c>Tensor.MatMul</c> at the shapes of the MLP and at squares; operands transposed as the layouts say.</summary>
/// <remarks>Each product is disposed, as the engine does with its gradients: PyTorch's counterpart writes all of them to one tensor.</remarks>
internal static class MatMulBenchmark
{
    private static readonly (int M, int K, int N, string Layout)[] Shapes =
    [
        (64, 784, 512, "NT"), (64, 512, 512, "NT"), (64, 512, 10, "NT"), (64, 10, 512, "NN"), (64, 512, 512, "NN"), (512, 64, 784, "TN"),
        (512, 64, 512, "TN"), (10, 64, 512, "TN"), (512, 784, 512, "NT"), (512, 512, 784, "TN"), (32, 32, 32, "NN"), (64, 64, 64, "NN"),
        (128, 128, 128, "NN"), (256, 256, 256, "NN"), (512, 512, 512, "NN"), (1024, 1024, 1024, "NN"), (1024, 1024, 1024, "NT"),
        (1024, 1024, 1024, "TN"), (2048, 2048, 2048, "NN"), (4096, 64, 64, "NN"), (1, 784, 512, "NT"), (1, 1024, 1024, "NN"),
    ];

    private static readonly (int M, int K, int N, string Layout)[] WholeShapes =
    [
        (32, 32, 32, "NN"), (256, 256, 256, "NN"), (256, 256, 256, "NT"), (64, 784, 512, "NT"), (512, 64, 784, "TN"),
        (1, 1024, 1024, "NT"),
    ];

    public static int Run(string[] arguments) => Rounds.Time(
        arguments, target: 0.01, Clock.Wall,
        [
            .. Shapes.Select(shape => Work("gemm", DType.Float32, shape)),
            .. WholeShapes.Select(shape => Work("int32", DType.Int32, shape)),
            .. WholeShapes.Select(shape => Work("int64", DType.Int64, shape)),
        ]);

    private static (string, Action) Work(string name, DType dtype, (int M, int K, int N, string Layout) shape)
    {
        var (m, k, n, layout) = shape;
        Tensor a = layout[0] == 'T' ? Operand(dtype, k, m).T : Operand(dtype, m, k);
        Tensor b = layout[1] == 'T' ? Operand(dtype, n, k).T : Operand(dtype, k, n);
        return ($"{name} {m}x{k}x{n} {layout}", () => a.MatMul(b).Dispose());
    }

    private static Tensor Operand(DType dtype, int rows, int columns) =>
        dtype == DType.Float32 ? Tensor.Rand(rows, columns) : Tensor.RandInt(-100, 100, [rows, columns], dtype);
}
