namespace Adjoint.Tests.Scalars;

/// <summary>Every element-wise operation, read over every scalar algebra, against its slope and against differences.</summary>
public class OperationTests
{
    [Theory, MemberData(nameof(OperationCase.All), MemberType = typeof(OperationCase))]
    public void Forward_reverse_slope_and_differences_agree(OperationCase operation)
    {
        OperationCase.Sample[] samples = [.. operation.Samples()];
        samples.ShouldNotBeEmpty();
        foreach (OperationCase.Sample sample in samples)
        {
            string at = $"at {sample.X}";
            Agree(sample.Forward, sample.Slope, 1e-10, at);
            Agree(sample.Reverse, sample.Slope, 1e-10, at);
            Agree(Difference(sample.Value, sample.X), sample.Slope, 1e-6, at);
        }
    }

    [Theory, MemberData(nameof(OperationCase.All), MemberType = typeof(OperationCase))]
    public void Second_derivatives_agree_in_every_nesting(OperationCase operation)
    {
        foreach (OperationCase.Sample sample in operation.Samples())
        {
            string at = $"at {sample.X}";
            Agree(sample.ForwardOverReverse, sample.Second, 1e-10, at);
            Agree(sample.ReverseOverForward, sample.Second, 1e-10, at);
            Agree(Difference(sample.Derivative, sample.X), sample.Second, 1e-6, at);
        }
    }

    private static double Difference(Func<double, double> f, double x) => Numeric.Ridders(f, x, 0.02).Value;

    private static void Agree(double found, double expected, double tolerance, string at) =>
        found.ShouldBe(expected, tolerance * Math.Max(1, Math.Abs(expected)), at);
}
