namespace Adjoint.Tests.Nn;

using Adjoint.Nn;
using Adjoint.Optim;

/// <summary>
/// The losses of PyTorch 1.13 over ten steps from the same seed: weights, data, masks, gradients and steps all have to agree.
/// </summary>
public class TrainingTests
{
    [Fact]
    public void A_network_with_dropout_learns_as_in_PyTorch()
    {
        // A generator of its own: tests that run meanwhile draw from the program's.
        Generator draws = new(1);
        var net =
            new Sequential(new Linear(20, 16, generator: draws), new ReLU(), new Dropout(0.25, generator: draws), new Linear(16, 3, generator: draws));
        Losses(net, draws, parameters => new SGD(parameters, lr: 0.5, momentum: 0.9), 0).ShouldBe(
            [1.124203, 1.063167, 0.978551, 0.872688, 0.759424, 0.681985, 0.451635, 0.504193, 0.286478, 0.201461], 2e-5);
    }

    [Fact]
    public void A_network_with_layer_norm_learns_as_in_PyTorch()
    {
        // A generator of its own: tests that run meanwhile draw from the program's.
        Generator draws = new(1);
        var net =
            new Sequential(new Linear(20, 16, generator: draws), new Tanh(), new LayerNorm([16]), new Linear(16, 3, generator: draws));
        Losses(net, draws, parameters => new AdamW(parameters, lr: 0.05), 0.1).ShouldBe(
            [1.108802, 0.836823, 0.681467, 0.566740, 0.481851, 0.417465, 0.371925, 0.355958, 0.355486, 0.354175], 2e-5);
    }

    private static List<double> Losses(Module net, Generator draws, Func<IEnumerable<Tensor>, Optimizer> make, double smoothing)
    {
        Tensor x = Tensor.Randn([32, 20], generator: draws), t = Tensor.RandInt(0, 3, [32], generator: draws);
        Optimizer optimizer = make(net.Parameters());
        var losses = new List<double>();
        for (int step = 0; step < 10; step++)
        {
            Tensor loss = F.CrossEntropy(net.Call(x), t, labelSmoothing: smoothing);
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            losses.Add(loss.Item());
        }
        return losses;
    }
}
