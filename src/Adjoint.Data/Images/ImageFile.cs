using Adjoint.Formats;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;

namespace Adjoint.Data;

/// <summary>Pictures in files as tensors, and back: PNG, JPEG and BMP.</summary>
public static class ImageFile
{
    /// <summary>The most pixels that are read: a file of a few bytes can say that it has any number.</summary>
    public const int MaxPixels = 1 << 28;

    // What a picture of as many pixels takes; a decoder that asks for more at once reads a file that lies about its size.
    private const int MostMegabytes = 1024;

    private static readonly Configuration s_formats = Formats();

    /// <summary>The picture in a file: UInt8 [3, rows, columns], red, green and blue, or grey [1, rows, columns].</summary>
    /// <param name="path">A file of PNG, JPEG or BMP; which one is seen in the file and not in its name.</param>
    /// <param name="grey">Whether it is read in grey, of ITU-R BT.601.</param>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    /// <exception cref="DataFormatException">It is none of these formats, damaged, or of more than <see cref="MaxPixels"/>.</exception>
    /// <remarks>
    /// A JPEG that ends early is read as far as it goes. Transparency is left out, as by Pillow's <c>convert("RGB")</c>; a picture that a
    /// camera turned is turned back.
    /// </remarks>
    public static Tensor Read(string path, bool grey = false)
    {
        using FileStream stream = InputFile.Open(path.Given());
        return Read(stream, path, grey);
    }

    /// <summary>Writes a picture as PNG.</summary>
    /// <param name="path">The file; one that is there is written over.</param>
    /// <param name="image">UInt8 from 0 to 255, or Float32 or Float64 from 0 to 1 (what is outside is cut off): [1, rows, columns] in grey,
    /// or [3, rows, columns].</param>
    /// <exception cref="ShapeException">It is no picture.</exception>
    /// <exception cref="DTypeException">It is of another dtype.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save(string path, Tensor image)
    {
        path.Given();
        if (image.Given().NDim != 3 || image.Shape[0] is not (1 or 3) || image.NumEl == 0)
            throw new ShapeException($"ImageFile.Save: a picture has shape [1 or 3, rows, columns], but this tensor has {image.Shape}.");
        if (!image.DType.Row.IsPixel)
            throw new DTypeException($"ImageFile.Save: a picture is UInt8, Float32 or Float64, but this tensor is {image.DType}.");
        byte[] bytes = (!image.DType.IsFloatingPoint ? image : Bytes(image.Detach()))
            .Permute(1, 2, 0).ToArray<byte>();
        AtomicFile.Write(path, stream =>
        {
            if (image.Shape[0] == 1) SaveAs<L8>(stream, bytes, image.Shape[2], image.Shape[1], PngColorType.Grayscale);
            else SaveAs<Rgb24>(stream, bytes, image.Shape[2], image.Shape[1], PngColorType.Rgb);
        });
    }

    // What is no number is black.
    private static Tensor Bytes(Tensor image) =>
        Tensor.Where(image.IsNaN(), image.ZerosLike(), image * 255).Round().Clamp(0, 255).To(DType.UInt8);

    private static void SaveAs<TPixel>(Stream stream, byte[] bytes, int width, int height, PngColorType color)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using Image<TPixel> picture = Image.LoadPixelData<TPixel>(s_formats, bytes, width, height);
        picture.Save(stream, new PngEncoder { ColorType = color, BitDepth = PngBitDepth.Bit8 });
    }

    private static Configuration Formats()
    {
        var formats = new Configuration(new PngConfigurationModule(), new JpegConfigurationModule(), new BmpConfigurationModule())
        {
            MemoryAllocator = MemoryAllocator.Create(new MemoryAllocatorOptions { AllocationLimitMegabytes = MostMegabytes }),
        };
        // Texts and profiles in a PNG are packed, of any size, and nobody asks for them. (In a JPEG they say how the camera was held.)
        formats.ImageFormatsManager.SetDecoder(PngFormat.Instance, new PngDecoder { IgnoreMetadata = true });
        return formats;
    }

    private static Tensor Read(Stream stream, string path, bool grey)
    {
        try
        {
            IImageInfo? info = Image.Identify(s_formats, stream, out IImageFormat? format);
            if (info is null || format is null) throw new DataFormatException(path, 0, "this is no PNG, JPEG or BMP.");
            if (info.Width < 1 || info.Height < 1 || (long)info.Width * info.Height > MaxPixels)
                throw new DataFormatException(path, 0, $"a picture of {info.Height} x {info.Width} pixels; at most {MaxPixels} are read.");
            CheckLength(stream, path);
            stream.Position = 0;
            return grey ? Decode<L8>(stream, 1) : Decode<Rgb24>(stream, 3);
        }
        catch (Exception e) when (e is ImageFormatException or ImageProcessingException or InvalidMemoryOperationException
            or IndexOutOfRangeException or NullReferenceException or ArgumentException or OverflowException or InvalidOperationException
            or EndOfStreamException or InvalidDataException or NotSupportedException)
        {
            // What a decoder stumbles over in a damaged file is the file's fault, whatever it says.
            throw new DataFormatException(path, 0, $"the picture is damaged: {e.Message}", e);
        }
    }

    // The decoder takes what is missing at the end of a bitmap for black; how long it is stands in bytes 2 to 5.
    private static void CheckLength(Stream stream, string path)
    {
        Span<byte> start = stackalloc byte[6];
        stream.Position = 0;
        stream.ReadExactly(start);
        if (start.StartsWith("BM"u8) && System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(start[2..]) > stream.Length)
            throw new DataFormatException(path, stream.Length, "the file ends before the picture does.");
    }

    private static Tensor Decode<TPixel>(Stream stream, int channels) where TPixel : unmanaged, IPixel<TPixel>
    {
        using Image<TPixel> picture = Image.Load<TPixel>(s_formats, stream, out _);
        picture.Mutate(x => x.AutoOrient());
        (int height, int width) = (picture.Height, picture.Width);
        byte[] packed = new byte[checked(height * width * channels)];
        picture.CopyPixelDataTo(packed);
        Tensor interleaved = Tensor.From(packed).Reshape(height, width, channels);
        return channels == 1 ? interleaved.Reshape(1, height, width) : interleaved.Permute(2, 0, 1).Contiguous();
    }
}
