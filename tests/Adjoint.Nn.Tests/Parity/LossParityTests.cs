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
        ["soft_margin_loss"] = Loss((x, y, reduction) => F.SoftMarginLoss(x, y, reduction)),
        ["hinge_embedding_loss"] = (x, a) => [F.HingeEmbeddingLoss(x[0], x[1], a.Number(1), ReductionOf(a))],
        ["margin_ranking_loss"] = (x, a) => [F.MarginRankingLoss(x[0], x[1], x[2], a.Number(1), ReductionOf(a))],
        ["cosine_embedding_loss"] = (x, a) => [F.CosineEmbeddingLoss(x[0], x[1], x[2], a.Number(1), ReductionOf(a))],
        ["multi_margin_loss"] = (x, a) => [F.MultiMarginLoss(x[0], x[1], a.Int(2), a.Number(1), null, ReductionOf(a))],
        ["multi_margin_loss_weight"] = (x, a) => [F.MultiMarginLoss(x[0], x[1], a.Int(2), a.Number(1), x[2], ReductionOf(a))],
        ["multilabel_margin_loss"] = Loss((x, y, reduction) => F.MultilabelMarginLoss(x, y, reduction)),
        ["multilabel_soft_margin_loss"] = Loss((x, y, reduction) => F.MultilabelSoftMarginLoss(x, y, null, reduction)),
        ["multilabel_soft_margin_loss_weight"] = (x, a) => [F.MultilabelSoftMarginLoss(x[0], x[1], x[2], ReductionOf(a))],
        ["poisson_nll_loss"] = (x, a) => [F.PoissonNllLoss(x[0], x[1], a.Flag(1), a.Flag(2), reduction: ReductionOf(a))],
        ["gaussian_nll_loss"] = (x, a) => [F.GaussianNllLoss(x[0], x[1], x[2], a.Flag(1), reduction: ReductionOf(a))],
        ["triplet_margin_loss"] = (x, a) =>
            [F.TripletMarginLoss(x[0], x[1], x[2], a.Number(3), a.Number(1), swap: a.Flag(2), reduction: ReductionOf(a))],
        ["triplet_margin_with_distance_loss"] = (x, a) => [F.TripletMarginWithDistanceLoss(
            x[0], x[1], x[2], static (u, v) => (u - v).Abs().Amax([1]), swap: a.Flag(1), reduction: ReductionOf(a))],
        ["ctc_loss"] = (x, a) => [F.CtcLoss(x[0].LogSoftmax(-1), x[1], x[2], x[3], a.Int(1), ReductionOf(a), a.Flag(2))],
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
