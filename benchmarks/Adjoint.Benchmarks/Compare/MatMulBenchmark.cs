namespace Adjoint.Benchmarks.Compare;

/// <summary>float32 matrix products through <c>Tensor.MatMul</c> at the shapes of the MLP and at squares; operands transposed as the layouts say.</summary>
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

    public static int Run(string[] arguments) => Rounds.Time(arguments, target: 0.01, Clock.Wall, [.. Shapes.Select(shape =>
    {
        var (m, k, n, layout) = shape;
        Tensor a = layout[0] == 'T' ? Tensor.Rand(k, m).T : Tensor.Rand(m, k);
        Tensor b = layout[1] == 'T' ? Tensor.Rand(n, k).T : Tensor.Rand(k, n);
        return ($"gemm {m}x{k}x{n} {layout}", (Action)(() => a.MatMul(b).Dispose()));
    })]);
}
