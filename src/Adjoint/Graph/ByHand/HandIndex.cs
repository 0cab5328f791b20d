namespace Adjoint;

/// <summary>Writes elements that are chosen by numbers.</summary>
internal static class HandIndex
{
    /// <summary>A place that has been looked at: out of range is an error, not another element.</summary>
    internal static string Checked(Hand hand, string index, int size, bool wrap)
    {
        hand.Needs(wrap ? Wrapped : Inside, "long");
        return $"{(wrap ? "Wrapped" : "Place")}({index}, {size})";
    }

    /// <summary>The element at a number of some dimensions, which are counted through together.</summary>
    /// <param name="x">Where the element with the number 0 is.</param>
    /// <param name="sizes">The sizes of the dimensions.</param>
    /// <param name="strides">Their strides.</param>
    /// <param name="number">The number.</param>
    internal static HandTensor At(HandTensor x, int[] sizes, int[] strides, string number)
    {
        var terms = new List<(string, int)>();
        int below = 1;
        for (int d = sizes.Length - 1; d >= 0; below *= sizes[d--])
        {
            if (sizes[d] == 1) continue;
            // Dimensions that lie one behind the other are counted as one.
            int size = sizes[d], first = below;
            int stride = strides[d];
            while (d > 0 && (sizes[d - 1] == 1 || strides[d - 1] == stride * size))
            {
                below *= sizes[d];
                size *= sizes[--d];
            }
            string part = first == 1 ? number : $"{number} / {first}";
            bool isAll = first * size == sizes.Aggregate(1, (a, b) => a * b);
            terms.Add((isAll && first == 1 ? number : isAll ? $"({part})" : $"({part} % {size})", stride));
        }
        terms.Reverse();
        return x.Plus(terms);
    }

    /// <summary>Writes something for each element that is not zero: its number is <c>place</c>, and so many were before: <c>found</c>.</summary>
    /// <param name="hand">Writes.</param>
    /// <param name="x">The elements.</param>
    /// <param name="count">How many there are: the graph has one shape for each tensor.</param>
    /// <param name="body">What is written.</param>
    internal static void True(Hand hand, HandTensor x, int count, Action body)
    {
        string error = "throw new InvalidOperationException("
            + $"\"What was written holds for {count} elements that are chosen, and now there are others.\");";
        hand.Line("int place = 0, found = 0;");
        hand.Each(e =>
        {
            hand.Block($"if ({hand.Element(e[0], "bool")})", () =>
            {
                hand.Line($"if (found == {count}) {error}");
                body();
                hand.Line("found++;");
            });
            hand.Line("place++;");
        }, x);
        hand.Line($"if (found != {count}) {error}");
    }

    /// <summary>The element of a class, which is one of so many.</summary>
    internal static HandTensor Class(Hand hand, HandTensor row, string place, int count)
    {
        hand.Line($"if ((uint){place} >= {count}) "
            + $"throw new IndexOutOfRangeException($\"{{{place}}} is none of {count} classes.\");");
        return row.At(place);
    }

    private const string Inside = """
        // A place from 0 to size - 1.
        static real Place(real index, int size) => index >= 0 && index < size ? index
            : throw new IndexOutOfRangeException($"Index {index} is out of range; there are {size} places.");
        """;

    private const string Wrapped = """
        // A place from 0 to size - 1; negative ones count from the end.
        static real Wrapped(real index, int size) => index >= 0 && index < size ? index : index < 0 && index >= -size ? index + size
            : throw new IndexOutOfRangeException($"Index {index} is out of range; there are {size} places.");
        """;
}
