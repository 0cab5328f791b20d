using Adjoint.Formats;

namespace Adjoint.Data;

/// <summary>The parts of <see cref="Emnist"/>.</summary>
public enum EmnistSplit
{
    /// <summary>Digits and letters, large and small, 62 classes as often as they were written.</summary>
    ByClass,

    /// <summary>The same, large and small taken together where they look alike: 47 classes.</summary>
    ByMerge,

    /// <summary>47 classes, each as often.</summary>
    Balanced,

    /// <summary>26 letters, large and small together; their labels begin with 1.</summary>
    Letters,

    /// <summary>Ten digits.</summary>
    Digits,

    /// <summary>Ten digits, in the number of MNIST.</summary>
    Mnist,
}

/// <summary>EMNIST: 28 × 28 grey images of handwritten letters and digits, in the form of MNIST.</summary>
/// <remarks>Cohen, Afshar, Tapson and van Schaik, "EMNIST: an extension of MNIST to handwritten letters", 2017.</remarks>
public static class Emnist
{
    private const int MostClasses = 62;

    /// <summary>The training or the test images of a part: [1, 28, 28] with values from 0 to 1, and their labels.</summary>
    /// <param name="split">Which part.</param>
    /// <param name="train">Training images or test images.</param>
    /// <param name="directory">
    /// Where the files are, named <c>emnist-letters-train-images-idx3-ubyte</c> and the like, plain or gzipped; by default in the first
    /// <c>data/emnist</c> here or above.
    /// </param>
    /// <param name="upright">Whether rows and columns are exchanged: the files, and so torchvision's dataset, have the images
    /// mirrored at their diagonal.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is damaged.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
    public static ImageDataset Load(EmnistSplit split, bool train = true, string? directory = null, bool upright = false)
    {
        string name = split.Known().ToString().ToLowerInvariant();
        string folder = DataFolder.Find(directory, "emnist", "the files of EMNIST");
        LabelledImages images = new MnistFiles(folder, $"emnist-{name}-", "test", Classes(split)).Read(train);
        return new ImageDataset(upright ? Transposed(images) : images);
    }

    /// <summary>How many classes a part has; of the letters one more, as their labels begin with 1.</summary>
    /// <param name="split">Which part.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such part.</exception>
    public static int Classes(EmnistSplit split) => split.Known() switch
    {
        EmnistSplit.ByClass => MostClasses,
        EmnistSplit.ByMerge or EmnistSplit.Balanced => 47,
        EmnistSplit.Letters => 27,
        _ => 10,
    };

    private static LabelledImages Transposed(LabelledImages images)
    {
        byte[] turned = new byte[images.Pixels.Length];
        int size = images.Height * images.Width;
        for (int i = 0; i < images.Count; i++)
            for (int row = 0; row < images.Height; row++)
                for (int column = 0; column < images.Width; column++)
                    turned[i * size + column * images.Height + row] = images.Pixels[i * size + row * images.Width + column];
        return new LabelledImages(images.Width, images.Height, turned, images.Labels);
    }
}
