using Adjoint.Nn;

namespace Adjoint.Tests.Graphs;

/// <summary>What convolutions of whole numbers and of tensors in other layouts do, written by hand.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class ConvolutionByHandTests
{
    [Fact]
    public void Layouts_and_second_derivatives_have_the_same_bits()
    {
        var steps = new WrittenSteps();
        Rng.ManualSeed(3);
        Tensor x = Tensor.Randn([2, 5, 6, 4]).RequiresGradInPlace(), w = Tensor.Randn([3, 3, 2, 4]).RequiresGradInPlace();
        steps.Add("transposed", () =>
        {
            x.Grad = w.Grad = null;
            F.Conv2d(x.Transpose(1, 3), w.Permute(0, 3, 1, 2), padding: 1).Square().Sum().Backward();
        });
        steps.Add("second", () =>
        {
            x.Grad = w.Grad = null;
            Tensor y = F.Conv2d(x.Transpose(1, 3), w.Permute(0, 3, 1, 2), stride: (2, 1)).Sin().Sum();
            Tensor?[] g = Autograd.Grad([y], [x, w], createGraph: true);
            (g[0]!.Square().Sum() + g[1]!.Square().Sum()).Backward();
        });
        steps.Compare(1);
    }
}
