namespace Adjoint;

/// <summary>
/// What an operation says of itself beside its rule: how it is written, called, asked for elsewhere, and how exact it is. The names and
/// facts of formulas, the modules of activations and their functions, <c>adjoint ops</c>, docs/operations.md and the comparison with
/// PyTorch are made from it; nobody else keeps a list.
/// </summary>
/// <remarks>
/// Only what does not follow is said: the name, what the slope reads, the dtypes and the places without a slope are the operation's own
/// already, and the derivative is printed from its rule. It is made anew whenever it is asked for, so that asking for an operation's
/// other members never runs a static constructor; who needs it often keeps it.
/// </remarks>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public sealed class OpInfo
{
    /// <summary>An operation that says nothing of itself.</summary>
    public static OpInfo None { get; } = new();

    /// <summary>
    /// The formula, of x and y. That of an element-wise operation is typed as <c>Expr.Parse</c> reads it, with a name for each parameter
    /// in the order of the operation's own; that of others is for people.
    /// </summary>
    public string Formula { get; init => field = Given(value); } = "";

    /// <summary>The gradient, where neither a formula nor the kind of the operation tells it; for people.</summary>
    public string Gradient { get; init => field = Given(value); } = "";

    /// <summary>
    /// What PyTorch is asked for its value: an expression of Python in <c>x</c>, <c>y</c>, <c>z</c> and the formula's parameters.
    /// </summary>
    public string Torch { get; init => field = Given(value); } = "";

    /// <summary>What a typed formula may call it. The first is how it is printed. None if formulas do not have it.</summary>
    public IReadOnlyList<string> FormulaNames { get; init => field = Names(value); } = [];

    /// <summary>What it is called in other books and languages; who types that is told the name here.</summary>
    public IReadOnlyList<string> NamesElsewhere { get; init => field = Names(value); } = [];

    /// <summary>
    /// LaTeX: a command that stands before its argument in brackets (<c>\sin</c>), or a text with <c>#</c> for the argument
    /// (<c>\sqrt{#}</c>). Null where it is the name, set upright.
    /// </summary>
    public string? Latex { get; init; }

    /// <summary>
    /// The method of .NET with the same value at every double: <c>Math.Sin</c>, <c>double.Exp2</c>. Null if there is none.
    /// </summary>
    public string? DotNet { get; init; }

    /// <summary>The word of generic code, where it is not the name with its words in capitals: <c>LogAddExp</c>.</summary>
    public string? Word { get; init; }

    /// <summary>The name of the inverse function.</summary>
    public string? Inverse { get; init; }

    /// <summary>What is true of it.</summary>
    public OpFacts Facts { get; init; }

    /// <summary>
    /// The largest error of Float32 and of Float64, in units in the last place. Null where it is that of what it is composed of.
    /// </summary>
    public (double Float32, double Float64)? Ulps { get; init; }

    /// <summary>By how much more than usual values may differ from PyTorch's, where little is left of large terms.</summary>
    public double Slack { get; init; } = 1;

    /// <summary>The operator of ONNX with the same meaning. Null if none has it by itself.</summary>
    public string? Onnx { get; init; }

    /// <summary>
    /// The module that does nothing else, as PyTorch prints it, with the parameters of the tensor's method in braces and what each may be:
    /// <c>ELU(alpha={alpha: any finite number})</c>. The compiler makes of it the module, the function in <c>F</c>, their checks and their
    /// documentation, so it is a plain text. Null if there is none.
    /// </summary>
    public string? Module { get; init; }

    /// <summary>Whether all of <paramref name="facts"/> are true of it.</summary>
    public bool Is(OpFacts facts) => (Facts & facts) == facts;

    private static string Given(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }

    private static string[] Names(IReadOnlyList<string> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        string[] names = [.. value];
        int empty = Array.IndexOf(names, null);
        return empty < 0 ? names : throw new ArgumentNullException(nameof(value), $"Element {empty} of the list is null.");
    }
}
