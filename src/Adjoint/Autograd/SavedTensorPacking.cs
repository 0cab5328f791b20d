namespace Adjoint;

public static partial class Autograd
{
    /// <summary>
    /// Until the end of the <c>using</c> block tensors saved for backward take half the bytes: Float32 as 16-bit floats, Float64 as
    /// Float32. Gradients become less precise accordingly (about 3 digits, 7 digits); Float32 values beyond ±65504 become infinite.
    /// </summary>
    public static SavedTensorsScope SaveInHalfTheBytes() => SavedTensorsHooks(SavedTensorPacking.Halve, SavedTensorPacking.Restore);

    /// <summary>
    /// Until the end of the <c>using</c> block tensors saved for backward are written to files, one each, and read back when they are
    /// needed; the gradients are the same bits as without.
    /// </summary>
    /// <param name="directory">Where; it is created if need be. A file is deleted when its tensor is no longer needed.</param>
    public static SavedTensorsScope SaveToFiles(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        if (directory.Contains('\0'))
            throw new ArgumentException("SaveToFiles: the name of a directory holds a null character.", nameof(directory));
        Directory.CreateDirectory(directory);
        return SavedTensorsHooks(x => new SavedTensorFile(directory, x), file => ((SavedTensorFile)file).Read());
    }
}

/// <summary>Saved tensors in half the bytes.</summary>
internal static class SavedTensorPacking
{
    internal static object Halve(Tensor x) => x.DType switch
    {
        { IsFloatingPoint: false } => x,
        { Row.Half: { } half } => new NarrowTensor(x.To(half), x.DType),
        _ => new HalfTensor(Array.ConvertAll(x.ToArray<float>(), value => (Half)value), x.Shape, x.DType),
    };

    internal static Tensor Restore(object packed) => packed switch
    {
        HalfTensor half => Tensor.From(Array.ConvertAll(half.Values, value => (float)value), half.Shape).To(half.DType),
        NarrowTensor narrow => narrow.Values.To(narrow.DType),
        _ => (Tensor)packed,
    };

    private sealed record HalfTensor(Half[] Values, Shape Shape, DType DType);

    private sealed record NarrowTensor(Tensor Values, DType DType);
}

/// <summary>A saved tensor in a file of its own, which goes with this object.</summary>
internal sealed class SavedTensorFile
{
    private readonly string _path;
    private readonly Shape _shape;
    private readonly DType _dtype;

    internal SavedTensorFile(string directory, Tensor x)
    {
        (_shape, _dtype) = (x.Shape, x.DType);
        _path = Path.Combine(directory, $"saved-{Guid.NewGuid():N}.bin");
        Tensor contiguous = Elements.ToContiguous(x);
        using FileStream file = File.Create(_path);
        using var memory = new Loan();
        file.Write(memory.Bytes(contiguous));
    }

    ~SavedTensorFile()
    {
        try
        {
            File.Delete(_path);
        }
        catch (IOException)
        {
            // Somebody reads it or the directory is gone: nothing that a finalizer could do about it.
        }
        catch (UnauthorizedAccessException)
        {
        }
    }

    internal Tensor Read()
    {
        Tensor x = Tensor.Empty(_shape, _dtype);
        using FileStream file = File.OpenRead(_path);
        using var memory = new Loan();
        file.ReadExactly(memory.Bytes(x));
        GC.KeepAlive(this);
        return x;
    }
}
