namespace Adjoint.Tests.Nn.Attention;

using Adjoint.Nn;
using Adjoint.Tests.Ops;

/// <summary>Attention and transformers: derivatives, how layers go together, and what is refused.</summary>
public class AttentionTests
{
    [Fact]
    public void Derivatives_are_those_of_finite_differences()
    {
        Tensor x = Tensor.Randn([3, 2, 4], DType.Float64, generator: new Generator(1)), y = Tensor.Randn([2, 2, 4], DType.Float64, generator: new Generator(2));
        FiniteDifferences.Check(v => F.ScaledDotProductAttention(v[0], v[0], v[0], isCausal: true), x);
        FiniteDifferences.Check(v => F.ScaledDotProductAttention(v[0], v[0], v[0], v[1]), x, Tensor.Randn([2, 2], DType.Float64, generator: new Generator(3)));
        var attention = new MultiheadAttention(4, 2, dtype: DType.Float64, generator: new Generator(4));
        FiniteDifferences.CheckFirst(v => attention.Call(v[0], v[1], v[1]).Output, x, y);
    }

    [Fact]
    public void A_causal_query_sees_nothing_of_what_comes()
    {
        Tensor x = Tensor.Randn([1, 5, 4]), changed = x.Clone();
        changed[0, 4].FillInPlace(9);
        Tensor a = F.ScaledDotProductAttention(x, x, x, isCausal: true), b = F.ScaledDotProductAttention(changed, changed, changed, isCausal: true);
        a[.., ..4].ToArray<float>().ShouldBe(b[.., ..4].ToArray<float>());
        a[0, 4].ToArray<float>().ShouldNotBe(b[0, 4].ToArray<float>());
    }

    [Fact]
    public void Layers_of_an_encoder_stand_in_a_sequential()
    {
        var net = new Sequential(new Linear(3, 4), new TransformerEncoderLayer(4, 2, 8), new TransformerEncoder(new TransformerEncoderLayer(4, 2, 8), 2));
        net.Call(Tensor.Randn([5, 2, 3])).Shape.ShouldBe(Shape.Of(5, 2, 4));
        net.StateDict().Keys.ShouldContain("2.layers.1.self_attn.in_proj_weight");
    }

    [Fact]
    public void Layers_of_an_encoder_are_copies_of_their_own()
    {
        var layer = new TransformerEncoderLayer(4, 2, new PReLU(), 8);
        var encoder = new TransformerEncoder(layer, 2);
        encoder.Parameters().Count().ShouldBe(2 * layer.Parameters().Count());
        encoder.Parameters().ShouldNotContain(layer.Parameters().First());
        encoder.Call(Tensor.Randn([3, 2, 4])).Sum().Backward();
        encoder.GetParameter("layers.0.activation.weight").Grad.ShouldNotBeNull();
        encoder.GetParameter("layers.1.activation.weight").Grad.ShouldNotBeNull();
        layer.GetParameter("activation.weight").Grad.ShouldBeNull();
    }

    [Fact]
    public void A_hook_on_a_part_sees_what_the_part_gives()
    {
        var layer = new TransformerEncoderLayer(4, 2, 8);
        bool negative = false;
        layer.GetSubmodule("linear1").RegisterForwardHook((_, _, y) =>
        {
            negative = y.Lt(0).Any().Item() != 0;
            return null;
        });
        Tensor x = Tensor.Randn([3, 2, 4]);
        layer.Eval();
        Tensor hooked = layer.Call(x);
        negative.ShouldBeTrue();
        layer.DeepCopy().Call(x).ToArray<float>().ShouldBe(hooked.ToArray<float>());
    }

