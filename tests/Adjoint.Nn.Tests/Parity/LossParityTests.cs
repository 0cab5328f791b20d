namespace Adjoint.Tests.Parity;

using Adjoint.Nn; // here, before the internal Linear and Reduction of Adjoint are found

/// <summary>
/// Softmax, log-softmax and the losses have PyTorch's values and gradients with every reduction, weight and ignored target.
/// </summary>
public class LossParityTests
{
    private static Reduction ReductionOf(Arguments a) => a.Text(0) switch
    {
        "none" => Reduction.None,
        "mean" => Reduction.Mean,
        _ => Reduction.Sum,
    };

    private static OpCall Loss(Func<Tensor, Tensor, Reduction, Tensor> call) => (x, a) => [call(x[0], x[1], ReductionOf(a))];

    private static readonly Dictionary<string, OpCall> Calls = new()
    {
        ["softmax"] = (x, a) => [x[0].Softmax(a.Int(0))],
        ["log_softmax"] = (x, a) => [x[0].LogSoftmax(a.Int(0))],
        ["cross_entropy"] = (x, a) => [F.CrossEntropy(x[0], x[1], null, a.Int(1), ReductionOf(a), a.Number(2))],
        ["cross_entropy_weight"] = (x, a) => [F.CrossEntropy(x[0], x[1], x[2], a.Int(1), ReductionOf(a), a.Number(2))],
        ["nll_loss"] = (x, a) => [F.NllLoss(x[0], x[1], null, a.Int(1), ReductionOf(a))],
        ["mse_loss"] = Loss((x, y, reduction) => F.MseLoss(x, y, reduction)),
        ["l1_loss"] = Loss((x, y, reduction) => F.L1Loss(x, y, reduction)),
        ["smooth_l1_loss"] = Loss((x, y, reduction) => F.SmoothL1Loss(x, y, reduction)),
        ["huber_loss"] = Loss((x, y, reduction) => F.HuberLoss(x, y, reduction)),
        ["bce"] = Loss((x, y, reduction) => F.BinaryCrossEntropy(x, y, null, reduction)),
        ["bce_with_logits"] = Loss((x, y, reduction) => F.BinaryCrossEntropyWithLogits(x, y, reduction: reduction)),
    };

    private static readonly ILookup<string, OpCase> Cases = Fixtures.Read<OpCase>("losses").ToLookup(@case => @case.Op);

    public static TheoryData<string> Operations => [.. Calls.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Values_and_gradients_are_PyTorchs(string operation)
    {
        Cases[operation].ShouldNotBeEmpty();
        OpParity.Differences(Cases[operation], Calls[operation], slack: 5).Take(10).ShouldBeEmpty();
    }
}
