using System.Globalization;

namespace Adjoint;

/// <summary>The elements of a tensor in row-major order, whatever its strides: all that printing needs to know.</summary>
internal interface IElements
{
    DType DType { get; }

    ReadOnlySpan<int> Sizes { get; }

    /// <summary>The element, of a floating-point dtype.</summary>
    double Real(int index);

    /// <summary>The element, of an integer dtype; of Bool 0 or 1.</summary>
    long Whole(int index);
}

/// <summary>Writes the elements of one tensor, all in one notation and one width, so that columns line up.</summary>
internal sealed class ElementText
{
    private enum Notation
    {
        /// <summary>Integers and truth values: <c>12</c>, <c>True</c>.</summary>
        Exact,

        /// <summary>Reals that are all whole: <c>12.</c></summary>
        Integral,

        /// <summary><c>12.3400</c></summary>
        Fixed,

        /// <summary><c>1.2340e+01</c></summary>
        Scientific,
    }

    private readonly IElements _elements;
    private readonly int _precision;
    private readonly Notation _notation;

    /// <summary>Chooses notation and width by the elements that will be <paramref name="shown"/>.</summary>
    public ElementText(IElements elements, IEnumerable<int> shown, PrintOptions options)
    {
        _elements = elements;
        _precision = options.Precision;
        if (!elements.DType.IsFloatingPoint)
        {
            _notation = Notation.Exact;
            Width = shown.Select(index => Written(index).Length).DefaultIfEmpty(1).Max();
            return;
        }

        // Note [Zeros and infinities]: they fit any notation and, as in PyTorch, do not count for the width either:
        // an infinity may stand out of its column.
        double[] values = [.. shown.Select(elements.Real).Where(value => double.IsFinite(value) && value != 0)];
        if (values.Length == 0)
        {
            _notation = Notation.Integral;
            Width = 1;
            return;
        }

        Notation natural = Choose(values);
        Width = values.Max(value => Written(value, natural).Length);
        _notation = options.SciMode switch
        {
            true => Notation.Scientific,
            false => values.All(double.IsInteger) ? Notation.Integral : Notation.Fixed,
            null => natural,
        };
    }

    /// <summary>The characters of the widest element.</summary>
    public int Width { get; }

    /// <summary>The element at <paramref name="index"/>, padded to the width.</summary>
    public string Of(int index) => Written(index).PadLeft(Width);

    /// <summary>Scientific when fixed digits would hide the small values or bury the reader in zeros.</summary>
    private static Notation Choose(double[] values)
    {
        double max = values.Max(Math.Abs), min = values.Min(Math.Abs);
        bool integral = values.All(double.IsInteger);
        if (max / min > 1000 || max > 1e8 || (!integral && min < 1e-4)) return Notation.Scientific;
        return integral ? Notation.Integral : Notation.Fixed;
    }

    private string Written(int index) => _elements.DType switch
    {
        { IsBool: true } => _elements.Whole(index) != 0 ? "True" : "False",
        { IsFloatingPoint: true } => Written(_elements.Real(index), _notation),
        _ => _elements.Whole(index).ToString(CultureInfo.InvariantCulture),
    };

    private string Written(double value, Notation notation) => notation switch
    {
        _ when double.IsNaN(value) => "nan",
        _ when double.IsInfinity(value) => value > 0 ? "inf" : "-inf",
        Notation.Integral => value.ToString("F0", CultureInfo.InvariantCulture) + ".",
        Notation.Fixed => value.ToString("F" + _precision, CultureInfo.InvariantCulture),
        _ => Scientific(value),
    };

    /// <summary>At least two digits of exponent, as C's printf writes; .NET writes at least three.</summary>
    private string Scientific(double value)
    {
        string text = value.ToString("e" + _precision, CultureInfo.InvariantCulture);
        int exponent = text.IndexOf('e') + 2;
        return text[exponent] == '0' ? text.Remove(exponent, 1) : text;
    }
}
