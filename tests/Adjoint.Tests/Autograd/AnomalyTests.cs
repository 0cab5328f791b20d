namespace Adjoint.Tests.Differentiation;

/// <summary>Anomaly detection: behaviours of section 12.</summary>
public class AnomalyTests
{
    private static Tensor Leaf(params double[] values) => Tensor.From(values, requiresGrad: true);

    [Fact] // 12.1, 12.5
    public void NaN_is_found_where_it_first_appears_with_the_line_of_the_forward_call()
    {
        Tensor x = Leaf(0), y;
        using (Autograd.DetectAnomaly())
        {
            Tensor root = x.Sqrt();
            y = (root * 0.0).Exp();
            AnomalyException error = Should.Throw<AnomalyException>(() => y.Backward());
            error.Message.ShouldContain("SqrtBackward0");
            error.Message.ShouldContain("AnomalyTests.cs:line");
        }
    }

    [Fact] // 12.2
    public void Outside_NaN_passes()
    {
        Tensor x = Leaf(0);
        (x.Sqrt() * 0.0).Backward();
        double.IsNaN(x.Grad!.Item<double>()).ShouldBeTrue();
    }

    [Fact] // 12.3
    public void Without_the_check_only_calls_are_remembered()
    {
        Tensor x = Leaf(0);
        using (Autograd.DetectAnomaly(checkNan: false))
        {
            (x.Sqrt() * 0.0).Backward();
            Tensor y = x * 1.0, z = y * y;
            y.AddInPlace(1.0);
            Should.Throw<AutogradException>(() => z.Backward()).Message.ShouldContain("AnomalyTests");
        }
    }

    [Fact] // 12.7
    public void The_setting_nests()
    {
        Autograd.IsAnomalyEnabled.ShouldBeFalse();
        using (Autograd.DetectAnomaly())
        {
            using (Autograd.SetDetectAnomaly(false)) Autograd.IsAnomalyEnabled.ShouldBeFalse();
            Autograd.IsAnomalyEnabled.ShouldBeTrue();
        }
        Autograd.IsAnomalyEnabled.ShouldBeFalse();
    }
}
