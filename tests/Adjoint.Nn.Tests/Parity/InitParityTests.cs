using System.Text.Json;
using Adjoint.Nn;

namespace Adjoint.Tests.Parity;

/// <summary>torch.nn.init: after the same seed the same values, and as many draws.</summary>
public class InitParityTests
{
    private static readonly JsonElement[] s_cases = [.. Fixtures.Read<JsonElement>("init")];

    public static TheoryData<int, string> Cases =>
        [.. s_cases.Index().Select(c => (c.Index, c.Item.GetProperty("name").GetString()!))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_values_are_PyTorchs(int number, string name)
    {
        JsonElement @case = s_cases[number], options = @case.GetProperty("options"), value = @case.GetProperty("value");
        double Of(string option, double otherwise) => options.TryGetProperty(option, out JsonElement given) ? given.GetDouble() : otherwise;
        string? Word(string option) => options.TryGetProperty(option, out JsonElement given) ? given.GetString() : null;
        DType dtype = value.GetProperty("dtype").GetString() == "float32" ? DType.Float32 : DType.Float64;
        Tensor x = Tensor.Full([.. value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())], 7, dtype).AsParameter();
        var generator = new Generator(3);
        Tensor result = name switch
        {
            "trunc_normal_" => Init.TruncNormal(x, Of("mean", 0), Of("std", 1), Of("a", -2), Of("b", 2), generator),
            "orthogonal_" => Init.Orthogonal(x, Of("gain", 1), generator),
            "dirac_" => Init.Dirac(x, (int)Of("groups", 1)),
            "sparse_" => Init.Sparse(x, Of("sparsity", 0), Of("std", 0.01), generator),
            "eye_" => Init.Eye(x),
            "ones_" => Init.Ones(x),
            "zeros_" => Init.Zeros(x),
            "constant_" => Init.Constant(x, Of("val", 0)),
            "uniform_" => Init.Uniform(x, Of("a", 0), Of("b", 1), generator),
            "normal_" => Init.Normal(x, Of("mean", 0), Of("std", 1), generator),
            "xavier_uniform_" => Init.XavierUniform(x, Of("gain", 1), generator),
            "xavier_normal_" => Init.XavierNormal(x, Of("gain", 1), generator),
            "kaiming_uniform_" => Init.KaimingUniform(x, Of("a", 0), generator: generator),
            "kaiming_normal_" => Init.KaimingNormal(x, 0, Word("mode") == "fan_out" ? FanMode.FanOut : FanMode.FanIn,
                Word("nonlinearity") == "relu" ? Nonlinearity.Relu : Nonlinearity.LeakyRelu, generator),
            _ => throw new InvalidDataException(name),
        };
        result.ShouldBeSameAs(x);
        x.IsLeaf.ShouldBeTrue();
        double[] expected = [.. value.GetProperty("data").EnumerateArray().Select(n => n.GetDouble())];
        double[] found = x.Detach().Reshape(-1).ToArray<double>();
        // A decomposition has bits of its own, and so has the inverse of a special function.
        if (name is "orthogonal_") found.ShouldBe(expected, dtype == DType.Float32 ? 2e-6 : 1e-14);
        else if (name is "trunc_normal_") found.ShouldBe(expected, dtype == DType.Float32 ? 1e-6 : 1e-14);
        else found.ShouldBe(expected);
        generator.NextDouble().ShouldBe(@case.GetProperty("next").GetDouble());
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        Should.Throw<ShapeException>(() => Init.Orthogonal(Tensor.Zeros(3))).Message.ShouldContain("Init.Orthogonal");
        Should.Throw<ShapeException>(() => Init.Dirac(Tensor.Zeros(3, 3))).Message.ShouldContain("Init.Dirac");
        Should.Throw<ShapeException>(() => Init.Dirac(Tensor.Zeros(3, 3, 3), groups: 2)).Message.ShouldContain("groups");
        Should.Throw<ShapeException>(() => Init.Sparse(Tensor.Zeros(3), 0.5)).Message.ShouldContain("Init.Sparse");
        Should.Throw<ArgumentException>(() => Init.TruncNormal(Tensor.Zeros(3), a: 2, b: 1)).ParamName.ShouldBe("a");
        Should.Throw<ArgumentException>(() => Init.TruncNormal(Tensor.Zeros(3), a: 50, b: 60)).ParamName.ShouldBe("a");
        Should.Throw<ArgumentException>(() => Init.TruncNormal(Tensor.Zeros(3), std: 0)).ParamName.ShouldBe("std");
        Should.Throw<ArgumentException>(() => Init.Sparse(Tensor.Zeros(3, 3), 1.5)).ParamName.ShouldBe("sparsity");
    }
}
