using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Adjoint.Kernels;

/// <summary>From grey bytes to the numbers a network is given.</summary>
internal static class Pixels
{
    /// <summary>y = (x/255 − mean) / std, each step rounded to float32 as torchvision's ToTensor and Normalize do it.</summary>
    public static void Scale(ReadOnlySpan<byte> source, Span<float> target, float mean = 0, float std = 1)
    {
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(target);
        int i = 0;
        for (; i <= source.Length - 16; i += 16)
        {
            (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.LoadUnsafe(ref from, (nuint)i));
            Scale(low, mean, std).StoreUnsafe(ref to, (nuint)i);
            Scale(high, mean, std).StoreUnsafe(ref to, (nuint)i + 8);
        }
        for (; i < source.Length; i++) target[i] = (source[i] / 255f - mean) / std;
    }

    private static Vector256<float> Scale(Vector128<ushort> x, float mean, float std)
    {
        (Vector128<uint> low, Vector128<uint> high) = Vector128.Widen(x);
        Vector256<float> number = Vector256.ConvertToSingle(Vector256.Create(low, high).AsInt32());
        return (number / 255f - Vector256.Create(mean)) / std;
    }
}
