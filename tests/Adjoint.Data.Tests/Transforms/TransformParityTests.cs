using System.Text.Json;
using Adjoint.Tests.Parity;
using Adjoint.Vision;

namespace Adjoint.Tests.Data;

/// <summary>Transforms against torchvision's steps, which tests/Parity/data_fixtures.py writes out with torch: values and draws.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class TransformParityTests
{
    private static readonly JsonElement[] s_all = [.. Fixtures.Read<JsonElement>("transforms")];

    private static readonly Dictionary<string, Tensor> s_images =
        s_all.Where(c => c.TryGetProperty("value", out _)).ToDictionary(c => c.GetProperty("name").GetString()!, c => Read(c.GetProperty("value")));

    public static TheoryData<string, string> Cases =>
        [.. s_all.Where(c => c.TryGetProperty("image", out _)).Select(c => (c.GetProperty("name").GetString()!, c.GetProperty("image").GetString()!))];

    [Theory, MemberData(nameof(Cases))]
    public void Does_to_a_tensor_what_torchvision_does(string name, string image)
    {
        JsonElement c = s_all.Single(row => row.TryGetProperty("image", out JsonElement i) && i.GetString() == image
            && row.GetProperty("name").GetString() == name);
        ImageTransform transform = Make(name, s_images[image].DType);
        using GeneratorFork fork = Rng.Fork();
        Rng.ManualSeed(c.GetProperty("seed").GetInt64());
        Tensor before = s_images[image].Clone();
        foreach (JsonElement expected in c.GetProperty("results").EnumerateArray())
        {
            Tensor result = transform.Call(s_images[image]);
            ShouldBeClose(result, Read(expected));
        }
        Tensor.Rand(1).Item().ShouldBe(c.GetProperty("then").GetDouble());
        before.Eq(s_images[image]).All().Item().ShouldBe(1);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Does_to_each_of_a_batch_what_it_does_to_one(string name, string image)
    {
        ImageTransform transform = Make(name, s_images[image].DType);
        Tensor one = s_images[image], two = Tensor.Stack([one, one.Flip(-1)]);
        using GeneratorFork fork = Rng.Fork();
        Rng.ManualSeed(3);
        Tensor expected = transform.Call(one);
        Rng.ManualSeed(3);
        Tensor batch = transform.Call(two);
        batch.NDim.ShouldBe(4);
        // Contrast is about the mean of each image for itself.
        ShouldBeClose(batch.Select(0, 0), expected);
    }

    private static ImageTransform Make(string name, DType dtype) => name switch
    {
        "resize 5" => new Resize(5),
        "resize 17" => new Resize(17),
        "resize 4 7 plain" => new Resize(4, 7, antialias: false),
        "resize 6 5 bicubic" => new Resize(6, 5, InterpolateMode.Bicubic),
        "resize 6 5 nearest" => new Resize(6, 5, InterpolateMode.Nearest),
        "center 5 8" => new CenterCrop(5, 8),
        "center 13 7" => new CenterCrop(13, 7),
        "crop 6" => new RandomCrop(6),
        "crop 8 padding 2" => new RandomCrop(8, padding: 2),
        "crop 14 if needed" => new RandomCrop(14, padIfNeeded: true),
        "crop 8 reflect 3" => new RandomCrop(8, padding: 3, padMode: PadMode.Reflect),
        "hflip" => new RandomHorizontalFlip(),
        "vflip" => new RandomVerticalFlip(),
        "rotation 30" => new RandomRotation(30),
        "rotation 10 80 bilinear" => new RandomRotation(10, 80, GridSampleMode.Bilinear),
        "rotation 45 fill" => new RandomRotation(45, fill: dtype == DType.UInt8 ? 7 : 0.5),
        "erasing" => new RandomErasing(0.9),
        "erasing value" => new RandomErasing(1, value: 1),
        "erasing noise" => new RandomErasing(1, noise: true),
        "resized crop 6" => new RandomResizedCrop(6),
        "resized crop narrow" => new RandomResizedCrop(6, (0.9, 1), (3, 4)),
        "jitter all" => new ColorJitter(0.5, 0.4, 0.3, 0.2),
        "jitter hue" => new ColorJitter(hue: 0.5),
        "jitter light" => new ColorJitter(brightness: 0.8, saturation: 0.5),
        "grey" => new Grayscale(),
        _ => throw new ArgumentException(name),
    };

    /// <summary>Bytes may round to a neighbour, where a number lies between two.</summary>
    private static void ShouldBeClose(Tensor actual, Tensor expected)
    {
        actual.Shape.ShouldBe(expected.Shape);
        actual.DType.ShouldBe(expected.DType);
        double most = (actual.To(DType.Float64) - expected.To(DType.Float64)).Abs().Max().Item();
        most.ShouldBeLessThanOrEqualTo(actual.DType == DType.UInt8 ? 1 : 2e-6);
        if (actual.DType == DType.UInt8)
            actual.Ne(expected).To(DType.Float64).Mean().Item().ShouldBeLessThan(0.03);
    }

    private static Tensor Read(JsonElement value)
    {
        int[] shape = [.. value.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32())];
        Tensor data = Tensor.From([.. value.GetProperty("data").EnumerateArray().Select(x => x.GetDouble())]);
        return data.To(value.GetProperty("dtype").GetString() == "uint8" ? DType.UInt8 : DType.Float32).Reshape(shape);
    }
}
