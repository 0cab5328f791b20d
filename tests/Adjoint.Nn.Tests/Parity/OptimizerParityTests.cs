using System.Text.Json;
using Adjoint.Optim;

namespace Adjoint.Tests.Parity;

/// <summary>17.1–17.14: eight steps of an optimizer leave its parameters where PyTorch's leaves them.</summary>
public class OptimizerParityTests
{
    private static readonly double[][] Gradients =
        [[0.5, -0.1], [0.3, 0.4], [-0.2, 0], [0.1, 1], [0, -0.5], [-1.5, 0.25], [0.7, 0.7], [1e-3, -2]];

    private sealed class Settings(JsonElement options)
    {
        public double Number(string name, double otherwise) =>
            options.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : otherwise;

        public bool Flag(string name) => options.TryGetProperty(name, out JsonElement value) && value.GetBoolean();

        public double Beta(int i, double otherwise) =>
            options.TryGetProperty("betas", out JsonElement value) ? value[i].GetDouble() : otherwise;

        public (double, double) Pair(string name, double first, double second) =>
            options.TryGetProperty(name, out JsonElement value) ? (value[0].GetDouble(), value[1].GetDouble()) : (first, second);
    }

    private static readonly Dictionary<string, Func<Tensor, Settings, Optimizer>> Optimizers = new()
    {
        ["SGD"] = (p, o) =>
            new SGD([p], o.Number("lr", 1e-3), o.Number("momentum", 0), o.Number("dampening", 0), o.Number("weight_decay", 0),
                o.Flag("nesterov"), o.Flag("maximize")),
        ["Adam"] = (p, o) =>
            new Adam(
                [p], o.Number("lr", 1e-3), (o.Beta(0, 0.9), o.Beta(1, 0.999)), o.Number("eps", 1e-8), o.Number("weight_decay", 0),
                o.Flag("amsgrad"), o.Flag("maximize")),
        ["AdamW"] = (p, o) =>
            new AdamW(
                [p], o.Number("lr", 1e-3), (o.Beta(0, 0.9), o.Beta(1, 0.999)), o.Number("eps", 1e-8), o.Number("weight_decay", 0.01),
                o.Flag("amsgrad"), o.Flag("maximize")),
        ["RMSprop"] = (p, o) => new RMSprop([p], o.Number("lr", 1e-2), weightDecay: o.Number("weight_decay", 0),
            momentum: o.Number("momentum", 0), centered: o.Flag("centered")),
        ["Adagrad"] = (p, o) => new Adagrad([p], o.Number("lr", 1e-2), o.Number("lr_decay", 0), o.Number("weight_decay", 0)),
        ["Adadelta"] = (p, o) => new Adadelta([p], o.Number("lr", 1)),
        ["Adamax"] = (p, o) => new Adamax([p], o.Number("lr", 2e-3)),
        ["RAdam"] = (p, o) => new RAdam([p], o.Number("lr", 1e-3)),
        ["Rprop"] = (p, o) => new Rprop([p], o.Number("lr", 1e-2), o.Pair("etas", 0.5, 1.2), o.Pair("step_sizes", 1e-6, 50), o.Flag("maximize")),
        ["ASGD"] = (p, o) => new ASGD([p], o.Number("lr", 1e-2), o.Number("lambd", 1e-4), o.Number("alpha", 0.75), o.Number("t0", 1e6),
            o.Number("weight_decay", 0)),
    };

    public static TheoryData<string> Names => [.. Optimizers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_after_each_step_are_PyTorchs(string name)
    {
        JsonElement[] cases =
            [.. Fixtures.Read<JsonElement>("optimizers")
                .Where(@case => @case.GetProperty("kind").GetString() == "steps" && @case.GetProperty("name").GetString() == name)];
        cases.ShouldNotBeEmpty();
        foreach (JsonElement @case in cases)
        {
            DType dtype = @case.GetProperty("dtype").GetString() == "float32" ? DType.Float32 : DType.Float64;
            Tensor parameter = Tensor.From([1.0, -2.0]).To(dtype).RequiresGradInPlace();
            Optimizer optimizer = Optimizers[name](parameter, new Settings(@case.GetProperty("options")));
            for (int step = 0; step < Gradients.Length; step++)
            {
                parameter.Grad = Tensor.From(Gradients[step]).To(dtype);
                optimizer.Step();
                double[] expected = [.. @case.GetProperty("after")[step].EnumerateArray().Select(x => x.GetDouble())];
                parameter.Detach().ToArray<double>()
                    .ShouldBe(expected, dtype == DType.Float32 ? 1e-6 : 1e-12, $"step {step + 1} of {@case.GetRawText()[..160]}");
            }
        }
    }
}