    [Fact]
    public void A_mask_may_be_numbers_that_learn()
    {
        Tensor bias = Tensor.Zeros([3, 3], requiresGrad: true), x = Tensor.Randn([3, 2, 4]);
        new MultiheadAttention(4, 2).Call(x, x, x, attnMask: bias).Output.Square().Sum().Backward();
        bias.Grad!.Abs().Sum().Item().ShouldBeGreaterThan(0);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        var attention = new MultiheadAttention(4, 2);
        Tensor x = Tensor.Randn([3, 2, 4]);
        Should.Throw<ArgumentException>(() => new MultiheadAttention(4, 3)).Message.ShouldStartWith("MultiheadAttention: numHeads");
        Should.Throw<ArgumentOutOfRangeException>(() => new MultiheadAttention(4, 2, 1.5)).ParamName.ShouldBe("dropout");
        Should.Throw<ArgumentOutOfRangeException>(() => new MultiheadAttention(4, 2, kdim: 0)).ParamName.ShouldBe("kdim");
        Should.Throw<ShapeException>(() => attention.Call(x, x[0], x)).Message.ShouldStartWith("MultiheadAttention: query, key and value must all");
        Should.Throw<ShapeException>(() => attention.Call(x, x[..2], x)).Message.ShouldStartWith("MultiheadAttention: query, key and value must be of");
        Should.Throw<ShapeException>(() => attention.Call(x[.., .., ..3], x, x)).Message.ShouldStartWith("MultiheadAttention: query of shape");
        Should.Throw<DTypeException>(() => attention.Call(x, x, x.To(DType.Float64))).Message.ShouldStartWith("MultiheadAttention: value is Float64");
        Should.Throw<ShapeException>(() => attention.Call(x, x, x, attnMask: Tensor.Zeros(3, 2))).Message.ShouldStartWith("MultiheadAttention: attnMask");
        Should.Throw<ShapeException>(() => attention.Call(x, x, x, attnMask: Tensor.Zeros(2, 3, 3))).Message.ShouldStartWith("MultiheadAttention: attnMask");
        Should.Throw<ShapeException>(() => attention.Call(x, x, x, Tensor.Zeros(3, 2))).Message.ShouldStartWith("MultiheadAttention: keyPaddingMask");
        Should.Throw<DTypeException>(() => attention.Call(x, x, x, Tensor.Zeros([2, 3], DType.Int64))).Message.ShouldStartWith("MultiheadAttention: keyPaddingMask must be Bool");
        Should.Throw<ArgumentNullException>(() => attention.Call(x, null!, x)).ParamName.ShouldBe("key");
        Should.Throw<ArgumentException>(() => F.ScaledDotProductAttention(x, x, x, Tensor.Zeros(2, 2), isCausal: true)).Message.ShouldStartWith("ScaledDotProductAttention: attnMask");
        Should.Throw<ShapeException>(() => F.ScaledDotProductAttention(x, x, x, Tensor.Zeros(2, 3))).Message.ShouldStartWith("ScaledDotProductAttention: attnMask");
        Should.Throw<ShapeException>(() => F.ScaledDotProductAttention(x, x[.., .., ..3], x)).Message.ShouldStartWith("ScaledDotProductAttention: query and key");
        Should.Throw<ShapeException>(() => F.ScaledDotProductAttention(x[0, 0], x, x)).Message.ShouldStartWith("ScaledDotProductAttention: query, key");
        Should.Throw<ShapeException>(() => F.ScaledDotProductAttention(x, x[..2], x[..2], enableGqa: true)).Message.ShouldStartWith("ScaledDotProductAttention: the heads of key");
        Should.Throw<DTypeException>(() => F.ScaledDotProductAttention(x, x, x, Tensor.Zeros([2, 2], DType.Float64))).Message.ShouldStartWith("ScaledDotProductAttention: attnMask must be Bool");
        Should.Throw<ArgumentOutOfRangeException>(() => F.ScaledDotProductAttention(x, x, x, dropoutP: 2)).ParamName.ShouldBe("dropoutP");
        Should.Throw<ArgumentOutOfRangeException>(() => F.ScaledDotProductAttention(x, x, x, scale: double.NaN)).ParamName.ShouldBe("scale");
        var layer = new TransformerEncoderLayer(4, 2, 8);
        Should.Throw<ShapeException>(() => layer.Call(Tensor.Randn([3, 2, 5]))).Message.ShouldStartWith("TransformerEncoderLayer: src must be");
        Should.Throw<ArgumentException>(() => new TransformerEncoderLayer(4, 3)).ParamName.ShouldBe("nhead");
        var transformer = new Transformer(4, 2, 1, 1, 8);
        Should.Throw<ShapeException>(() => transformer.Call(x, x[.., ..1])).Message.ShouldStartWith("Transformer: src and tgt");
        Should.Throw<ShapeException>(() => transformer.Call(x, x[.., .., ..3])).Message.ShouldStartWith("Transformer: tgt must be");
        Should.Throw<DTypeException>(() => Transformer.GenerateSquareSubsequentMask(3, DType.Int64)).Message.ShouldStartWith("GenerateSquareSubsequentMask: dtype");
    }
}
