using Adjoint.Data;
using Adjoint.Vision;

namespace Adjoint.Tests.Data;

[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class TransformTests
{
    [Fact]
    public void Bytes_become_numbers_from_0_to_1_and_are_normalized_channel_by_channel()
    {
        Tensor image = Tensor.From(new byte[] { 0, 255, 51, 102 }).Reshape(2, 1, 2);
        Tensor x = new Compose(new ToTensor(), new Normalize([0.5, 0.25], [0.5, 2])).Call(image);
        x.ToArray<float>().ShouldBe([-1f, 1f, (0.2f - 0.25f) / 2, (0.4f - 0.25f) / 2], 1e-7f);
        new ToTensor().Call(x).ShouldBeSameAs(x);
    }

    [Fact]
    public void What_is_no_image_is_an_error_that_names_the_transform()
    {
        Should.Throw<ShapeException>(() => new ToTensor().Call(Tensor.Ones(4, 4))).Message.ShouldStartWith("ToTensor:");
        Should.Throw<DTypeException>(() => new ToTensor().Call(Tensor.Ones([1, 4, 4], DType.Int64))).Message.ShouldContain("Int64");
        Should.Throw<DTypeException>(() => new Normalize([0], [1]).Call(Tensor.Ones([1, 4, 4], DType.UInt8))).Message.ShouldContain("ToTensor");
        Should.Throw<ShapeException>(() => new Normalize([0, 0], [1, 1]).Call(Tensor.Ones(3, 4, 4))).Message.ShouldContain("3 channels");
        Should.Throw<ShapeException>(() => new RandomCrop(5).Call(Tensor.Ones(1, 4, 4))).Message.ShouldContain("padIfNeeded");
        Should.Throw<ShapeException>(() => new Grayscale().Call(Tensor.Ones(2, 4, 4))).Message.ShouldContain("1 or 3 channels");
        Should.Throw<ShapeException>(() => new ToTensor().Call(Tensor.Ones(1, 0, 4))).Message.ShouldContain("no pixels");
    }

    /// <summary>A random transform in the background: the same for every number of workers, and the program's numbers go on as they would.</summary>
    [Fact]
    public void Random_transforms_do_not_depend_on_how_many_workers_there_are()
    {
        var images = new TensorDataset(Tensor.Rand([40, 1, 8, 8], generator: new Generator(1)), Tensor.Arange(40));
        TransformedDataset augmented =
            images.WithTransform(new Compose(new RandomCrop(8, padding: 2), new RandomHorizontalFlip(), new RandomErasing()));
        string[] runs = [.. new[] { (1, 0), (2, 0), (5, 0), (3, 1), (0, 4) }.Select(setting =>
        {
            using GeneratorFork fork = Rng.Fork();
            Rng.ManualSeed(11);
            var loader = new DataLoader(augmented, 4, shuffle: true, workers: setting.Item1, prefetch: setting.Item2);
            string text = "";
            for (int epoch = 0; epoch < 2; epoch++)
                foreach ((Tensor x, Tensor y) in loader) text += string.Join(" ", x.ToArray<float>()) + string.Join(" ", y.ToArray<long>());
            return text + Rng.Default.NextDouble();
        })];
        runs.Distinct().Count().ShouldBe(1);
    }
}
