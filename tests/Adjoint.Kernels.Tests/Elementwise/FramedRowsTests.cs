using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Every place of matrices with a number around them is written, whatever was there.</summary>
public sealed class FramedRowsTests
{
    [Theory, InlineData(1, 1, 0, 1, 0, 1), InlineData(3, 4, 1, 5, 2, 9), InlineData(2, 0, 0, 2, 3, 5), InlineData(0, 4, 2, 3, 0, 4)]
    [InlineData(90, 70, 7, 99, 5, 300)]
    public void Rows_stand_where_they_should(int rows, int columns, int top, int height, int before, int width)
    {
        foreach (int count in (int[])[1, 3])
        {
            float[] x = [.. Enumerable.Range(1, count * rows * columns).Select(i => (float)i)], y = new float[count * height * width];
            y.AsSpan().Fill(float.NaN);
            FramedRows.Write<float>(x, rows, columns, top, height, before, width, -2, y);
            for (int i = 0; i < y.Length; i++)
            {
                (int matrix, int place) = Math.DivRem(i, height * width);
                (int row, int column) = (place / width - top, place % width - before);
                bool isInside = row >= 0 && row < rows && column >= 0 && column < columns;
                y[i].ShouldBe(isInside ? x[(matrix * rows + row) * columns + column] : -2);
            }
            Should.Throw<ArgumentException>(() =>
                FramedRows.Write<float>(x, rows, columns, top, height, width - columns + 1, width, 0, y));
        }
    }
}
