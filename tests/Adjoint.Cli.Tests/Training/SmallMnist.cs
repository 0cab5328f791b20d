using System.Buffers.Binary;
using Adjoint.Data;
using Adjoint.Tests.Architecture;

namespace Adjoint.Tests.Cli.Training;

/// <summary>A folder with the first images of MNIST, few enough to train on in a blink.</summary>
internal static class SmallMnist
{
    private static readonly Lazy<LabelledImages> Training = new(() => Whole.Read(train: true)), Test = new(() => Whole.Read(train: false));

    private static MnistFiles Whole => new(Path.Combine(SourceTree.Root, "data", "mnist"));

    public static string WriteTo(string folder, int train = 1200, int test = 300)
    {
        Directory.CreateDirectory(folder);
        Write(folder, "train", Training.Value, train);
        Write(folder, "t10k", Test.Value, test);
        return folder;
    }

    private static void Write(string folder, string set, LabelledImages images, int count)
    {
        File.WriteAllBytes(
            Path.Combine(folder, $"{set}-images-idx3-ubyte"), [.. Header(3, count, 28, 28), .. images.Pixels.AsSpan(0, count * 28 * 28)]);
        File.WriteAllBytes(Path.Combine(folder, $"{set}-labels-idx1-ubyte"), [.. Header(1, count), .. images.Labels.AsSpan(0, count)]);
    }

    private static byte[] Header(byte dims, params int[] sizes)
    {
        var header = new byte[4 + 4 * sizes.Length];
        (header[2], header[3]) = (8, dims);
        for (int i = 0; i < sizes.Length; i++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + 4 * i), sizes[i]);
        return header;
    }
}
