namespace Adjoint.Tests.Optim;

using Adjoint.Optim;

/// <summary>Runs an optimizer from (1, −2) in Float64 over the gradients of the reference table.</summary>
internal static class Trajectory
{
    private static readonly double[][] Gradients = [[0.5, -0.1], [0.3, 0.4], [-0.2, 0], [0.1, 1]];

    public static void ShouldGive(Func<Tensor[], Optimizer> make, params (double, double)[] expected)
    {
        Tensor p = Tensor.From([1.0, -2], requiresGrad: true);
        Optimizer optimizer = make([p]);
        for (int step = 0; step < expected.Length; step++)
        {
            p.Grad = Tensor.From(Gradients[step % 4]);
            optimizer.Step();
            double[] now = p.ToArray<double>();
            now[0].ShouldBe(expected[step].Item1, 1e-8, $"step {step + 1}");
            now[1].ShouldBe(expected[step].Item2, 1e-8, $"step {step + 1}");
        }
    }
}
