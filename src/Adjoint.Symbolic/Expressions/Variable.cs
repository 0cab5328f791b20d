namespace Adjoint.Symbolic;

/// <summary>A variable.</summary>
public sealed record Variable : Expr
{
    /// <summary>The variable of a name: <c>x</c>, <c>x1</c>.</summary>
    /// <exception cref="ArgumentException">The name is that of a constant (<c>e</c>, <c>pi</c>), as which it would be read when
    /// printed.</exception>
    public Variable(string name) : base(HashCode.Combine(typeof(Variable), name)) =>
        Name = VariableNames.Constant(name.Given()) is { } constant
            ? throw new ArgumentException($"A variable called {name} would be read as {constant}; give it another name.", nameof(name))
            : name;

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Expr> Operands => [];

    /// <inheritdoc/>
    public bool Equals(Variable? other) => base.Equals(other) && Name == other!.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();

    internal override Expr With(IReadOnlyList<Expr> operands) => this;
}
