using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Every place of rows among zeros is written, whatever was there.</summary>
public sealed class RowsAmongZerosTests
{
    [Theory, InlineData(1, 1, 0, 1), InlineData(3, 4, 2, 9), InlineData(2, 0, 3, 5), InlineData(0, 4, 0, 4), InlineData(90, 70, 5, 300)]
    public void Rows_stand_where_they_should(int rows, int columns, int before, int width)
    {
        float[] x = [.. Enumerable.Range(1, rows * columns).Select(i => (float)i)], y = new float[rows * width];
        y.AsSpan().Fill(float.NaN);
        RowsAmongZeros.Write<float>(x, rows, columns, before, width, y);
        for (int i = 0; i < y.Length; i++)
        {
            int column = i % width - before;
            y[i].ShouldBe(column >= 0 && column < columns ? x[i / width * columns + column] : 0);
        }
        Should.Throw<ArgumentException>(() => RowsAmongZeros.Write<float>(x, rows, columns, width - columns + 1, width, y));
    }
}
