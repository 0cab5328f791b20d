using System.Text.RegularExpressions;

namespace Adjoint;

/// <summary>An operation that many elements are combined by, in the order in which the kernels combine them.</summary>
/// <remarks>See Note [Order of summation]: the order depends on the number of elements alone, so it can be written as loops.</remarks>
/// <param name="Name">What its method is called.</param>
/// <param name="Identity">What no elements give.</param>
/// <param name="Combined">Two into one: a form of <c>{0}</c> and <c>{1}</c>.</param>
internal sealed partial record HandFold(string Name, double Identity, string Combined)
{
    internal static readonly HandFold Sum = new("Sum", 0, "{0} += {1}"), Product = new("Product", 1, "{0} *= {1}"),
        Largest = new("Largest", double.NegativeInfinity, "{0} = Larger({0}, {1})"),
        Smallest = new("Smallest", double.PositiveInfinity, "{0} = Smaller({0}, {1})");

    /// <summary>A statement that combines a value with what is in a variable.</summary>
    internal string Add(Hand hand, string variable, string value, string word)
    {
        Need(hand, word);
        return string.Format(System.Globalization.CultureInfo.InvariantCulture, Combined, variable, value) + ";";
    }

    /// <summary>What it begins with.</summary>
    internal string Start(string word) => word is "float" or "double" || double.IsFinite(Identity)
        ? CodeWriter.Number(Identity, word) : $"{word}.{(Identity < 0 ? "MinValue" : "MaxValue")}";

    /// <summary>Calls the method for elements in a row of memory: <c>Sum(x, start, step, n)</c>.</summary>
    internal string OfRow(Hand hand, string word, string array, string start, string step, int n, bool inChunks)
    {
        Need(hand, word);
        bool isLong = n > HandFoldText.Leaf;
        hand.Needs(Written(HandFoldText.Row(word), word), word);
        if (isLong) hand.Needs(Written(HandFoldText.Tree, word), word);
        if (!inChunks || n <= HandFoldText.Chunk) return $"{Name}{(isLong ? "OfMany" : "")}({array}, {start}, {step}, {n})";
        hand.Needs(Written(HandFoldText.Chunks, word), word);
        return $"{Name}InPieces({array}, {start}, {step}, {n})";
    }

    /// <summary>Calls the method for the elements of a column beside others, which are cut into bands of so many rows.</summary>
    internal string OfColumn(Hand hand, string word, string array, string start, string step, int n, int band)
    {
        Need(hand, word);
        hand.Needs(Written(HandFoldText.Column, word), word);
        if (n <= band) return $"{Name}OfColumn({array}, {start}, {step}, {n})";
        hand.Needs(Written(HandFoldText.Bands, word), word);
        return $"{Name}OfBands({array}, {start}, {step}, {n}, {band})";
    }

    private void Need(Hand hand, string word)
    {
        if (double.IsFinite(Identity)) return;
        hand.Needs(Identity < 0
            ? """
            // The larger of two numbers; NaN if either is.
            static real Larger(real x, real y) => x < y || y != y ? y : x;
            """
            : """
            // The smaller of two numbers; NaN if either is.
            static real Smaller(real x, real y) => y < x || y != y ? y : x;
            """, word);
    }

    private string Written(string text, string word)
    {
        text = text.Replace("NAME", Name, StringComparison.Ordinal).Replace("IDENTITY", Start(word), StringComparison.Ordinal);
        if (Identity != 0) text = text.Replace("//fill ", "", StringComparison.Ordinal);
        text = s_addition.Replace(text, m => string.Format(
            System.Globalization.CultureInfo.InvariantCulture, m.Groups[1].Value + Combined + ";", m.Groups[2].Value, m.Groups[3].Value));
        return string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Where(line => !line.TrimStart().StartsWith("//fill",
            StringComparison.Ordinal)));
    }

    // sum += x;
    private static readonly Regex s_addition = new(
        @"^(.*?)(\b[\w\[\] +*]+?) \+= (.+);$", RegexOptions.Multiline | RegexOptions.CultureInvariant);
}
