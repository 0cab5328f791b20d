using System.Text.Json;
using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.Parity;

namespace Adjoint.Tests.Nn;

public class PruneTests
{
    private static readonly JsonElement[] s_cases = [.. Fixtures.Read<JsonElement>("prune")];

    public static TheoryData<int> Layers => [.. Enumerable.Range(0, s_cases.Length - 1)];

    private static Tensor Of(JsonElement value) =>
        Tensor.From([.. value.GetProperty("data").EnumerateArray().Select(x => x.GetDouble())])
            .Reshape([.. value.GetProperty("shape").EnumerateArray().Select(x => x.GetInt32())]);

    [Theory]
    [MemberData(nameof(Layers))]
    public void Masks_names_and_gradients_are_PyTorchs(int number)
    {
        JsonElement @case = s_cases[number];
        // PyTorch draws the mask after the parameters.
        var generator = new Generator(7);
        bool isConvolution = @case.GetProperty("convolution").GetBoolean();
        Module layer = isConvolution ? new Conv1d(3, 4, 2, generator: generator).Double() : new Adjoint.Nn.Linear(5, 4, generator: generator).Double();
        Tensor weight = layer.GetParameter("weight");
        weight.Detach().ToArray<double>().ShouldBe(Of(@case.GetProperty("begin")).ToArray<double>());
        foreach (JsonElement step in @case.GetProperty("recipe").EnumerateArray()) Take(layer, step[0].GetString()!, step[1], generator);

        layer.StateDict().Keys.ShouldBe([.. @case.GetProperty("keys").EnumerateArray().Select(k => k.GetString())]);
        layer.GetBuffer("weight_mask").ToArray<double>().ShouldBe(Of(@case.GetProperty("mask")).ToArray<double>());
        layer.GetParameter("weight_orig").ShouldBeSameAs(weight);
        Prune.IsPruned(new Sequential(layer)).ShouldBeTrue();
        layer.Call(Of(@case.GetProperty("input"))).Pow(2).Sum().Backward();
        weight.Grad!.ToArray<double>().ShouldBe(Of(@case.GetProperty("gradient")).ToArray<double>(), 1e-12);
        Tensor now = isConvolution ? ((Conv1d)layer).Weight : ((Adjoint.Nn.Linear)layer).Weight;
        now.Detach().ToArray<double>().ShouldBe(Of(@case.GetProperty("weight")).ToArray<double>());

        Prune.Remove(layer, "weight");
        layer.StateDict().Keys.ShouldBe(["weight", "bias"]);
        layer.GetParameter("weight").ShouldBeSameAs(weight);
        weight.Detach().ToArray<double>().ShouldBe(Of(@case.GetProperty("weight")).ToArray<double>());
        Prune.IsPruned(layer).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => Prune.Remove(layer, "weight"));
    }

    private static void Take(Module layer, string name, JsonElement options, Generator generator)
    {
        JsonElement amount = options.TryGetProperty("amount", out JsonElement given) ? given : default;
        bool isCount = amount.ValueKind == JsonValueKind.Number && !amount.GetRawText().Contains('.');
        int dim = options.TryGetProperty("dim", out JsonElement d) ? d.GetInt32() : 0;
        double n = !options.TryGetProperty("n", out JsonElement power) ? 0
            : power.ValueKind == JsonValueKind.String ? double.PositiveInfinity : power.GetDouble();
        switch (name, isCount)
        {
            case ("identity", _): Prune.Identity(layer, "weight"); break;
            case ("l1_unstructured", true): Prune.L1Unstructured(layer, "weight", amount.GetInt32()); break;
            case ("l1_unstructured", false): Prune.L1Unstructured(layer, "weight", amount.GetDouble()); break;
            case ("random_unstructured", true): Prune.RandomUnstructured(layer, "weight", amount.GetInt32(), generator); break;
            case ("random_unstructured", false): Prune.RandomUnstructured(layer, "weight", amount.GetDouble(), generator); break;
            case ("ln_structured", true): Prune.LnStructured(layer, "weight", amount.GetInt32(), n, dim); break;
            case ("ln_structured", false): Prune.LnStructured(layer, "weight", amount.GetDouble(), n, dim); break;
            case ("random_structured", true): Prune.RandomStructured(layer, "weight", amount.GetInt32(), dim, generator); break;
            case ("random_structured", false): Prune.RandomStructured(layer, "weight", amount.GetDouble(), dim, generator); break;
            default: throw new InvalidDataException(name);
        }
    }

    [Fact]
    public void Several_parameters_are_pruned_as_one_vector()
    {
        JsonElement @case = s_cases[^1];
        var net = new Sequential(new Adjoint.Nn.Linear(4, 3), new Tanh(), new Adjoint.Nn.Linear(3, 2)).Double();
        using (Autograd.NoGrad())
        {
            net.GetParameter("0.weight").CopyInPlace(Of(@case.GetProperty("begin")[0]));
            net.GetParameter("2.weight").CopyInPlace(Of(@case.GetProperty("begin")[1]));
        }
        Prune.L1Unstructured(net[0], "weight", 3);
        Prune.GlobalUnstructured([(net[0], "weight"), (net[2], "weight")], 0.5);
        net.GetBuffer("0.weight_mask").ToArray<double>().ShouldBe(Of(@case.GetProperty("masks")[0]).ToArray<double>());
        net.GetBuffer("2.weight_mask").ToArray<double>().ShouldBe(Of(@case.GetProperty("masks")[1]).ToArray<double>());
        net.Summary([2, 4], dtype: DType.Float64).Parameters.ShouldBe(3 + 2
            + (long)net.GetBuffer("0.weight_mask").Sum().Item() + (long)net.GetBuffer("2.weight_mask").Sum().Item());
    }

    [Fact]
    public void A_pruned_network_trains_copies_and_is_saved()
    {
        var net = new Sequential(new Adjoint.Nn.Linear(4, 3, generator: new Generator(1)), new ReLU(), new Adjoint.Nn.Linear(3, 1, generator: new Generator(2)));
        var optimizer = new SGD(net.Parameters(), lr: 0.1);
        Prune.L1Unstructured(net[0], "weight", 0.5);
        Tensor x = Tensor.Randn([5, 4], generator: new Generator(3));
        var first = (Adjoint.Nn.Linear)net[0];
        bool[] zeros = [.. first.Weight.ToArray<float>().Select(w => w == 0)];
        for (int step = 0; step < 3; step++)
        {
            using MemoryScope scope = Cpu.Memory.Scope();
            optimizer.ZeroGrad();
            net.Call(x).Pow(2).Mean().Backward();
            optimizer.Step();
        }
        net.Call(x);
        first.Weight.ToArray<float>().Select(w => w == 0).ShouldBe(zeros);

        Sequential copy = net.DeepCopy();
        copy.Call(x).ToArray<float>().ShouldBe(net.Call(x).ToArray<float>());
        using (Autograd.NoGrad()) copy.GetParameter("0.weight_orig").MulInPlace(2);
        copy.Call(x).ToArray<float>().ShouldNotBe(net.Call(x).ToArray<float>());
        Prune.Remove(copy[0], "weight");
        copy.StateDict().Keys.ShouldContain("0.weight");
        net.StateDict().Keys.ShouldContain("0.weight_orig");

        var other = new Sequential(new Adjoint.Nn.Linear(4, 3), new ReLU(), new Adjoint.Nn.Linear(3, 1));
        Prune.Identity(other[0], "weight");
        other.LoadStateDict(net.StateDict());
        other.Call(x).ToArray<float>().ShouldBe(net.Call(x).ToArray<float>());
        Tensor twice = net.FunctionalCall(new Dictionary<string, Tensor> { ["0.weight_orig"] = net.GetParameter("0.weight_orig") * 2 }, x);
        twice.ToArray<float>().ShouldNotBe(net.Call(x).ToArray<float>());
        net.Double().Call(x.To(DType.Float64)).DType.ShouldBe(DType.Float64);
    }

    [Fact]
    public void What_makes_no_sense_is_refused_and_changes_nothing()
    {
        var layer = new Adjoint.Nn.Linear(3, 2);
        Should.Throw<KeyNotFoundException>(() => Prune.L1Unstructured(layer, "wait", 0.5)).Message.ShouldContain("it has weight, bias");
        Should.Throw<ArgumentOutOfRangeException>(() => Prune.L1Unstructured(layer, "weight", 1.5)).ParamName.ShouldBe("amount");
        Should.Throw<ArgumentOutOfRangeException>(() => Prune.L1Unstructured(layer, "weight", 7)).ParamName.ShouldBe("amount");
        Should.Throw<ArgumentOutOfRangeException>(() => Prune.LnStructured(layer, "weight", 0.5, 2, 2)).ParamName.ShouldBe("dim");
        Should.Throw<ShapeException>(() => Prune.LnStructured(layer, "bias", 0.5, 2, 0));
        Should.Throw<ShapeException>(() => Prune.CustomFromMask(layer, "weight", Tensor.Ones(2, 2)));
        Should.Throw<ShapeException>(() => Prune.L1Unstructured(layer, "weight", 0.5, Tensor.Ones(2, 2)));
        layer.StateDict().Keys.ShouldBe(["weight", "bias"]);
        Prune.CustomFromMask(layer, "weight", Tensor.From([1.0, 0, 1, 0, 0, 1]).Reshape(2, 3));
        layer.GetBuffer("weight_mask").Sum().Item().ShouldBe(3);
    }
}
