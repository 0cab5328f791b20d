using Adjoint.Formats;

namespace Adjoint.Data;

/// <summary>Fashion-MNIST: 28 × 28 grey images of clothing in ten classes, in the files of MNIST.</summary>
/// <remarks>Xiao, Rasul and Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms", 2017.</remarks>
public static class FashionMnist
{
    /// <summary>The mean of the grey values of the training images, as usually subtracted.</summary>
    public const float Mean = 0.2860f;

    /// <summary>The standard deviation of the grey values of the training images, as usually divided by.</summary>
    public const float Std = 0.3530f;

    /// <summary>What the classes are, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Classes { get; } =
    [
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ];

    /// <summary>The 60,000 training images, or the 10,000 test images: [1, 28, 28] with values from 0 to 1, labels 0 to 9.</summary>
    /// <param name="train">Training images or test images.</param>
    /// <param name="directory">Where the four files are; by default in the first <c>data/fashion-mnist</c> here or above, or where
    /// Debian's package <c>dataset-fashion-mnist</c> has them.</param>
    /// <param name="normalize">Whether <see cref="Mean"/> is subtracted from the values and they are divided by <see cref="Std"/>.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public static ImageDataset Load(bool train = true, string? directory = null, bool normalize = false)
    {
        string folder = DataFolder.Find(
            directory, "fashion-mnist", "the four files of Fashion-MNIST", "/usr/share/datasets/fashion-mnist");
        LabelledImages images = new MnistFiles(folder).Read(train);
        return normalize ? new ImageDataset(images, Mean, Std) : new ImageDataset(images);
    }
}
