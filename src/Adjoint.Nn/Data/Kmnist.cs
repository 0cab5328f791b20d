using Adjoint.Formats;

namespace Adjoint.Data;

/// <summary>Kuzushiji-MNIST: 28 × 28 grey images of ten cursive Japanese characters, in the files of MNIST.</summary>
/// <remarks>Clanuwat et al., "Deep Learning for Classical Japanese Literature", 2018.</remarks>
public static class Kmnist
{
    /// <summary>The mean of the grey values of the training images, as usually subtracted.</summary>
    public const float Mean = 0.1918f;

    /// <summary>The standard deviation of the grey values of the training images, as usually divided by.</summary>
    public const float Std = 0.3483f;

    /// <summary>What the classes are, in the order of their numbers.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"];

    /// <summary>The 60,000 training images, or the 10,000 test images: [1, 28, 28] with values from 0 to 1, labels 0 to 9.</summary>
    /// <param name="train">Training images or test images.</param>
    /// <param name="directory">Where the four files are; by default in the first <c>data/kmnist</c> here or above.</param>
    /// <param name="normalize">Whether <see cref="Mean"/> is subtracted from the values and they are divided by <see cref="Std"/>.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public static ImageDataset Load(bool train = true, string? directory = null, bool normalize = false)
    {
        string folder = DataFolder.Find(directory, "kmnist", "the four files of KMNIST");
        LabelledImages images = new MnistFiles(folder).Read(train);
        return normalize ? new ImageDataset(images, Mean, Std) : new ImageDataset(images);
    }
}
