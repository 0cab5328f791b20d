using Adjoint.Formats;

namespace Adjoint.Data;

/// <summary>The MNIST database of handwritten digits.</summary>
public static class Mnist
{
    /// <summary>The mean of the grey values of the training images, as usually subtracted.</summary>
    public const float Mean = 0.1307f;

    /// <summary>The standard deviation of the grey values of the training images, as usually divided by.</summary>
    public const float Std = 0.3081f;

    /// <summary>The 60,000 training digits, or the 10,000 test digits: images [1, 28, 28] with values from 0 to 1, labels 0 to 9.</summary>
    /// <param name="train">Training digits or test digits.</param>
    /// <param name="directory">Where the four files are; by default they are looked for, see <see cref="MnistFiles.Find"/>.</param>
    /// <param name="normalize">Whether <see cref="Mean"/> is subtracted from the values and they are divided by <see cref="Std"/>.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    public static ImageDataset Load(bool train = true, string? directory = null, bool normalize = false)
    {
        LabelledImages images = MnistFiles.Find(directory).Read(train);
        return normalize ? new ImageDataset(images, Mean, Std) : new ImageDataset(images);
    }
}
