namespace Adjoint.Symbolic;

public abstract partial record Expr
{
    /// <summary>The names of the variables, in the order of their first appearance.</summary>
    public IReadOnlyList<string> Variables => [.. PostOrder.Of(this).OfType<Variable>().Select(v => v.Name)];

    /// <summary>The value at a point.</summary>
    /// <param name="values">A value for every variable of the formula; others are ignored.</param>
    /// <exception cref="KeyNotFoundException">A variable has no value.</exception>
    public double Evaluate(IReadOnlyDictionary<string, double> values) => Compile([.. values.Given().Keys]).Invoke([.. values.Values]);

    /// <summary>The value at a point, as in <c>f.Evaluate(("x1", 2), ("x2", 5))</c>.</summary>
    /// <param name="values">A value for every variable of the formula; others are ignored.</param>
    /// <exception cref="KeyNotFoundException">A variable has no value.</exception>
    public double Evaluate(params (string Name, double Value)[] values) =>
        Evaluate(Named(values.Given()));

    private static Dictionary<string, double> Named((string Name, double Value)[] values)
    {
        var named = new Dictionary<string, double>();
        foreach ((string name, double value) in values)
            if (!named.TryAdd(name.Given(nameof(values)), value))
                throw new ArgumentException($"Evaluate: there are two values for {name}, {named[name]} and {value}.", nameof(values));
        return named;
    }

    /// <summary>The value over any algebra: a dual number, a tape entry, a tensor, another formula.</summary>
    /// <param name="values">A value for every variable of the formula; others are ignored.</param>
    /// <exception cref="KeyNotFoundException">A variable has no value.</exception>
    public V Evaluate<V>(IReadOnlyDictionary<string, V> values) where V : IAlgebra<V> =>
        Compile([.. values.Given().Keys]).Invoke<V>([.. values.Values]);

    /// <summary>The formula as straight-line code over registers, for many evaluations.</summary>
    /// <param name="variables">The variables in the order their values will be passed.</param>
    /// <exception cref="KeyNotFoundException">The formula has a variable that is not among them.</exception>
    public CompiledFormula Compile(params string[] variables) => Lowering.Lower([this], variables.AllGiven());

    /// <summary>Several formulas as one piece of straight-line code; what they share is computed once.</summary>
    /// <param name="formulas">The formulas.</param>
    /// <param name="variables">The variables in the order their values will be passed.</param>
    /// <exception cref="KeyNotFoundException">A formula has a variable that is not among them.</exception>
    public static CompiledFormula Compile(IReadOnlyList<Expr> formulas, params string[] variables) =>
        Lowering.Lower(formulas.AllGiven(), variables.AllGiven());

    /// <summary>A delegate of one variable.</summary>
    /// <param name="x">The variable.</param>
    public Func<double, double> ToFunc(string x)
    {
        x.Given();
        var code = Compile(x);
        return v => code.Invoke(v);
    }

    /// <summary>A delegate of two variables.</summary>
    /// <param name="x">The first variable.</param>
    /// <param name="y">The second variable.</param>
    public Func<double, double, double> ToFunc(string x, string y)
    {
        x.Given();
        y.Given();
        var code = Compile(x, y);
        return (v, w) => code.Invoke(v, w);
    }

    /// <summary>The formula with another formula in place of a variable.</summary>
    /// <param name="variable">The variable's name.</param>
    /// <param name="replacement">What stands for it.</param>
    public Expr Substitute(string variable, Expr replacement) =>
        Replace(new Dictionary<Expr, Expr> { [new Variable(variable.Given())] = replacement.Given() });

    /// <summary>The formula with every occurrence of a subformula replaced.</summary>
    /// <param name="part">The subformula to look for, compared by structure.</param>
    /// <param name="replacement">What stands for it.</param>
    public Expr Substitute(Expr part, Expr replacement) => Replace(new Dictionary<Expr, Expr> { [part.Given()] = replacement.Given() });

    private Expr Replace(Dictionary<Expr, Expr> known)
    {
        foreach (var e in PostOrder.Of(this))
            if (!known.ContainsKey(e))
                known[e] = e.Operands.All(o => ReferenceEquals(known[o], o)) ? e : e.With([.. e.Operands.Select(o => known[o])]);
        return known[this];
    }

    /// <summary>
    /// The number of nodes of the formula written out as a tree: constants, variables and operations. Beyond 2⁶¹ it is no longer counted.
    /// </summary>
    public long NodeCount => Written(static (e, sum) => e.Operands.Count == 0 ? 1 : 1 + sum);

    /// <summary>
    /// The number of terms of the formula as it is written: the summands of every sum, at any depth; 1 for a formula without a sum.
    /// </summary>
    public long TermCount
    {
        get
        {
            var sums = new Dictionary<Expr, long>();   // 0 for a subformula without a sum
            foreach (var e in PostOrder.Of(this))
                sums[e] = e is Sum ? Added(e, o => Math.Max(1, sums[o])) : Added(e, o => sums[o]);
            return Math.Max(1, sums[this]);
        }
    }

    // A formula that shares its parts, squared again and again, has more of them written out than a long can say: that many then.
    private static long Added(Expr e, Func<Expr, long> of) => e.Operands.Aggregate(0L, (sum, o) => Math.Min(Most, sum + of(o)));

    private const long Most = long.MaxValue / 4;

    private long Written(Func<Expr, long, long> count)
    {
        var counts = new Dictionary<Expr, long>();
        foreach (var e in PostOrder.Of(this)) counts[e] = count(e, Added(e, o => counts[o]));
        return counts[this];
    }
}
