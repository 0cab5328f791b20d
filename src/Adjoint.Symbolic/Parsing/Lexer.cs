namespace Adjoint.Symbolic;

/// <summary>What a piece of text is.</summary>
internal enum TokenKind
{
    Number,
    Name,
    Operator,

    /// <summary>A whole exponent written in raised digits.</summary>
    Superscript,

    End,
}

/// <summary>A piece of text and where it starts.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    public bool Is(string text) => Kind == TokenKind.Operator && Text == text;
}

/// <summary>
/// Cuts a text into numbers, names and operators. Typographic signs (−, ·, ×, ÷, ², π, √, ≤) are read as what they mean.
/// </summary>
internal static class Lexer
{
    private const string Raised = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻", Level = "0123456789-", Lowered = "₀₁₂₃₄₅₆₇₈₉₋";

    public static List<Token> Tokens(string text)
    {
        var tokens = new List<Token>();
        for (int i = 0; i < text.Length;)
        {
            int start = i;
            char c = text[i];
            if (char.IsWhiteSpace(c)) { i++; continue; }
            var kind = TokenKind.Operator;
            if (char.IsAsciiDigit(c) || c == '.')
            {
                (kind, i) = (TokenKind.Number, EndOfNumber(text, i));
                RefuseOtherNumerals(text, start, i);
            }
            else if (char.IsLetter(c) || c is '_' or '∞')
            {
                kind = TokenKind.Name;
                do i++;
                while (i < text.Length && ContinuesName(text[i]));
            }
            else if (Raised.Contains(c))
            {
                kind = TokenKind.Superscript;
                while (i < text.Length && Raised.Contains(text[i])) i++;
            }
            else i += i + 1 < text.Length && text.AsSpan(i, 2) is "**" or "<=" or ">=" or "==" or "!=" ? 2 : 1;
            string piece = text[start..i];
            if (kind == TokenKind.Superscript) piece = string.Concat(piece.Select(r => Level[Raised.IndexOf(r)]));
            if (kind == TokenKind.Operator)
                piece = Operator(piece) ?? throw new ParseException($"'{Shown(c)}' has no meaning in a formula{Advice(c)}", text, start);
            tokens.Add(new(kind, piece, start));
        }
        tokens.Add(new(TokenKind.End, "", text.Length));
        return tokens;
    }

    private static string? Operator(string piece) => piece switch
    {
        "+" or "-" or "*" or "/" or "^" or "(" or ")" or "," or "<" or ">" or "=" or "|" or "√" or "≤" or "≥" or "≠" => piece,
        "**" => "^",
        "<=" => "≤",
        ">=" => "≥",
        "==" => "=",
        "!=" => "≠",
        "−" or "–" => "-",
        "·" or "×" or "⋅" or "∙" => "*",
        "÷" or "∕" => "/",
        "∣" => "|",
        _ => null,
    };

    /// <summary>Letters and digits, those of an index (x₁) and the marks above a letter (ẋ) included.</summary>
    private static bool ContinuesName(char c) => char.IsLetterOrDigit(c) && !Raised.Contains(c) || c == '_' || Lowered.Contains(c)
        || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.NonSpacingMark;

    /// <summary>What would be read as 0·x10 and 1·_000, which nobody means.</summary>
    private static void RefuseOtherNumerals(string text, int start, int end)
    {
        if (end >= text.Length) return;
        if (text[end] == '_')
            throw new ParseException("Digits are written without separators: 1000, not 1_000", text, end);
        bool another = text.AsSpan(start, end - start) is "0" && text[end] is 'x' or 'X' or 'b' or 'B' or 'o' or 'O'
            && end + 1 < text.Length && char.IsAsciiHexDigit(text[end + 1]);
        if (another) throw new ParseException("Numbers are written in decimal: 16, not 0x10", text, start);
    }

    private static string Advice(char c) => c switch
    {
        '°' => "; degrees are written deg2rad(30) or 30*pi/180",
        '%' => "; write remainder(x, y), or x/100",
        '!' => "; there is no factorial",
        '\'' or '′' => "; for a derivative use --order, and to name a variable an index: x_1",
        ';' => "; several formulas are for jacobian",
        '[' or '{' => "; brackets are round",
        _ => "",
    };

    private static string Shown(char c) =>
        char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format
        ? $"\\u{(int)c:x4}" : c.ToString();

    /// <summary>Digits, a point, digits, and an exponent if digits follow the e: in <c>2e</c> the e is Euler's.</summary>
    private static int EndOfNumber(string text, int i)
    {
        while (i < text.Length && char.IsAsciiDigit(text[i])) i++;
        if (i < text.Length && text[i] == '.') i++;
        while (i < text.Length && char.IsAsciiDigit(text[i])) i++;
        if (i >= text.Length || text[i] is not ('e' or 'E')) return i;
        int digits = i + 1;
        if (digits < text.Length && text[digits] is '+' or '-') digits++;
        if (digits >= text.Length || !char.IsAsciiDigit(text[digits])) return i;
        while (digits < text.Length && char.IsAsciiDigit(text[digits])) digits++;
        return digits;
    }
}
