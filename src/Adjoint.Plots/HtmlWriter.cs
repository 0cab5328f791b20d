using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Adjoint.Plots;

/// <summary>
/// Collects HTML. What stands literally in <c>Write($"…")</c> is markup; every value put into it is text and is escaped, so
/// no value can become markup. Numbers are written the same way in every country.
/// </summary>
internal sealed class HtmlWriter
{
    private readonly StringBuilder _text = new();

    public void Write([InterpolatedStringHandlerArgument("")] ref Markup markup) => markup.EndLine();

    /// <summary>Writes markup or style that is part of this program, as it is; never anything that came from outside.</summary>
    public void WriteVerbatim(string markup) => _text.Append(markup);

    public override string ToString() => _text.ToString();

    [InterpolatedStringHandler]
    public readonly ref struct Markup(int literalLength, int holes, HtmlWriter writer)
    {
        private readonly StringBuilder _text = writer._text;

        /// <summary>Only a hint: the writer's buffer grows by itself.</summary>
        public int ExpectedLength => literalLength + 8 * holes;

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(string? value) => _text.Append(WebUtility.HtmlEncode(value));

        public void AppendFormatted(int value) => _text.Append(CultureInfo.InvariantCulture, $"{value}");

        public void AppendFormatted(IFormattable value, string format) =>
            _text.Append(WebUtility.HtmlEncode(value.ToString(format, CultureInfo.InvariantCulture)));

        /// <summary>A coordinate of a drawing: two digits are finer than any screen.</summary>
        public void AppendFormatted(double value) => _text.Append(CultureInfo.InvariantCulture, $"{value:0.##}");

        public void EndLine() => _text.Append('\n');
    }
}
