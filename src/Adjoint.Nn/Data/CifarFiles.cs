using Adjoint.Formats;

namespace Adjoint.Data;

/// <summary>
/// The binary files of CIFAR: records of one or two labels and 3072 bytes, the red, the green and the blue values of a 32 × 32 image.
/// </summary>
internal static class CifarFiles
{
    public const int Side = 32, Channels = 3;

    private const int Pixels = Channels * Side * Side;

    /// <summary>The images of some files.</summary>
    /// <param name="files">The files, in order.</param>
    /// <param name="labels">Labels of a record.</param>
    /// <param name="which">Which of them is taken.</param>
    /// <param name="classes">What it is below.</param>
    public static LabelledImages Read(IReadOnlyList<string> files, int labels, int which, int classes)
    {
        int record = labels + Pixels;
        byte[][] contents = [.. files.Select(file => Whole(file, record))];
        int count = contents.Sum(content => content.Length / record);
        byte[] pixels = new byte[checked(count * Pixels)], taken = new byte[count];
        int next = 0;
        for (int i = 0; i < contents.Length; i++)
        {
            for (int at = 0; at < contents[i].Length; at += record, next++)
            {
                taken[next] = contents[i][at + which];
                if (taken[next] >= classes)
                    throw new DataFormatException(
                        files[i], at + which, $"label {at / record} is {taken[next]}; labels are 0 to {classes - 1}.");
                contents[i].AsSpan(at + labels, Pixels).CopyTo(pixels.AsSpan(next * Pixels));
            }
        }
        return new LabelledImages(Side, Side, pixels, taken) { Channels = Channels };
    }

    private static byte[] Whole(string file, int record)
    {
        using FileStream stream = InputFile.Open(file);
        if (stream.Length == 0 || stream.Length % record != 0 || stream.Length > IdxReader.MaxBytes)
            throw new DataFormatException(
                file, stream.Length, $"a file of CIFAR has records of {record} bytes, but this one has {stream.Length} bytes.");
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
