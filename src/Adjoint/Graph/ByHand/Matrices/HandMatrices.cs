namespace Adjoint;

/// <summary>Writes what is done to each matrix of a batch: decompositions are methods at the end, with the steps of the kernels.</summary>
internal static class HandMatrices
{
    // Up to here the kernels go row by row; beyond they halve matrices, or take several reflections at once.
    private const int Triangle = 16, Halved = 128, Columns = 8, Reflections = 16, Together = 32;

    /// <summary>Loops through matrices that lie one after the other: where each begins, in each of the tensors.</summary>
    /// <param name="hand">Writes.</param>
    /// <param name="batch">How many there are.</param>
    /// <param name="body">What is done with the places.</param>
    /// <param name="all">The tensors, and how many elements of them belong to one matrix.</param>
    internal static void Each(Hand hand, int batch, Action<string[]> body, params (HandTensor X, int Size)[] all) =>
        hand.Over(1, e => body([.. e.Select(x => x.Place)]), [.. all.Select(a => a.X.As([batch], [a.Size], a.X.Offset))]);

    /// <summary>How many matrices there are.</summary>
    internal static int Batch(HandTensor x)
    {
        int count = 1;
        foreach (int size in x.Shape.Sizes[..^2]) count *= size;
        return count;
    }

    /// <summary>The tensor row after row: itself, or a copy.</summary>
    internal static HandTensor InRows(Hand hand, HandTensor x, string name = "rows") => x.IsContiguous ? x : Copied(hand, x, name);

    /// <summary>A copy to be worked in.</summary>
    internal static HandTensor Copied(Hand hand, HandTensor x, string name)
    {
        HandTensor copy = hand.New(name, x.Shape, x.DType);
        hand.Copy(x, copy);
        return copy;
    }

    /// <summary>P·A = L·U of each matrix, in an array of its own, and the pivots, counted from 0.</summary>
    internal static (HandTensor Lu, HandTensor Pivots) Factored(Hand hand, HandTensor a, bool refusesSingular)
    {
        int m = a.Shape[-2], n = a.Shape[-1], count = Math.Min(m, n), batch = Batch(a);
        HandTensor lu = Copied(hand, a, "lu"), pivots = hand.New("pivots", [batch * count], DType.Int32);
        NeedsLu(hand, a.Word, count);
        string own = hand.Whole(lu), ofRows = hand.Whole(pivots);
        Each(hand, batch, at =>
        {
            hand.Line($"Lu({own}, {at[0]}, {n}, {m}, {n}, {ofRows}, {at[1]});");
            if (!refusesSingular) return;
            hand.For($"{count}", i => hand.Line(
                $"if ({own}[{Sum(at[0], i, n + 1)}] == 0) throw new InvalidOperationException(\"A matrix is singular.\");"));
        }, (lu, m * n), (pivots, count));
        return (lu, pivots);
    }

    /// <summary>Where an element lies that is so many steps further on.</summary>
    internal static string Sum(string place, string variable, int step)
    {
        string more = step == 1 ? variable : $"{variable} * {step}";
        return place == "0" ? more : $"{place} + {more}";
    }

    /// <summary>X = A⁻¹·X for each matrix.</summary>
    internal static void SolveByLu(Hand hand, HandTensor lu, HandTensor pivots, HandTensor x)
    {
        int n = lu.Shape[-1], columns = x.Shape[-1];
        NeedsTriangle(hand, x.Word, n, isLower: true);
        NeedsTriangle(hand, x.Word, n, isLower: false);
        hand.Needs(HandRowsText.Exchange, x.Word);
        hand.Needs(HandTriangularText.SolveByLu, x.Word);
        string call = $"{hand.Whole(lu)}, {{0}}, {n}, {hand.Whole(pivots)}, {{1}}, {hand.Whole(x)}, {{2}}, {columns}";
        Each(hand, Batch(lu), at => hand.Line($"SolveByLu({string.Format(System.Globalization.CultureInfo.InvariantCulture, call, at)});"),
            (lu, n * n), (pivots, n), (x, n * columns));
    }

    /// <summary>X = A⁻¹·X of a triangle A.</summary>
    internal static void NeedsTriangle(Hand hand, string word, int n, bool isLower)
    {
        hand.Needs(HandRowsText.Dot, word);
        hand.Needs(HandRowsText.AddScaled, word);
        hand.Needs(isLower ? HandTriangularText.Lower : HandTriangularText.Upper, word, n > Triangle);
        if (n > Triangle) NeedsProduct(hand, word);
    }

    private static void NeedsLu(Hand hand, string word, int count)
    {
        hand.Needs(HandTriangularText.Lu, word, count > Columns);
        hand.Needs(HandRowsText.Exchange, word);
        hand.Needs(HandRowsText.AddScaled, word);
        if (count <= Columns) return;
        NeedsTriangle(hand, word, count, isLower: true);
        NeedsProduct(hand, word);
    }

    /// <summary>L·Lᵀ = A.</summary>
    internal static void NeedsCholesky(Hand hand, string word, int n)
    {
        hand.Needs(HandTriangularText.Cholesky, word, n > Halved);
        if (n <= Halved) return;
        hand.Needs(HandRowsText.Dot, word);
        hand.Needs(HandTriangularText.CholeskyOfHalves, word);
        NeedsProduct(hand, word);
    }

    /// <summary>A = Q·R, or its reflections alone.</summary>
    internal static void NeedsQr(Hand hand, string word, int count, bool alone)
    {
        if (alone) hand.Needs(HandReflectionText.QrOf, word);
        hand.Needs(HandReflectionText.Qr, word, count > Together);
        NeedsReflections(hand, word, count);
    }

    /// <summary>A = V·diag(λ)·Vᵀ.</summary>
    internal static void NeedsEigen(Hand hand, string word, int n)
    {
        hand.Needs(HandEigenText.Eigen, word);
        hand.Needs(HandEigenText.Length, word);
        hand.Needs(HandEigenText.Rotate, word);
        NeedsReflections(hand, word, n);
    }

    /// <summary>A = U·diag(σ)·Vᵀ.</summary>
    internal static void NeedsSvd(Hand hand, string word, int m, int n)
    {
        hand.Needs(HandSingularText.Svd, word);
        hand.Needs(HandSingularText.Diagonal, word);
        hand.Needs(HandEigenText.Length, word);
        hand.Needs(HandEigenText.Rotate, word);
        NeedsQr(hand, word, Math.Min(m, n), alone: false);
        NeedsProduct(hand, word);
    }

    private static void NeedsReflections(Hand hand, string word, int count)
    {
        hand.Needs(HandReflectionText.Form, word, count > Reflections);
        hand.Needs(HandReflectionText.Make, word);
        hand.Needs(HandReflectionText.Reflect, word);
        hand.Needs(HandRowsText.Dot, word);
        hand.Needs(HandRowsText.AddScaled, word);
        hand.Needs(HandRowsText.Scale, word);
        hand.Needs(HandRowsText.Transpose, word);
        if (count <= Reflections) return;
        hand.Needs(HandReflectionText.ReflectAll, word);
        NeedsProduct(hand, word);
    }

    private static void NeedsProduct(Hand hand, string word)
    {
        hand.Needs(HandRowsText.Product, word);
        hand.Needs(HandRowsText.Subtract, word);
        hand.Needs(HandRowsText.Half, word);
        hand.Needs(HandProductText.Dot, word);
        hand.Needs(HandProductText.Pieces, word);
    }
}
