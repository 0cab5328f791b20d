using Adjoint.Nn;
using Adjoint.Training;

namespace Adjoint.Tests.Nn.Training;

public class EarlyStoppingTests
{
    [Fact]
    public void It_ends_when_the_loss_has_not_fallen_for_long_enough_and_takes_the_best_weights_back()
    {
        var net = new Sequential(new BatchNorm1d(2));
        var stopping = new EarlyStopping(net, patience: 2);
        double[] losses = [1, 0.5, double.NaN, 0.4, 0.45, 0.4];
        bool[] over = new bool[losses.Length];
        for (int i = 0; i < losses.Length; i++)
        {
            using (Autograd.NoGrad()) net.Parameters().First().FillInPlace(i);
            over[i] = stopping.IsOver(i + 1, losses[i]);
        }
        over.ShouldBe([false, false, false, false, false, true]);
        stopping.BestEpoch.ShouldBe(4);
        stopping.RestoreBest();
        net.Parameters().First().ToArray<float>().ShouldBe([3, 3]);
    }

    [Fact]
    public void Without_any_finite_loss_it_ends_and_changes_nothing()
    {
        var net = new Sequential(new ReLU());
        var stopping = new EarlyStopping(net, patience: 2);
        stopping.IsOver(1, double.NaN).ShouldBeFalse();
        stopping.IsOver(2, double.NaN).ShouldBeTrue();
        stopping.RestoreBest();
    }
}
