using Adjoint.Training;

namespace Adjoint.Tests.Nn;

/// <summary>Metrics against their definitions, counted pair by pair; the values of the small case are scikit-learn's documented ones.</summary>
public class MetricTests
{
    // y_true = [0, 1, 2, 0, 1, 2], y_pred = [0, 2, 1, 0, 0, 1]: the example of scikit-learn's precision_recall_fscore_support.
    private static readonly Tensor s_true = Tensor.From([0L, 1, 2, 0, 1, 2]), s_predicted = Tensor.From([0L, 2, 1, 0, 0, 1]);

    [Theory]
    [InlineData(Averaging.Macro, 2 / 9.0, 1 / 3.0, 4 / 15.0)]
    [InlineData(Averaging.Micro, 1 / 3.0, 1 / 3.0, 1 / 3.0)]
    [InlineData(Averaging.Weighted, 2 / 9.0, 1 / 3.0, 4 / 15.0)]
    public void Precision_recall_and_f1_are_scikit_learns(Averaging averaging, double precision, double recall, double f1)
    {
        foreach ((Metric metric, double expected) in new (Metric, double)[]
            { (new Precision(3, averaging), precision), (new Recall(3, averaging), recall), (new F1Score(3, averaging), f1) })
        {
            metric.Value.ShouldBe(double.NaN);
            metric.Add(s_predicted.Narrow(0, 0, 2), s_true.Narrow(0, 0, 2));
            metric.Add(s_predicted.Narrow(0, 2, 4), s_true.Narrow(0, 2, 4));
            metric.Value.ShouldBe(expected, 1e-15, metric.Name);
            metric.Reset();
            metric.Value.ShouldBe(double.NaN);
        }
    }

    [Fact]
    public void Binary_averaging_is_of_class_1()
    {
        var precision = new Precision(2, Averaging.Binary);
        precision.Add(Tensor.From([1L, 1, 1, 0]), Tensor.From([1L, 0, 1, 1]));
        precision.Value.ShouldBe(2 / 3.0, 1e-15);
        Should.Throw<ArgumentException>(() => new Recall(3, Averaging.Binary)).ParamName.ShouldBe("averaging");
    }

    [Fact]
    public void Accuracy_takes_the_highest_score_the_first_of_equals()
    {
        Tensor scores = Tensor.From([0.1f, 0.9f, 0.9f, 3, 2, 1, -1, -1, -1]).Reshape(3, 3);
        var accuracy = new Accuracy();
        accuracy.Add(scores, Tensor.From([1L, 1, 0]));
        accuracy.Value.ShouldBe(2 / 3.0, 1e-15);
        var top = new Accuracy(2);
        top.Add(scores, Tensor.From([2L, 2, 1]));
        top.Value.ShouldBe(2 / 3.0, 1e-15);
        top.Name.ShouldBe("accuracy@2");
        Should.Throw<ShapeException>(() => accuracy.Add(scores, Tensor.From([1L, 1])));
        Should.Throw<ShapeException>(() => accuracy.Add(scores, Tensor.From([1.0, 1, 0])));
    }

    [Fact]
    public void The_area_is_the_share_of_pairs_in_order()
    {
        var random = new Random(5);
        float[] scores = [.. Enumerable.Range(0, 200).Select(_ => (float)random.Next(40))];
        float[] classes = [.. scores.Select(s => random.Next(60) < s ? 1f : 0f)];
        double pairs = 0, right = 0;
        for (int i = 0; i < scores.Length; i++)
            for (int j = 0; j < scores.Length; j++)
                if (classes[i] == 1 && classes[j] == 0)
                {
                    pairs++;
                    right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
        var auc = new Auc();
        auc.Add(Tensor.From(scores).Narrow(0, 0, 80), Tensor.From(classes).Narrow(0, 0, 80));
        auc.Add(Tensor.From(scores).Narrow(0, 80, 120).Unsqueeze(1), Tensor.From(classes).Narrow(0, 80, 120));
        auc.Value.ShouldBe(right / pairs, 1e-12);
        var two = new Auc();
        two.Add(Tensor.Stack([-Tensor.From(scores), Tensor.From(scores)], 1), Tensor.From(classes).To(DType.Int64));
        two.Value.ShouldBe(right / pairs, 1e-12);
        Should.Throw<ArgumentException>(() => auc.Add(Tensor.From([1f]), Tensor.From([2L]))).ParamName.ShouldBe("target");
        Should.Throw<ArgumentException>(() => auc.Add(Tensor.From([float.NaN]), Tensor.From([1L]))).ParamName.ShouldBe("output");
        auc.Reset();
        auc.Value.ShouldBe(double.NaN);
    }

    [Fact]
    public void Errors_are_means_over_elements()
    {
        var mse = new MeanSquaredError();
        var mae = new MeanAbsoluteError();
        foreach (Metric metric in new Metric[] { mse, mae })
        {
            metric.Add(Tensor.From([1.0, 2]), Tensor.From([0.0, 4]));
            metric.Add(Tensor.From([1f]), Tensor.From([4f]));
        }
        mse.Value.ShouldBe((1 + 4 + 9) / 3.0, 1e-15);
        mae.Value.ShouldBe(2, 1e-15);
        Should.Throw<ShapeException>(() => mse.Add(Tensor.Ones(2, 1), Tensor.Ones(2))).Message.ShouldContain("MeanSquaredError");
    }

    [Fact]
    public void A_confusion_matrix_counts_tensors_all_or_none()
    {
        var matrix = new ConfusionMatrix(3);
        matrix.Add(s_predicted, s_true);
        (matrix[0, 0], matrix[1, 2], matrix[1, 0], matrix[2, 1]).ShouldBe((2, 1, 1, 2));
        Should.Throw<ArgumentOutOfRangeException>(() => matrix.Add(s_predicted, Tensor.From([0L, 0, 0, 0, 0, 3]))).ParamName.ShouldBe("target");
        matrix.Total.ShouldBe(6);
        Should.Throw<ArgumentOutOfRangeException>(() => matrix.Add(0, 3)).ParamName.ShouldBe("predicted");
        Should.Throw<ArgumentOutOfRangeException>(() => new ConfusionMatrix(0));
    }
}
