using System.Text.Json;
using System.Text.Json.Serialization;
using Adjoint.Tests.Ops;
using Losses = Adjoint.Nn;

namespace Adjoint.Tests.Parity;

/// <summary>One statement: what it does, to which registers, with which whole numbers.</summary>
[JsonConverter(typeof(StatementReader))]
internal sealed record Statement(string Name, int[] Registers, int[] Numbers);

/// <summary>A random program, and what PyTorch makes of it.</summary>
internal sealed partial record Program(
    int Seed, int[][] Shapes, double[] Data, Statement[] Code, [property: JsonPropertyName("loss")] double Loss_, double[] Grads,
    double[]? Hvp)
{
    /// <summary>Its arguments.</summary>
    internal Tensor[] Inputs()
    {
        int at = 0;
        var inputs = new Tensor[Shapes.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            Shape shape = Shape.Of(Shapes[i]);
            inputs[i] = Tensor.From(Data.AsSpan(at, shape.NumEl), shape);
            at += shape.NumEl;
        }
        return inputs;
    }

    /// <summary>Runs it: the elements of all registers, each times the cosine of its number.</summary>
    internal Tensor Loss(IReadOnlyList<Tensor> inputs)
    {
        List<Tensor> r = [.. inputs];
        foreach (Statement line in Code)
            r.Add(Run(line.Name, [.. line.Registers.Select(i => r[i])], line.Numbers));
        Tensor total = Tensor.Scalar(0.0, DType.Float64);
        foreach (Tensor x in r) total += (x * (Tensor.Arange(x.NumEl).To(DType.Float64) + 1.0).Cos().Reshape(x.Shape)).Sum();
        return total;
    }

    private static Tensor Run(string name, Tensor[] a, int[] numbers)
    {
        // Of random programs that are made here (RandomProgram): not recorded, whatever the word is.
        return name.StartsWith(Unrecorded) ? Without(() => Word(name[Unrecorded.Length..])(a, numbers)) : Word(name)(a, numbers);
    }

    /// <summary>What stands before a word that is run inside NoGrad().</summary>
    internal const string Unrecorded = "no_grad.";

    /// <summary>All words, those that change in place last.</summary>
    internal static (string[] Pure, string[] InPlace) AllWords()
    {
        string[] old = [.. Words.Keys, .. MoreWords.Keys];
        string[] change =
            ["setitem", "view_then_change", .. old.Where(name => name.EndsWith('_')), .. New(InPlaceWords), .. New(InPlace2Words)];
        return ([.. old.Except(change), .. New(UnaryWords), .. New(BinaryWords), .. New(AlongWords), .. New(MatrixWords)], change);

        static IEnumerable<string> New(Dictionary<string, Func<Tensor, Tensor, int, Tensor>> words) =>
            words.Keys.Select(name => "new." + name);
    }

    private static Func<Tensor[], int[], Tensor> Word(string name)
    {
        if (!name.StartsWith("new.")) return Words.GetValueOrDefault(name) ?? MoreWords[name];
        var word = (UnaryWords.GetValueOrDefault(name[4..]) ?? BinaryWords.GetValueOrDefault(name[4..])
            ?? AlongWords.GetValueOrDefault(name[4..]) ?? MatrixWords.GetValueOrDefault(name[4..])
            ?? InPlaceWords.GetValueOrDefault(name[4..]) ?? InPlace2Words.GetValueOrDefault(name[4..])).ShouldNotBeNull(name);
        return (a, n) => word(a[0], a[^1], n.Length > 0 ? n[0] : 0);
    }

    private static Tensor Guarded(Tensor y) => y * y + 1;

    private static Tensor Changed(Tensor x, Action change)
    {
        change();
        return x;
    }

    private static Tensor Without(Func<Tensor> f)
    {
        using (Autograd.NoGrad()) return f();
    }

    private static readonly Dictionary<string, Func<Tensor[], int[], Tensor>> Words = new()
    {
        ["sin"] = (a, _) => a[0].Sin(),
        ["cos"] = (a, _) => a[0].Cos(),
        ["tanh"] = (a, _) => a[0].Tanh(),
        ["sigmoid"] = (a, _) => a[0].Sigmoid(),
        ["softplus"] = (a, _) => a[0].Word("softplus"),
        ["square"] = (a, _) => a[0].Square(),
        ["abs"] = (a, _) => a[0].Abs(),
        ["neg"] = (a, _) => -a[0],
        ["gelu"] = (a, _) => a[0].Word("gelu"),
        ["silu"] = (a, _) => a[0].Word("silu"),
        ["mish"] = (a, _) => a[0].Word("mish"),
        ["elu"] = (a, _) => a[0].Word("elu"),
        ["celu"] = (a, _) => a[0].Word("celu"),
        ["selu"] = (a, _) => a[0].Word("selu"),
        ["relu"] = (a, _) => a[0].Relu(),
        ["leaky_relu"] = (a, _) => a[0].Word("leaky_relu"),
        ["atan"] = (a, _) => a[0].Word("atan"),
        ["asinh"] = (a, _) => a[0].Word("asinh"),
        ["erf"] = (a, _) => a[0].Erf(),
        ["sinc"] = (a, _) => a[0].Word("sinc"),
        ["hardtanh"] = (a, _) => a[0].Word("hardtanh"),
        ["softsign"] = (a, _) => a[0].Word("softsign"),
        ["logsigmoid"] = (a, _) => a[0].Word("logsigmoid"),
        ["relu6"] = (a, _) => a[0].Word("relu6"),
        ["hardswish"] = (a, _) => a[0].Word("hardswish"),
        ["tanhshrink"] = (a, _) => a[0].Word("tanhshrink"),
        ["exp"] = (a, _) => a[0].Tanh().Exp(),
        ["log"] = (a, _) => (a[0] * a[0] + 0.5).Log(),
        ["sqrt"] = (a, _) => (a[0] * a[0] + 0.25).Sqrt(),
        ["reciprocal"] = (a, _) => 1 / Guarded(a[0]),
        ["rsqrt"] = (a, _) => Guarded(a[0]).Rsqrt(),
        ["pow3"] = (a, _) => a[0].Pow(3),
        ["pow2.5"] = (a, _) => (a[0] * a[0] + 0.5).Pow(2.5),
        ["base"] = (a, _) => Tensor.Scalar(1.5, DType.Float64).Pow(a[0].Tanh()),
        ["clamp"] = (a, _) => a[0].Clamp(-1, 1.25),
        ["clamp_min"] = (a, _) => a[0].Word("clamp_min", -0.3),
        ["round"] = (a, _) => a[0].Round(),
        ["expm1"] = (a, _) => a[0].Tanh().Expm1(),
        ["log1p"] = (a, _) => (a[0] * a[0]).Log1p(),
        ["sinh"] = (a, _) => a[0].Tanh().Sinh(),
        ["cosh"] = (a, _) => a[0].Tanh().Cosh(),
        ["frac"] = (a, _) => a[0].Word("frac"),
        ["sign"] = (a, _) => a[0].Sign(),
        ["erfc"] = (a, _) => a[0].Word("erfc"),
        ["logit"] = (a, _) => a[0].Sigmoid().Word("logit"),
        ["tan"] = (a, _) => a[0].Tanh().Tan(),
        ["mul2"] = (a, _) => a[0] * 2,
        ["rsub"] = (a, _) => 1 - a[0],
        ["div3"] = (a, _) => a[0] / 3,
        ["rdiv"] = (a, _) => 2 / Guarded(a[0]),
        ["nan_to_num"] = (a, _) => a[0].Word("nan_to_num"),
        ["softshrink"] = (a, _) => a[0].Word("softshrink"),
        ["hardshrink"] = (a, _) => a[0].Word("hardshrink"),
        ["threshold"] = (a, _) => a[0].Word("threshold", 0.2, -0.1),

        ["add"] = (a, _) => a[0] + a[1],
        ["sub"] = (a, _) => a[0] - a[1],
        ["mul"] = (a, _) => a[0] * a[1],
        ["div"] = (a, _) => a[0] / Guarded(a[1]),
        ["maximum"] = (a, _) => a[0].Maximum(a[1]),
        ["minimum"] = (a, _) => a[0].Minimum(a[1]),
        ["atan2"] = (a, _) => a[0].Word("atan2", Guarded(a[1])),
        ["hypot"] = (a, _) => a[0].Word("hypot", Guarded(a[1])),
        ["logaddexp"] = (a, _) => a[0].Word("logaddexp", a[1]),
        ["pow"] = (a, _) => (a[0] * a[0] + 0.5).Pow(a[1].Tanh()),
        ["lerp"] = (a, _) => a[0].Lerp(a[1], 0.3),
        ["xlogy"] = (a, _) => a[0].Word("xlogy", a[1] * a[1] + 0.5),
        ["add_alpha"] = (a, _) => a[0].Add(a[1], 0.7),
        ["where"] = (a, _) => Tensor.Where(a[0] > a[1], a[0], a[1] * 2),
        ["fmax"] = (a, _) => a[0].Word("fmax", a[1]),
        ["fmin"] = (a, _) => a[0].Word("fmin", a[1]),
        ["fmod"] = (a, _) => a[0].Fmod(Guarded(a[1])),
        ["remainder"] = (a, _) => a[0].Remainder(Guarded(a[1])),

        ["sum"] = (a, n) => a[0].Sum([n[0]]),
        ["mean"] = (a, n) => a[0].Mean([n[0]], keepDim: true),
        ["amax"] = (a, n) => a[0].Amax([n[0]]),
        ["amin"] = (a, n) => a[0].Amin([n[0]], keepDim: true),
        ["prod"] = (a, n) => a[0].Prod(n[0]),
        ["cumsum"] = (a, n) => a[0].CumSum(n[0]),
        ["cumprod"] = (a, n) => a[0].CumProd(n[0]),
        ["softmax"] = (a, n) => a[0].Softmax(n[0]),
        ["log_softmax"] = (a, n) => a[0].LogSoftmax(n[0]),
        ["logsumexp"] = (a, n) => a[0].LogSumExp(n[0]),
        ["sort"] = (a, n) => a[0].Sort(n[0]).Values,
        ["flip"] = (a, n) => a[0].Flip(n[0]),
        ["roll"] = (a, n) => a[0].Roll(1, n[0]),
        ["max"] = (a, n) => a[0].Max(n[0]).Values,
        ["min"] = (a, n) => a[0].Min(n[0]).Values,
        ["cummax"] = (a, n) => a[0].CumMax(n[0]).Values,
        ["unsqueeze"] = (a, n) => a[0].Unsqueeze(n[0]),
        ["norm"] = (a, n) => a[0].Norm(2, [n[0]]),
        ["norm3"] = (a, n) => a[0].Norm(3, [n[0]]),
        ["norm1"] = (a, n) => a[0].Norm(1, [n[0]]),
        ["topk"] = (a, n) => a[0].TopK(1, n[0]).Values,
        ["kthvalue"] = (a, n) => a[0].KthValue(1, n[0]).Values,
        ["median"] = (a, n) => a[0].Median(n[0]).Values,
        ["var"] = (a, n) => a[0].Var([n[0]]),
        ["std"] = (a, n) => a[0].Std([n[0]]),
        ["diff"] = (a, n) => a[0].Diff(dim: n[0]),

        ["sum_all"] = (a, _) => a[0].Sum(),
        ["mean_all"] = (a, _) => a[0].Mean(),
        ["flatten"] = (a, _) => a[0].Flatten(),
        ["clone"] = (a, _) => a[0].Clone(),
        ["detach"] = (a, _) => a[0].Detach(),
        ["norm_all"] = (a, _) => a[0].Norm(),
        ["max_all"] = (a, _) => a[0].Max(),
        ["view"] = (a, _) => a[0].Reshape(-1, 1),
        ["contiguous"] = (a, _) => a[0].Contiguous(),
        ["prod_all"] = (a, _) => a[0].Prod(),
        ["logsumexp_all"] = (a, _) => a[0].Flatten().LogSumExp(0),
        ["checkpoint"] = (a, _) => Autograd.Checkpoint(x => x.Sin() * x, a[0]),
        ["t"] = (a, _) => a[0].T,
        ["tril"] = (a, _) => a[0].Tril(),
        ["triu"] = (a, _) => a[0].Triu(1),
        ["diagonal"] = (a, _) => a[0].Diagonal(),

        ["select"] = (a, n) => a[0].Select(n[0], n[1]),
        ["narrow"] = (a, n) => a[0].Narrow(n[0], n[1], 1),
        ["slice"] = (a, n) => a[0].Slice(n[0], n[1]),
        ["index_select"] = (a, n) => a[0].IndexSelect(n[0], Tensor.From([(long)n[1], 0L, (long)n[1]])),
        ["step"] = (a, n) => a[0].Slice(n[0], step: 2),
        ["unbind"] = (a, n) => a[0].Unbind(n[0])[n[1]],
        ["repeat"] = (a, n) => Tensor.Cat([.. Enumerable.Repeat(a[0], n[1] + 1)], n[0]),
        ["masked_fill"] = (a, n) => a[0].MaskedFill(a[0] > 0.4, 0.1 * n[1]),
        ["gather"] = (a, n) => a[0].Gather(n[0], Tensor.Full(a[0].Shape, n[1], DType.Int64)),

        ["no_grad"] = (a, _) => Without(() => a[0].Cos()),
        ["no_grad_square"] = (a, _) => Without(() => a[0].Square()),
        ["enable"] = (a, _) => Without(() => { using (Autograd.EnableGrad()) return a[0].Sin(); }),

        ["sin_"] = (a, _) => a[0].SinInPlace(),
        ["tanh_"] = (a, _) => a[0].TanhInPlace(),
        ["sigmoid_"] = (a, _) => a[0].SigmoidInPlace(),
        ["abs_"] = (a, _) => a[0].AbsInPlace(),
        ["square_"] = (a, _) => a[0].SquareInPlace(),
        ["neg_"] = (a, _) => a[0].NegInPlace(),
        ["relu_"] = (a, _) => a[0].ReluInPlace(),
        ["exp_"] = (a, _) => a[0].TanhInPlace().ExpInPlace(),
        ["zero_"] = (a, _) => a[0].ZeroInPlace(),
        ["mul2_"] = (a, _) => a[0].MulInPlace(2.0),
        ["clamp_"] = (a, _) => a[0].ClampInPlace(-1, 1),
        ["add_"] = (a, _) => a[0].AddInPlace(a[1]),
        ["sub_"] = (a, _) => a[0].SubInPlace(a[1]),
        ["mul_"] = (a, _) => a[0].MulInPlace(a[1]),
        ["copy_"] = (a, _) => a[0].CopyInPlace(a[1]),
        ["div_"] = (a, _) => a[0].DivInPlace(Guarded(a[1])),
        ["lerp_"] = (a, _) => a[0].MulInPlace(0.5).AddInPlace(a[1], 0.5),
        ["add_alpha_"] = (a, _) => a[0].AddInPlace(a[1], 0.3),
        ["setitem"] = (a, n) => Changed(a[0], () => a[0][n[0]] = a[1]),
        ["view_then_change"] = (a, n) => Changed(a[0], () => a[0].Select(0, n[0]).MulInPlace(a[1])),

        ["matmul"] = (a, _) => a[0].MatMul(a[1]),
        ["outer"] = (a, _) => a[0].Flatten()[..4].Outer(a[1].Flatten()[..3]),
        ["cat"] = (a, _) => Tensor.Cat([a[0].Flatten(), a[1].Flatten()], 0),
        ["stack"] = (a, n) => Tensor.Stack([a[0], a[1]], n[0]),
        ["permute"] = (a, n) => a[0].Permute(n),
        ["expand"] = (a, _) => a[0].Unsqueeze(0).Expand([2, .. a[0].Shape.Sizes]),
        ["reshape"] = (a, n) => a[0].Reshape(n),
        ["mse"] = (a, _) => Losses.F.MseLoss(a[0], a[1]),
        ["smooth_l1"] = (a, _) => Losses.F.SmoothL1Loss(a[0], a[1]),
        ["einsum"] = (a, _) => Tensor.Einsum("ij,kj->ik", a[0], a[1]),
    };
}

/// <summary>Reads a statement from <c>["add", [0, 1], []]</c>.</summary>
internal sealed class StatementReader : JsonConverter<Statement>
{
    public override Statement Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        JsonElement line = JsonElement.ParseValue(ref reader);
        return new(line[0].GetString()!, line[1].Deserialize<int[]>()!, line[2].Deserialize<int[]>()!);
    }

    public override void Write(Utf8JsonWriter writer, Statement value, JsonSerializerOptions options) => throw new NotSupportedException();
}
