namespace Adjoint;

/// <summary>The first and the last element of memory that a tensor shows; of one without elements none.</summary>
internal readonly record struct ReplayExtent(int First, int Last)
{
    private bool IsEmpty => Last < First;

    internal static ReplayExtent Of(GraphTensor x)
    {
        if (x.Shape.NumEl == 0) return new(0, -1);
        int first = x.Offset, last = x.Offset;
        for (int d = 0; d < x.Shape.NDim; d++)
        {
            int far = x.Strides[d] * (x.Shape[d] - 1);
            if (far < 0) first += far;
            else last += far;
        }
        return new(first, last);
    }

    internal static ReplayExtent Both(ReplayExtent a, ReplayExtent b) =>
        a.IsEmpty ? b : b.IsEmpty ? a : new(Math.Min(a.First, b.First), Math.Max(a.Last, b.Last));

    /// <summary>As seen from a place; nothing is as if it were there.</summary>
    internal (int First, int Last) From(int place) => IsEmpty ? (0, -1) : (First - place, Last - place);

    /// <summary>Whether all of it lies in so much memory, moved by so much.</summary>
    internal bool Fits(int move, int length) => IsEmpty || (First + move >= 0 && Last + move < length);
}
