namespace Adjoint.Symbolic;

/// <summary>The functions a formula may call by name. Only names stand here: value and slope are the operations' own.</summary>
public static class KnownFunctions
{
    private static readonly Dictionary<string, Func<Expr, Expr>> Unary = new()
    {
        ["ln"] = x => x.Log(),
        ["log"] = x => x.Log(),
        ["log2"] = x => x.Log2(),
        ["log10"] = x => x.Log10(),
        ["log1p"] = x => x.Log1p(),
        ["exp"] = x => x.Exp(),
        ["exp2"] = x => x.Exp2(),
        ["expm1"] = x => x.Expm1(),
        ["sqrt"] = x => x.Sqrt(),
        ["rsqrt"] = x => x.Rsqrt(),
        ["square"] = x => x.Square(),
        ["reciprocal"] = x => x.Reciprocal(),
        ["sin"] = x => x.Sin(),
        ["cos"] = x => x.Cos(),
        ["tan"] = x => x.Tan(),
        ["cot"] = x => 1 / x.Tan(),
        ["sec"] = x => 1 / x.Cos(),
        ["csc"] = x => 1 / x.Sin(),
        ["asin"] = x => x.Asin(),
        ["acos"] = x => x.Acos(),
        ["atan"] = x => x.Atan(),
        ["arcsin"] = x => x.Asin(),
        ["arccos"] = x => x.Acos(),
        ["arctan"] = x => x.Atan(),
        ["sinh"] = x => x.Sinh(),
        ["cosh"] = x => x.Cosh(),
        ["tanh"] = x => x.Tanh(),
        ["asinh"] = x => x.Asinh(),
        ["acosh"] = x => x.Acosh(),
        ["atanh"] = x => x.Atanh(),
        ["erf"] = x => x.Erf(),
        ["erfc"] = x => x.Erfc(),
        ["sinc"] = x => x.Sinc(),
        ["sigmoid"] = x => x.Sigmoid(),
        ["logit"] = x => x.Logit(),
        ["logsigmoid"] = x => x.LogSigmoid(),
        ["relu"] = x => x.Relu(),
        ["relu6"] = x => x.Relu6(),
        ["leaky_relu"] = x => x.LeakyRelu(),
        ["elu"] = x => x.Elu(),
        ["selu"] = x => x.Selu(),
        ["celu"] = x => x.Celu(),
        ["gelu"] = x => x.Gelu(),
        ["silu"] = x => x.Silu(),
        ["mish"] = x => x.Mish(),
        ["softplus"] = x => x.Softplus(),
        ["softsign"] = x => x.Softsign(),
        ["tanhshrink"] = x => x.Tanhshrink(),
        ["hardtanh"] = x => x.Hardtanh(),
        ["hardsigmoid"] = x => x.Hardsigmoid(),
        ["hardswish"] = x => x.Hardswish(),
        ["abs"] = x => x.Abs(),
        ["sign"] = x => x.Sign(),
        ["floor"] = x => x.Floor(),
        ["ceil"] = x => x.Ceil(),
        ["round"] = x => x.Round(),
        ["trunc"] = x => x.Trunc(),
        ["frac"] = x => x.Frac(),
        ["deg2rad"] = x => x.Deg2Rad(),
        ["rad2deg"] = x => x.Rad2Deg(),
    };

    private static readonly Dictionary<string, Func<Expr, Expr, Expr>> Binary = new()
    {
        ["pow"] = (x, y) => x.Pow(y),
        ["atan2"] = (x, y) => x.Atan2(y),
        ["hypot"] = (x, y) => x.Hypot(y),
        ["max"] = (x, y) => x.Maximum(y),
        ["min"] = (x, y) => x.Minimum(y),
        ["fmax"] = (x, y) => x.Fmax(y),
        ["fmin"] = (x, y) => x.Fmin(y),
        ["maximum"] = (x, y) => x.Maximum(y),
        ["minimum"] = (x, y) => x.Minimum(y),
        ["logaddexp"] = (x, y) => x.LogAddExp(y),
        ["xlogy"] = (x, y) => x.Xlogy(y),
        ["fmod"] = (x, y) => x.Fmod(y),
        ["remainder"] = (x, y) => x.Remainder(y),
    };

    /// <summary>All names, in alphabetical order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Unary.Keys.Concat(Binary.Keys).Order(StringComparer.Ordinal)];

    /// <summary>How many arguments a function takes; null if there is none of that name.</summary>
    public static int? ArityOf(string name) => Unary.ContainsKey(name.Given()) ? 1 : Binary.ContainsKey(name) ? 2 : null;

    /// <summary>The function that undoes another, by the name a formula calls it.</summary>
    internal static string? InverseOf(string name) => name switch
    {
        "sin" or "cos" or "tan" or "sinh" or "cosh" or "tanh" => "a" + name,
        "asin" or "acos" or "atan" or "asinh" or "acosh" or "atanh" => name[1..],
        "ln" or "log" => "exp",
        "exp" => "ln",
        "log2" => "exp2",
        "exp2" => "log2",
        "log1p" => "expm1",
        "expm1" => "log1p",
        "sqrt" => "square",
        "sigmoid" => "logit",
        "logit" => "sigmoid",
        _ => null,
    };

    internal static Expr Call(string name, IReadOnlyList<Expr> arguments) =>
        arguments.Count == 1 ? Unary[name](arguments[0]) : Binary[name](arguments[0], arguments[1]);

    /// <summary>What functions are called in other books and languages.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["lg"] = "log10",
        ["ld"] = "log2",
        ["lb"] = "log2",
        ["tg"] = "tan",
        ["ctg"] = "cot",
        ["arctg"] = "atan",
        ["sh"] = "sinh",
        ["ch"] = "cosh",
        ["th"] = "tanh",
        ["sgn"] = "sign",
        ["signum"] = "sign",
        ["ceiling"] = "ceil",
        ["truncate"] = "trunc",
        ["mod"] = "remainder",
        ["power"] = "pow",
        ["arsinh"] = "asinh",
        ["arcosh"] = "acosh",
        ["artanh"] = "atanh",
        ["root"] = "sqrt",
    };

    /// <summary>The name a mistyped one was probably meant to be: at most two letters away, and not all of them.</summary>
    internal static string? Nearest(string name)
    {
        if (name.Length is < 2 or > 20) return null;
        string lower = name.ToLowerInvariant();
        if (Elsewhere.TryGetValue(lower, out string? here)) return here;
        var (best, distance) = Names.Select(n => (Name: n, Distance: Distance(lower, n)))
            .MinBy(n => (n.Distance, -CommonStart(lower, n.Name)));
        return distance <= Math.Min(2, name.Length - 1) ? best : null;
    }

    private static int CommonStart(string a, string b) => a.AsSpan().CommonPrefixLength(b);

    /// <summary>Levenshtein's distance: insertions, deletions and substitutions.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0]++;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }
}
