namespace Adjoint.Generators;

/// <summary>
/// A module as an operation declares it, <c>LeakyReLU(negative_slope={negativeSlope: any finite number})</c>: what PyTorch prints, with the
/// options in braces and, behind a colon, what each may be. The last may be <c>{inplace}</c>: the module can change its input.
/// </summary>
internal sealed class DeclaredModule
{
    // What PyTorch calls the option, with which the module changes its input.
    private const string InPlace = "inplace", Silent = "inplace: not printed";

    private DeclaredModule(string name, IReadOnlyList<(string Before, DeclaredOption Option)> options, string end, string? inPlace) =>
        (Name, Options, End, IsInPlace, PrintsInPlace) = (name, options, end, inPlace is not null, inPlace == InPlace);

    /// <summary>PyTorch's name.</summary>
    internal string Name { get; }

    /// <summary>Its options, each with what is printed before it.</summary>
    internal IReadOnlyList<(string Before, DeclaredOption Option)> Options { get; }

    /// <summary>What is printed behind the last.</summary>
    internal string End { get; }

    /// <summary>Whether it can be told to change its input.</summary>
    internal bool IsInPlace { get; }

    /// <summary>Whether the text of a module that does says so.</summary>
    internal bool PrintsInPlace { get; }

    internal static DeclaredModule Parse(string text)
    {
        int open = text.IndexOf('('), at = open + 1, close = text.Length - 1;
        if (open <= 0 || text[close] != ')' || !text.Take(open).All(char.IsLetterOrDigit))
            throw new FormatException(
                $"Module = \"{text}\" is not a name with brackets, \"ReLU()\" or \"ELU(alpha={{alpha: any finite number}})\".");
        var options = new List<(string, DeclaredOption)>();
        string? inPlace = null;
        for (int brace; (brace = text.IndexOf('{', at)) >= 0;)
        {
            int end = text.IndexOf('}', brace);
            if (end < 0) throw new FormatException($"Module = \"{text}\": a brace is not closed.");
            string option = text.Substring(brace + 1, end - brace - 1);
            if (option is not (InPlace or Silent)) options.Add((text.Substring(at, brace - at), DeclaredOption.Parse(option)));
            else if (end + 1 == close) inPlace = option;
            else throw new FormatException($"Module = \"{text}\": inplace is the last option.");
            at = end + 1;
        }
        return new DeclaredModule(text.Substring(0, open), options, text.Substring(at, close - at), inPlace);
    }
}

/// <summary>An option of a module: the parameter of the tensor's method, and what it may be in the words of the documentation.</summary>
internal readonly struct DeclaredOption
{
    // What is checked is what is written in the documentation, so that neither can be had without the other.
    private static readonly Dictionary<string, string> s_checks = new()
    {
        ["any number"] = ".In(Interval.Numbers)",
        ["any number, NaN too"] = "",
        ["any finite number"] = ".In(Interval.Finite)",
        ["above 0"] = ".In(Interval.Positive)",
        ["at least 0"] = ".In(Interval.NotNegative)",
        ["any dimension"] = "",
        // One of an enumeration.
        [""] = ".Known()",
    };

    private DeclaredOption(string name, string range) => (Name, Range) = (name, range);

    /// <summary>The parameter's name.</summary>
    internal string Name { get; }

    /// <summary>What it may be, in words.</summary>
    internal string Range { get; }

    /// <summary>Whether what it may be depends on another option, which is then checked first.</summary>
    internal bool IsBounded => Range.StartsWith(Below, StringComparison.Ordinal);

    /// <summary>What is called on the option to check it. Of two that bound each other the lower one is compared.</summary>
    internal string Check => IsBounded ? $".In(new Interval(double.NegativeInfinity, {Range.Substring(Below.Length)}, true, false))"
        : s_checks[Range.StartsWith(Above, StringComparison.Ordinal) ? "any number" : Range];

    private const string Below = "any number below ", Above = "any number above ";

    internal static DeclaredOption Parse(string text)
    {
        int colon = text.IndexOf(": ", StringComparison.Ordinal);
        var option = colon < 0 ? new DeclaredOption(text, "") : new DeclaredOption(text.Substring(0, colon), text.Substring(colon + 2));
        if (s_checks.ContainsKey(option.Range) || option.IsBounded || option.Range.StartsWith(Above, StringComparison.Ordinal))
            return option;
        throw new FormatException($"{{{text}}} does not say what the option may be: {{{option.Name}: …}} with one of "
            + string.Join("; ", s_checks.Keys.Where(words => words.Length > 0)) + $"; {Below}NAME; {Above}NAME.");
    }
}
