using Adjoint.Training;

namespace Adjoint.Tests.Nn.Training;

public class ConfusionMatrixTests
{
    [Fact]
    public void Counts_and_ratios()
    {
        var matrix = new ConfusionMatrix(new[,] { { 8, 2, 0 }, { 1, 4, 0 }, { 0, 0, 0 } });
        matrix.Add(1, 2);
        (matrix.Total, matrix.Correct, matrix.MostConfused).ShouldBe((16, 12, 2));
        matrix.Accuracy.ShouldBe(0.75);
        matrix.Recall(0).ShouldBe(0.8);
        matrix.Recall(2).ShouldBe(0);
        matrix.Precision(1).ShouldBe(4 / 6.0);
        matrix.Rows[1].ShouldBe([1, 4, 1]);
    }

    [Fact]
    public void It_is_square() => Should.Throw<ArgumentException>(() => new ConfusionMatrix(new int[2, 3])).Message.ShouldContain("2×3");
}
