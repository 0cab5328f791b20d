namespace Adjoint.Tests.Parity;

/// <summary>
/// Random programs over many operations, shapes, views, changes in place, broadcasting, reductions and grad modes, whose values,
/// gradients and products with the Hessian were asked of PyTorch: tests/Parity/program_fixtures.py, which says how they are written.
/// </summary>
public class ProgramParityTests
{
    private const double Tolerance = 1e-9;

    /// <summary>
    /// Those of the fixtures, and of further ones that are named (as <c>program_fixtures.py NAME COUNT SEED</c> writes them) to look at
    /// more.
    /// </summary>
    private static readonly IReadOnlyList<Program> All =
    [
        .. Fixtures.Read<Program>("programs"), .. Fixtures.Read<Program>("programs_wide"), .. Fixtures.Read<Program>("programs_newest"),
        .. Fixtures.Read<Program>("programs_further"), .. Fixtures.Read<Program>("programs_found"),
        .. (Environment.GetEnvironmentVariable("ADJOINT_PROGRAMS") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(Fixtures.Read<Program>),
    ];

    [Fact]
    public void There_are_hundreds_of_them() => All.Count.ShouldBeGreaterThanOrEqualTo(1100);

    [Fact]
    public void Values_and_gradients_are_those_of_PyTorch() => Each(program =>
    {
        Tensor[] inputs = program.Inputs();
        foreach (Tensor x in inputs) x.RequiresGradInPlace();
        Tensor loss = program.Loss(inputs);
        Compare("loss", loss.Item<double>(), program.Loss_);
        if (loss.RequiresGrad) loss.Backward();
        Compare("gradient", Flat(inputs.Select(x => x.Grad ?? x.ZerosLike())), program.Grads);
    });

    [Fact]
    public void Forward_mode_gives_the_same_derivatives() => Each(program =>
    {
        Tensor[] inputs = program.Inputs(), directions = Directions(inputs);
        Tensor tangent = Transforms.Jvp(xs => [program.Loss(xs)], inputs, directions).Products[0];
        double[] v = Flat(directions);
        Compare("tangent", tangent.Item<double>(), program.Grads.Select((g, i) => g * v[i]).Sum(),
            program.Grads.Select(Math.Abs).DefaultIfEmpty().Max());
    });

    [Fact]
    public void Products_with_the_Hessian_are_those_of_PyTorch_by_reverse_over_reverse_and_forward_over_reverse() => Each(program =>
    {
        if (program.Hvp is not { } expected) return;
        Tensor[] inputs = program.Inputs(), directions = Directions(inputs);
        double size = expected.Select(Math.Abs).DefaultIfEmpty().Max();
        Compare("vhp", Flat(Transforms.Vhp(program.Loss, inputs, directions).Products), expected, size);
        Compare("hvp", Flat(Transforms.Hvp(program.Loss, inputs, directions).Products), expected, size);
    });

    [Fact]
    public void A_checkpoint_around_them_changes_nothing() => Each(program =>
    {
        if (program.Seed % 4 != 0) return;
        Tensor[] inputs = program.Inputs();
        foreach (Tensor x in inputs) x.RequiresGradInPlace();
        Tensor loss = Autograd.Checkpoint(xs => [program.Loss(xs)], inputs)[0];
        if (loss.RequiresGrad) loss.Backward();
        Compare("gradient", Flat(inputs.Select(x => x.Grad ?? x.ZerosLike())), program.Grads);
    });

    private static void Each(Action<Program> check)
    {
        var failures = new List<string>();
        foreach (Program program in All)
        {
            try
            {
                check(program);
            }
            catch (Exception error)
            {
                failures.Add($"program {program.Seed} ({string.Join(" ", program.Code.Select(line => line.Name))}): {error.GetType().Name} {error.Message}");
            }
        }
        failures.ShouldBeEmpty();
    }

    private static double[] Flat(IEnumerable<Tensor> tensors) => [.. tensors.SelectMany(x => x.Detach().ToArray<double>())];

    private static Tensor[] Directions(Tensor[] inputs) =>
        [.. inputs.Select(x => (Tensor.Arange(x.NumEl).To(DType.Float64) * 0.7 + 1.0).Cos().Reshape(x.Shape))];

    private static void Compare(string what, double found, double expected, double size = 1) => Compare(what, [found], [expected], size);

    private static void Compare(string what, double[] found, double[] expected, double size = 1)
    {
        if (found.Length != expected.Length) throw new InvalidDataException($"{what}: {found.Length} numbers, expected {expected.Length}");
        for (int i = 0; i < found.Length; i++)
        {
            double slack = Tolerance * Math.Max(Math.Max(1, size), Math.Abs(expected[i]));
            if (!(Math.Abs(found[i] - expected[i]) <= slack))
                throw new InvalidDataException($"{what}: [{i}] is {found[i]}, expected {expected[i]}");
        }
    }
}
