using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>One recorded operation: where its (at most two) operands were recorded, and its slope in each.</summary>
internal struct TapeEntry<V>
{
    public int X, Y;
    public V SlopeX, SlopeY;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int x, V slopeX, int y, V slopeY)
    {
        X = x;
        Y = y;
        SlopeX = slopeX;
        SlopeY = slopeY;
    }
}
