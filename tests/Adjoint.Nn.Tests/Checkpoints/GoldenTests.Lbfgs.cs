using Adjoint.Optim;

namespace Adjoint.Tests.Nn.Checkpoints;

/// <summary>L-BFGS, whose step takes a closure, and whose parameters are one group of one dtype.</summary>
public partial class GoldenTests
{
    // Two numbers, so that no sum could come in another order on another processor.
    private static Tensor[] Searched() => [Tensor.From([0.75], requiresGrad: true), Tensor.Scalar(-1.5, DType.Float64).RequiresGradInPlace()];

    // A short history, so that something was forgotten when it is saved.
    private static LBFGS Searching(Tensor[] p) => new(p, 0.5, maxIter: 3, historySize: 2, strongWolfe: true);

    private static void Search(LBFGS optimizer, Tensor[] p, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            optimizer.Step(() =>
            {
                optimizer.ZeroGrad();
                Tensor a = p[0][0] - p[1], b = p[0][0] * p[1], c = p[1] - 2, loss = a * a * (a * a) + (b * b + c * c);
                loss.Backward();
                return loss;
            });
        }
    }

    private static StateFile LbfgsFile()
    {
        var file = new StateFile();
        Tensor[] p = Searched();
        LBFGS optimizer = Searching(p);
        Search(optimizer, p, 3);
        file.Put("optimizer", optimizer.StateDict());
        for (int i = 0; i < p.Length; i++) file[$"now.{i}"] = p[i];
        Search(optimizer, p, 2);
        for (int i = 0; i < p.Length; i++) file[$"later.{i}"] = p[i];
        return file;
    }

    private static void CheckLbfgs(StateFile file)
    {
        Tensor[] p = Searched();
        using (Autograd.NoGrad())
            for (int i = 0; i < p.Length; i++) p[i].CopyInPlace(file.Tensor($"now.{i}"));
        LBFGS optimizer = Searching(p);
        OptimizerState saved = file.Optimizer("optimizer");
        optimizer.LoadStateDict(saved);
        SameState(optimizer.StateDict(), saved);
        Search(optimizer, p, 2);
        for (int i = 0; i < p.Length; i++) Same(p[i], file.Tensor($"later.{i}"), $"parameter {i}");
    }
}
