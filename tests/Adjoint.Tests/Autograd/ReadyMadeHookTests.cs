namespace Adjoint.Tests.Differentiation;

/// <summary>The hooks that come ready made, and batched gradients.</summary>
public class ReadyMadeHookTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    [Fact]
    public void Half_the_bytes_gives_gradients_of_half_the_digits()
    {
        Tensor x = Tensor.From([0.5f, 1.25f, 3.1f], requiresGrad: true), y;
        using (Autograd.SaveInHalfTheBytes()) y = (x * x * x).Sum();
        y.Backward();
        float[] exact = [0.75f, 4.6875f, 28.83f];
        float[] got = x.Grad!.ToArray<float>();
        for (int i = 0; i < 3; i++) got[i].ShouldBe(exact[i], exact[i] * 2e-3f);
        Tensor d = Leaf(0.1), z;
        using (Autograd.SaveInHalfTheBytes()) z = d.Exp();
        z.Backward();
        d.Grad!.Item<double>().ShouldBe(Math.Exp(0.1), 1e-6);
    }

    [Fact] // 7.38 in spirit
    public void Files_give_the_same_bits_and_are_deleted()
    {
        string directory = Directory.CreateTempSubdirectory("adjoint").FullName;
        try
        {
            Tensor x = Leaf(0.5, 1.5), expected = Autograd.Grad([(x.Sin() * x).Sum()], [x])[0]!;
            Run(x, directory);
            x.Grad!.ToArray<double>().ShouldBe(expected.ToArray<double>());
            for (int i = 0; i < 20 && Directory.GetFiles(directory).Length > 0; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            Directory.GetFiles(directory).ShouldBeEmpty();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }

        static void Run(Tensor x, string directory)
        {
            Tensor y;
            using (Autograd.SaveToFiles(directory)) y = (x.Sin() * x).Sum();
            Directory.GetFiles(directory).ShouldNotBeEmpty();
            y.Backward();
        }
    }

    [Fact] // 4.22, 4.23, 4.24
    public void Batched_gradients()
    {
        Tensor x = Leaf(1, 2), y = x * x;
        Tensor rows = Tensor.From([1.0, 0, 0, 1, 1, 1], [3, 2]);
        Tensor g = Autograd.GradBatched([y], [x], [rows])[0]!;
        g.Shape.ShouldBe(Shape.Of(3, 2));
        g.ToArray<double>().ShouldBe([2, 0, 0, 4, 2, 4]);
        Should.Throw<ShapeException>(() => Autograd.GradBatched([x * x], [x], [Tensor.Ones([3, 3], DType.Float64)]));
        Tensor s = (x * x).Sum();
        Autograd.GradBatched([s], [x], [Tensor.From([1.0, 10])])[0]!.Shape.ShouldBe(Shape.Of(2, 2));
        Should.Throw<ShapeException>(() => Autograd.GradBatched([(x * x).Sum()], [x], [Tensor.Ones([2, 1], DType.Float64)]));
    }
}
