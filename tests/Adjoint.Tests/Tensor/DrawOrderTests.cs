using System.Text.Json;
using Adjoint.Tests.Parity;

namespace Adjoint.Tests.Tensors;

/// <summary>
/// Random numbers of tensors of any layout are PyTorch's to the bit, each in PyTorch's place, and the stream is where PyTorch's is.
/// </summary>
public class DrawOrderTests
{
    internal sealed record Case(string Draw, string Dtype, int[] Base, JsonElement[][] Steps, int[] Shape, JsonElement[] Data, double Next);

    private static readonly Dictionary<string, Func<Tensor, Generator, Tensor>> Draws = new()
    {
        ["uniform_"] = (x, g) => x.UniformInPlace(-1, 2, g),
        ["normal_"] = (x, g) => x.NormalInPlace(1, 0.5, g),
        ["bernoulli_"] = (x, g) => x.BernoulliInPlace(0.3, g),
        ["exponential_"] = (x, g) => x.ExponentialInPlace(1.5, g),
        ["random_"] = (x, g) => x.RandomInPlace(-3, 40, g),
        ["rand_like"] = (x, g) => x.RandLike(generator: g),
        ["randn_like"] = (x, g) => x.RandnLike(generator: g),
        ["randint_like"] = (x, g) => x.RandIntLike(-3, 40, generator: g),
        ["dropout"] = (x, g) => x.FillInPlace(1).Dropout(0.4, training: true, g),
        ["bernoulli"] = (x, g) => x.FillInPlace(0.4).Bernoulli(g),
    };

    public static TheoryData<string> Names => [.. Draws.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Numbers_are_drawn_in_the_order_of_memory(string draw)
    {
        Case[] cases = [.. Fixtures.Read<Case>("draw_order").Where(@case => @case.Draw == draw)];
        cases.Length.ShouldBeGreaterThan(10);
        foreach (Case @case in cases)
        {
            var generator = new Generator(5);
            Tensor y = Draws[draw](LaidOut(@case), generator);
            string what = $"{draw} of {@case.Dtype} [{string.Join(", ", @case.Base)}] {string.Join(" ", @case.Steps.Select(step => JsonSerializer.Serialize(step)))}";
            y.Shape.Sizes.ToArray().ShouldBe(@case.Shape, what);
            y.ToArray<double>().ShouldBe(@case.Data.Select(x => x.GetDouble()), what);
            Tensor.Rand([1], DType.Float64, generator: generator).Item().ShouldBe(@case.Next, what);
        }
    }

    [Fact]
    public void What_is_recorded_is_drawn_in_the_same_order()
    {
        Tensor leaf = Tensor.Zeros([5, 7], requiresGrad: true);
        Tensor plain = Tensor.Zeros([5, 7]).T.UniformInPlace(generator: new Generator(3)),
            recorded = (leaf * 1).T.UniformInPlace(generator: new Generator(3));
        recorded.ToArray<float>().ShouldBe(plain.ToArray<float>());
        recorded.Sum().Backward();
        leaf.Grad!.ToArray<float>().ShouldAllBe(g => g == 0);
    }

    private static Tensor LaidOut(Case @case)
    {
        Tensor x = Tensor.Zeros(Shape.Of(@case.Base), Enum.GetValues<DType>().Single(dtype => dtype.TorchName == @case.Dtype));
        foreach (JsonElement[] step in @case.Steps)
        {
            int[] n = [.. step.Skip(1).Select(i => i.GetInt32())];
            x = step[0].GetString() switch
            {
                "transpose" => x.Transpose(n[0], n[1]),
                "permute" => x.Permute(n),
                "expand" => x.Expand(n),
                _ => x.Slice(n[0], n[1], n[2], n[3]),
            };
        }
        return x;
    }
}
