using Adjoint.Nn;

namespace Adjoint.Tests.Graphs;

/// <summary>Convolutions of each kind, of other layouts and their second derivatives, written by hand.</summary>
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
        Of("depthwise", [2, 3, 7, 35], [3, 1, 3, 3], (a, b) => F.Conv2d(a, b, null, 2, 1, 1, 3));
        Of("several blocks", [2, 60, 3, 3], [2, 60, 3, 3], (a, b) => F.Conv2d(a, b, padding: 1));
        Of("many places", [1, 1, 26, 24], [2, 1, 2, 2], (a, b) => F.Conv2d(a, b));
        Of("grouped", [2, 4, 6], [4, 3, 3], (a, b) => F.ConvTranspose1d(a, b, null, 3, 1, 2, 2, 1));
        Of("one tap", [1, 2, 5, 5], [3, 2, 1, 1], (a, b) => F.Conv2d(a, b, stride: 2));
        Of("columns", [2, 2, 4, 5], [2, 12, 12], (a, b) => F.Unfold(a, (2, 3), padding: 1, stride: (1, 2)).Narrow(2, 0, 12) * b);
        Of("folded", [2, 6, 6], [2, 1, 4, 5], (a, b) => F.Fold(a, (4, 5), (2, 3), stride: (1, 2)) * b);
        steps.Compare(1);

        void Of(string name, Shape left, Shape right, Func<Tensor, Tensor, Tensor> call)
        {
            Tensor a = Tensor.Randn(left).RequiresGradInPlace(), b = Tensor.Randn(right).RequiresGradInPlace();
            steps.Add(name, () =>
            {
                a.Grad = b.Grad = null;
                call(a, b).Square().Sum().Backward();
            });
        }
    }
}
