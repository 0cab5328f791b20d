using Adjoint.Formats;

namespace Adjoint.Data;

/// <summary>CIFAR-100: 32 × 32 colour images in a hundred classes, which make twenty groups, from its binary files.</summary>
/// <remarks>Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009.</remarks>
public static class Cifar100
{
    private const int FineClasses = 100, CoarseClasses = 20;

    /// <summary>The means of red, green and blue in the training images, as usually subtracted.</summary>
    public static IReadOnlyList<float> Mean { get; } = [0.5071f, 0.4865f, 0.4409f];

    /// <summary>The standard deviations of red, green and blue in the training images, as usually divided by.</summary>
    public static IReadOnlyList<float> Std { get; } = [0.2673f, 0.2564f, 0.2762f];

    /// <summary>The 50,000 training images, or the 10,000 test images: [3, 32, 32] with values from 0 to 1, labels 0 to 99.</summary>
    /// <param name="train">Training images or test images.</param>
    /// <param name="directory">Where <c>train.bin</c> and <c>test.bin</c> are; by default in the first <c>data/cifar-100-binary</c> here or
    /// above.</param>
    /// <param name="normalize">Whether <see cref="Mean"/> is subtracted from the values and they are divided by <see cref="Std"/>.</param>
    /// <param name="coarse">Whether the labels are those of the twenty groups.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public static ImageDataset Load(bool train = true, string? directory = null, bool normalize = false, bool coarse = false)
    {
        string folder = DataFolder.Find(directory, "cifar-100-binary", "the binary files of CIFAR-100");
        LabelledImages images = CifarFiles.Read([Path.Combine(folder, train ? "train.bin" : "test.bin")], labels: 2,
            which: coarse ? 0 : 1, coarse ? CoarseClasses : FineClasses);
        return normalize ? new ImageDataset(images, Mean, Std) : new ImageDataset(images);
    }
}
