namespace Adjoint;

/// <summary>What is written to every element of a new tensor, and is always the same: numbers in a row, the unit matrix.</summary>
internal interface IFill
{
    /// <summary>Tells what decides the numbers.</summary>
    void Describe(OpAttributes to);

    /// <summary>Writes the numbers to a contiguous tensor.</summary>
    void Fill(Tensor x);
}

/// <summary>Ones on the diagonal, zeros elsewhere.</summary>
internal readonly struct DiagonalFill : IFill
{
    public void Describe(OpAttributes to)
    {
    }

    public void Fill(Tensor x)
    {
        Elements.Fill(x, 0);
        int count = Math.Min(x.Shape[0], x.Shape[1]);
        if (x.NumEl > 0) Elements.CopyTo(Tensor.Ones([count], x.DType), x.Alias([count], [x.Shape[1] + 1], 0));
    }
}
