using Adjoint.Nn;

namespace Adjoint.Tests.Ops;

/// <summary>What convolutions refuse, and that their bits depend on nothing but the numbers.</summary>
public class ConvolutionTests
{
    private static Tensor Images(params ReadOnlySpan<int> sizes) => Tensor.Zeros(Shape.Of(sizes));

    [Fact]
    public void What_does_not_fit_is_refused_by_name()
    {
        Tensor x = Images(2, 3, 5, 5), w = Images(4, 3, 3, 3);
        Should.Throw<ShapeException>(() => F.Conv2d(Images(2, 2, 5, 5), w)).Message.ShouldStartWith("Conv2d: the weight of shape [4");
        Should.Throw<ShapeException>(() => F.Conv2d(Images(2, 3, 2, 2), w)).Message.ShouldStartWith("Conv2d: the weight of shape");
        Should.Throw<ShapeException>(() => F.Conv2d(Images(5, 5), w)).Message.ShouldStartWith("Conv2d: needs an input of 4 dimensions");
        Should.Throw<ShapeException>(() => F.Conv2d(x, Images(4, 3, 3))).Message.ShouldStartWith("Conv2d: needs a weight of 4 dimensions");
        Should.Throw<ShapeException>(() => F.Conv2d(x, w, Images(3))).Message.ShouldStartWith("Conv2d: the bias of shape [3]");
        Should.Throw<ArgumentException>(() => F.Conv2d(x, w, stride: [1, 2, 3])).ParamName.ShouldBe("stride");
        Should.Throw<ShapeException>(() => F.Conv2d(x, Images(0, 3, 3, 3)));
        Should.Throw<ShapeException>(() => F.Conv2d(x, Images(4, 3, 0, 3)));
        Should.Throw<ShapeException>(() => F.Conv2d(x, w, groups: 3));
        Should.Throw<ArgumentOutOfRangeException>(() => F.Conv2d(x, w, groups: 0)).ParamName.ShouldBe("groups");
        Should.Throw<ArgumentOutOfRangeException>(() => F.Conv2d(x, w, stride: 0)).ParamName.ShouldBe("stride");
        Should.Throw<ArgumentOutOfRangeException>(() => F.Conv2d(x, w, padding: -1)).ParamName.ShouldBe("padding");
        Should.Throw<ArgumentOutOfRangeException>(() => F.Conv2d(x, w, dilation: 0)).ParamName.ShouldBe("dilation");
        Should.Throw<ArgumentException>(() => F.Conv2d(x, w, stride: 2, padding: "same")).ParamName.ShouldBe("padding");
        Should.Throw<ArgumentException>(() => F.Conv2d(x, w, padding: "most"));
        Should.Throw<DTypeException>(() => F.Conv2d(x, w.To(DType.Float64)));
        Should.Throw<DTypeException>(() => F.Conv2d(x.To(DType.Bool), w.To(DType.Bool)));
        Should.Throw<ArgumentOutOfRangeException>(() => F.ConvTranspose2d(Images(2, 4, 5, 5), w, outputPadding: 1)).ParamName
            .ShouldBe("outputPadding");
        Should.Throw<ShapeException>(() => F.ConvTranspose2d(Images(1, 4, 1, 1), Images(4, 3, 1, 1), padding: 1));
        Should.Throw<ArgumentNullException>(() => F.Conv2d(null!, w));
    }

    [Fact]
    public void Sizes_beyond_memory_are_refused_before_any_is_taken()
    {
        Tensor x = Images(1, 1, 5, 5), w = Images(1, 1, 3, 3);
        foreach (int size in (int[])[1 << 20, 1 << 29, 1 << 30, int.MaxValue])
        {
            Should.Throw<TensorException>(() => F.Conv2d(x, w, padding: size));
            Should.Throw<ShapeException>(() => F.Conv2d(x, w, dilation: size));
            Should.Throw<TensorException>(() => F.ConvTranspose2d(x, w, stride: size));
            Should.Throw<TensorException>(() => F.ConvTranspose2d(x, w, dilation: size));
            F.Conv2d(x, w, stride: size).Shape.ShouldBe(Shape.Of(1, 1, 1, 1));
        }
        F.Conv1d(Images(1, 1, 5), Images(1, 1, 3), padding: 1 << 29, stride: 1 << 29).Shape.ShouldBe(Shape.Of(1, 1, 3));
        F.Conv1d(Tensor.Ones([1, 1, 5]), Tensor.Ones([1, 1, 2]), padding: 1 << 20, dilation: 1 << 20).Sum().Item().ShouldBe(10);
    }
}
