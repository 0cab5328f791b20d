namespace Adjoint.Kernels;

/// <summary>A matrix in memory: element (i, j) is at <see cref="Data"/> + i·<see cref="Row"/> + j·<see cref="Column"/>.</summary>
internal readonly unsafe struct Operand<T>(T* data, nint row, nint column) where T : unmanaged
{
    public readonly T* Data = data;
    public readonly nint Row = row;
    public readonly nint Column = column;

    /// <summary>The same memory, rows and columns exchanged.</summary>
    public Operand<T> Transposed => new(Data, Column, Row);

    /// <summary>The address of element (i, j).</summary>
    public T* At(nint i, nint j) => Data + i * Row + j * Column;

    /// <summary>The matrix of the same form that begins <paramref name="offset"/> elements later.</summary>
    public Operand<T> Moved(nint offset) => new(Data + offset, Row, Column);

    /// <summary>The same matrix without its first rows and columns.</summary>
    public Operand<T> From(nint i, nint j) => new(At(i, j), Row, Column);
}
