using Adjoint.Formats;

namespace Adjoint.Data;

/// <summary>CIFAR-10: 32 × 32 colour images in ten classes, from its binary files.</summary>
/// <remarks>Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.</remarks>
public static class Cifar10
{
    private const int Batches = 5;

    /// <summary>The means of red, green and blue in the training images, as usually subtracted.</summary>
    public static IReadOnlyList<float> Mean { get; } = [0.4914f, 0.4822f, 0.4465f];

    /// <summary>The standard deviations of red, green and blue in the training images, as usually divided by.</summary>
    public static IReadOnlyList<float> Std { get; } = [0.2470f, 0.2435f, 0.2616f];

    /// <summary>What the classes are, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Classes { get; } =
        ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>The 50,000 training images, or the 10,000 test images: [3, 32, 32] with values from 0 to 1, labels 0 to 9.</summary>
    /// <param name="train">Training images or test images.</param>
    /// <param name="directory">Where <c>data_batch_1.bin</c> … <c>data_batch_5.bin</c> and <c>test_batch.bin</c> are; by default in the
    /// first <c>data/cifar-10-batches-bin</c> here or above.</param>
    /// <param name="normalize">Whether <see cref="Mean"/> is subtracted from the values and they are divided by <see cref="Std"/>.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public static ImageDataset Load(bool train = true, string? directory = null, bool normalize = false)
    {
        string folder = DataFolder.Find(directory, "cifar-10-batches-bin", "the binary files of CIFAR-10");
        string[] names = train ? [.. Enumerable.Range(1, Batches).Select(i => $"data_batch_{i}.bin")] : ["test_batch.bin"];
        LabelledImages images =
            CifarFiles.Read([.. names.Select(name => Path.Combine(folder, name))], labels: 1, which: 0, Classes.Count);
        return normalize ? new ImageDataset(images, Mean, Std) : new ImageDataset(images);
    }
}
