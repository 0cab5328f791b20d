namespace Adjoint.Symbolic;

public abstract partial record Expr
{
    /// <summary>The formula in one line as a book sets it: <c>16x(1 − 2x)²</c>.</summary>
    public string ToText() => PlainText.Print(this, typeset: true);

    /// <summary>The formula as LaTeX, for math mode.</summary>
    public string ToLatex() => LatexText.Print(this);

    /// <summary>
    /// The formula as a C# expression over doubles named as the variables are, where C# allows that: <c>@in</c> for in, <c>θ1</c> for θ₁,
    /// <c>Math_</c> for Math.
    /// </summary>
    public string ToCSharp() => CSharpText.Print(this);

    /// <summary>The formula as a C# method over doubles.</summary>
    /// <param name="name">The method's name.</param>
    /// <param name="parameters">Its parameters; none means all variables in the order of their first appearance.</param>
    /// <exception cref="ArgumentException">
    /// The name is none that a method can have beside <c>Math</c>, two parameters are the same, or a variable is not among them.
    /// </exception>
    public string ToCSharp(string name, params IReadOnlyList<string> parameters) =>
        CSharpText.Method(this, name.Given(), parameters.AllGiven().Count > 0 ? parameters : Variables);
}
