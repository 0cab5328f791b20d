using System.Text.Json;

namespace Adjoint.Tests.Parity;

/// <summary>
/// The functional API with several arguments and results has the values, shapes and strict errors of torch.autograd.functional.
/// </summary>
public class FunctionalParityTests
{
    private static readonly Tensor[] At =
    [
        Tensor.From([0.5, -1.25]), Tensor.From([2.0, 0.3, -0.7, 1.5, -0.4, 0.9], [2, 3]), Tensor.Scalar(0.8, DType.Float64),
    ];

    private static readonly Tensor[] Vectors =
    [
        Tensor.From([1.0, -2.0]), Tensor.From([0.5, 0.25, -1.0, 2.0, 1.0, -0.5], [2, 3]), Tensor.Scalar(-3.0, DType.Float64),
    ];

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor, Tensor>> ToNumbers = new()
    {
        ["mixed"] = (a, b, c) => a.MatMul(b).Tanh().Sum() * c.Exp() + (a * a).Sum().Sin() * c,
        ["quotient"] = (a, b, c) => (b / (1 + c * c)).Sigmoid().Prod() / (2 + a.Cos().Sum()),
        ["separate"] = (a, b, c) => a.Pow(3).Sum() + b.Pow(4).Sum() + c.Exp(),
        ["without b"] = (a, _, c) => a.Exp().Sum() * c,
        ["linear"] = (a, b, c) => 2 * a.Sum() + 3 * b.Sum() - c,
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor, Tensor[]>> ToTensors = new()
    {
        ["one"] = (a, b, c) => [a.MatMul(b) * c],
        ["two"] = (a, b, c) => [a.MatMul(b).Sin(), a * c],
        ["three"] = (a, b, c) => [b.T.MatMul(a), c * c, (b * b).Sum(0, keepDim: true)],
        ["a number"] = (a, b, c) => [a.MatMul(b).Sum() / c],
        ["without b"] = (a, _, c) => [a * c, c.Exp()],
    };

    private static readonly IReadOnlyDictionary<string, JsonElement> ScalarCases = Read("scalar"), TensorCases = Read("tensors");

    public static TheoryData<string> NumberNames => [.. ToNumbers.Keys];

    public static TheoryData<string> TensorNames => [.. ToTensors.Keys];

    [Theory, MemberData(nameof(NumberNames))]
    public void Products_with_the_Hessian_are_PyTorchs(string name)
    {
        JsonElement expected = ScalarCases[name];
        Func<IReadOnlyList<Tensor>, Tensor> f = xs => ToNumbers[name](xs[0], xs[1], xs[2]);
        (Tensor value, IReadOnlyList<Tensor> hvp) = Transforms.Hvp(f, At, Vectors);
        Same(value, expected.GetProperty("value"));
        Same(hvp, expected.GetProperty("hvp"));
        (value, IReadOnlyList<Tensor> vhp) = Transforms.Vhp(f, At, Vectors);
        Same(value, expected.GetProperty("value"));
        Same(vhp, expected.GetProperty("vhp"));
        foreach (Tensor result in (Tensor[])[value, .. hvp, .. vhp]) result.RequiresGrad.ShouldBeFalse();
    }

    [Theory, MemberData(nameof(NumberNames))]
    public void The_Hessian_and_its_trace_are_PyTorchs(string name)
    {
        JsonElement expected = ScalarCases[name];
        Func<IReadOnlyList<Tensor>, Tensor> f = xs => ToNumbers[name](xs[0], xs[1], xs[2]);
        foreach (bool createGraph in (bool[])[false, true])
        {
            Same(Transforms.Hessian(f, At, createGraph), expected.GetProperty("hessian"));
            Same(Transforms.Laplacian(f, At, createGraph), expected.GetProperty("laplacian"));
        }
    }

    [Theory, MemberData(nameof(NumberNames))]
    public void Strict_mode_refuses_the_Hessians_that_PyTorch_refuses(string name)
    {
        JsonElement strict = ScalarCases[name].GetProperty("strict");
        Func<IReadOnlyList<Tensor>, Tensor> f = xs => ToNumbers[name](xs[0], xs[1], xs[2]);
        Refuses(() => Transforms.Hvp(f, At, Vectors, strict: true)).ShouldBe(strict.GetProperty("hvp").GetBoolean(), "Hvp");
        Refuses(() => Transforms.Vhp(f, At, Vectors, strict: true)).ShouldBe(strict.GetProperty("vhp").GetBoolean(), "Vhp");
        Refuses(() => Transforms.Hessian(f, At, strict: true)).ShouldBe(strict.GetProperty("hessian").GetBoolean(), "Hessian");
        Refuses(() => Transforms.Hessian(f, At, createGraph: true, strict: true))
            .ShouldBe(strict.GetProperty("hessian").GetBoolean(), "Hessian in reverse");
        // The trace asks less: every argument's own second derivative.
        Refuses(() => Transforms.Laplacian(f, At, strict: true)).ShouldBe(strict.GetProperty("hvp").GetBoolean(), "Laplacian");
    }

    [Theory, MemberData(nameof(TensorNames))]
    public void Jacobians_are_PyTorchs_in_both_modes(string name)
    {
        JsonElement expected = TensorCases[name].GetProperty("jacobian");
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f = xs => ToTensors[name](xs[0], xs[1], xs[2]);
        int rows = f(At).Sum(y => y.NumEl), columns = At.Sum(x => x.NumEl);
        foreach (DerivativeMode? mode in (DerivativeMode?[])[DerivativeMode.Forward, DerivativeMode.Reverse, null])
        {
            JacobianBlocks report = Transforms.JacobianWithReport(f, At, mode);
            DerivativeMode expectedMode = mode ?? (columns < rows ? DerivativeMode.Forward : DerivativeMode.Reverse);
            (report.Mode, report.Passes).ShouldBe((expectedMode, expectedMode == DerivativeMode.Forward ? columns : rows));
            report.Matrices.Count.ShouldBe(expected.GetArrayLength());
            for (int i = 0; i < report.Matrices.Count; i++) Same(report.Matrices[i], expected[i]);
        }
    }

    [Theory, MemberData(nameof(TensorNames))]
    public void Products_with_the_Jacobian_are_PyTorchs(string name)
    {
        JsonElement expected = TensorCases[name];
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f = xs => ToTensors[name](xs[0], xs[1], xs[2]);
        Tensor[] vectors = [.. expected.GetProperty("vectors").EnumerateArray().Select(Of)];
        Same(Transforms.Vjp(f, At, vectors).Products, expected.GetProperty("vjp"));
        Same(Transforms.Jvp(f, At, Vectors).Products, expected.GetProperty("jvp"));
    }

    [Theory, MemberData(nameof(TensorNames))]
    public void Strict_mode_refuses_the_Jacobians_that_PyTorch_refuses(string name)
    {
        JsonElement expected = TensorCases[name], strict = expected.GetProperty("strict");
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f = xs => ToTensors[name](xs[0], xs[1], xs[2]);
        Tensor[] vectors = [.. expected.GetProperty("vectors").EnumerateArray().Select(Of)];
        foreach (DerivativeMode mode in Enum.GetValues<DerivativeMode>())
            Refuses(() => Transforms.Jacobian(f, At, mode, strict: true)).ShouldBe(strict.GetProperty("jacobian").GetBoolean(), $"{mode}");
        Refuses(() => Transforms.Vjp(f, At, vectors, strict: true)).ShouldBe(strict.GetProperty("vjp").GetBoolean());
    }

    private static bool Refuses(Action call)
    {
        try
        {
            call();
            return false;
        }
        catch (AutogradException error)
        {
            error.Message.ShouldContain("strict mode");
            return true;
        }
    }

    private static void Same(IReadOnlyList<IReadOnlyList<Tensor>> found, JsonElement expected)
    {
        found.Count.ShouldBe(expected.GetArrayLength());
        for (int i = 0; i < found.Count; i++) Same(found[i], expected[i]);
    }

    private static void Same(IReadOnlyList<Tensor> found, JsonElement expected)
    {
        found.Count.ShouldBe(expected.GetArrayLength());
        for (int i = 0; i < found.Count; i++) Same(found[i], expected[i]);
    }

    private static void Same(Tensor found, JsonElement expected)
    {
        Tensor reference = Of(expected);
        found.DType.ShouldBe(reference.DType);
        found.Shape.ShouldBe(reference.Shape);
        foreach ((double x, double y) in found.Detach().ToArray<double>().Zip(reference.ToArray<double>()))
            x.ShouldBe(y, 1e-13 * Math.Max(1, Math.Abs(y)));
    }

    private static Tensor Of(JsonElement tensor) => Tensor.From(
        [.. tensor.GetProperty("data").EnumerateArray().Select(number => number.GetDouble())],
        [.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())]);

    private static Dictionary<string, JsonElement> Read(string kind) => Fixtures.Read<JsonElement>("functional")
        .Where(@case => @case.GetProperty("kind").GetString() == kind)
        .ToDictionary(@case => @case.GetProperty("name").GetString()!);
}
