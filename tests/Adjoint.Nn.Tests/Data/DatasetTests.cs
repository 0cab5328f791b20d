using Adjoint.Data;

namespace Adjoint.Tests.Nn.Data;

public class DatasetTests
{
    private static readonly Tensor X = Tensor.From([1f, 2, 3, 4, 5, 6], [3, 2], requiresGrad: true);
    private static readonly Tensor Y = Tensor.From([7L, 8, 9]);

    [Fact]
    public void Tensors_are_cut_along_their_first_dimension()
    {
        var dataset = new TensorDataset(X, Y);
        dataset.Count.ShouldBe(3);
        Tensor[] example = dataset[1];
        example[0].ToArray<float>().ShouldBe([3, 4]);
        (example[1].NDim, example[1].Item<long>()).ShouldBe((0, 8));

        (Tensor x, Tensor y) = dataset.GetBatch([2, 0]);
        (x.Shape, x.DType, x.RequiresGrad).ShouldBe((Shape.Of(2, 2), DType.Float32, false));
        x.ToArray<float>().ShouldBe([5, 6, 1, 2]);
        y.ToArray<long>().ShouldBe([9, 7]);
    }

    [Fact]
    public void Every_dtype_can_be_batched()
    {
        foreach (DType dtype in Enum.GetValues<DType>())
        {
            Tensor numbers = Tensor.From([0d, 1, 1, 0]).To(dtype);
            new TensorDataset(numbers).GetBatch([3, 2, 1])[0].ToArray<double>().ShouldBe([0, 1, 1]);
        }
    }

    [Fact]
    public void Tensors_that_are_not_in_step_are_refused()
    {
        Should.Throw<ShapeException>(() => new TensorDataset(X, Tensor.Arange(2))).Message.ShouldContain(
            "tensor 0 has 3 examples (shape [3, 2]), but tensor 1 has 2");
        Should.Throw<ShapeException>(() => new TensorDataset(Tensor.Scalar(1))).Message.ShouldContain("no dimensions");
        Should.Throw<ArgumentException>(() => new TensorDataset());
        Should.Throw<ArgumentOutOfRangeException>(() => new TensorDataset(X).GetBatch([3])).Message.ShouldContain("no example 3");
        Should.Throw<ArgumentOutOfRangeException>(() => new TensorDataset(X).GetBatch([-1]));
    }

    [Fact]
    public void Subsets_and_sums_of_datasets()
    {
        var dataset = new TensorDataset(X, Y);
        var subset = new Subset(dataset, [2, 1]);
        subset.GetBatch([1, 0])[1].ToArray<long>().ShouldBe([8, 9]);
        Should.Throw<ArgumentOutOfRangeException>(() => new Subset(dataset, [3]));

        ConcatDataset both = subset + dataset;
        both.Count.ShouldBe(5);
        both.All()[1].ToArray<long>().ShouldBe([9, 8, 7, 8, 9]);
        both[-1][1].Item<long>().ShouldBe(9);
        Should.Throw<ArgumentOutOfRangeException>(() => both[5]);
        Should.Throw<ArgumentOutOfRangeException>(() => both[-6]);
    }

    [Fact]
    public void Examples_that_cannot_be_stacked_are_refused()
    {
        Should.Throw<ShapeException>(() => new Rows(Tensor.Zeros(2), Tensor.Zeros(3)).All()).Message
            .ShouldContain("tensor 0 of example 0 is Float32 [2] and that of example 1 is Float32 [3]");
        Should.Throw<ShapeException>(() => new Rows(Tensor.Zeros([2]), Tensor.Zeros([2], DType.Float64)).All());
        Should.Throw<ArgumentException>(() => new Rows().All());
        new Rows(Tensor.Ones(2, 3).T, Tensor.Zeros(3, 2)).All()[0].Shape.ShouldBe(Shape.Of(2, 3, 2));
    }

    [Fact]
    public void A_batch_comes_apart_into_as_many_tensors_as_it_has()
    {
        var three = new Batch([X, Y, Y]);
        (Tensor a, _, _) = three;
        a.ShouldBeSameAs(X);
        Should.Throw<InvalidOperationException>(() => { (Tensor _, Tensor _) = three; }).Message.ShouldContain(
            "3 tensors was taken apart into 2");
    }

    [Fact]
    public void Real_digits_as_tensors()
    {
        ImageDataset digits = Mnist.Load(train: false);
        (Tensor x, Tensor y) = digits.GetBatch([0, 9_999]);
        (x.Shape, x.DType, y.DType).ShouldBe((Shape.Of(2, 1, 28, 28), DType.Float32, DType.Int64));
        y.ToArray<long>().ShouldBe([7, 6]);
        float[] pixels = x.ToArray<float>();
        pixels.Max().ShouldBe(1f);
        pixels.Min().ShouldBe(0f);
        pixels[..784].ShouldBe([.. digits.Images.Image(0).ToArray().Select(value => value / 255f)]);
        Tensor[] example = digits[9_999];
        example[0].Shape.ShouldBe(Shape.Of(1, 28, 28));
        example[0].ToArray<float>().ShouldBe(pixels[784..]);
        example[1].Item<long>().ShouldBe(6);

        Tensor normalized = Mnist.Load(train: false, normalize: true).GetBatch([0])[0];
        normalized.ToArray<float>()[0].ShouldBe(-0.1307f / 0.3081f);
        Should.Throw<ArgumentOutOfRangeException>(() => digits.GetBatch([10_000])).Message.ShouldContain("no image 10000");
    }

    private sealed class Rows(params Tensor[] rows) : Dataset
    {
        public override int Count => rows.Length;

        public override Tensor[] this[int index] => [rows[index]];
    }
}
