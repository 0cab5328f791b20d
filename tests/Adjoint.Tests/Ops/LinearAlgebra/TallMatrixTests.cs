using Adjoint.Tests.Kernels;

namespace Adjoint.Tests.LinearAlgebra;

/// <summary>Matrices with very many rows and few columns, as those of a fit to data are: nothing is made that has a row for each pair.</summary>
[Collection(ThreadCount.Collection)] // alone, because of the program's memory
public class TallMatrixTests
{
    private const int Rows = 20_000;

    public static TheoryData<string> Operations => ["pinv", "pinv of a wide one", "lstsq", "qr", "svd"];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Gradients_of_a_tall_matrix_take_the_memory_of_a_few(string operation)
    {
        Tensor a = Tensor.Randn([Rows, 3], dtype: DType.Float64, requiresGrad: true, generator: new Generator(1));
        Tensor b = Tensor.Randn([Rows, 2], dtype: DType.Float64, generator: new Generator(2));
        Cpu.Memory.ResetPeak();
        long before = Cpu.Memory.Peak;
        Tensor y = operation switch
        {
            "pinv" => Linalg.PInv(a),
            "pinv of a wide one" => Linalg.PInv(a.T),
            "lstsq" => Linalg.LstSq(a, b).Solution,
            "qr" => Linalg.Qr(a).R,
            _ => Linalg.Svd(a, fullMatrices: false).S,
        };
        Tensor gradient = Autograd.Grad(y.Square().Sum(), [a], createGraph: true)[0]!;
        gradient.Square().Sum().Backward();
        a.Grad.ShouldNotBeNull();
        // One for each pair of rows would be 3.2 GB.
        (Cpu.Memory.Peak - before).ShouldBeLessThan(100L << 20);
    }
}
