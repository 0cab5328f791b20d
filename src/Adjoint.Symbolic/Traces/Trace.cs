using System.Globalization;

namespace Adjoint.Symbolic;

/// <summary>
/// A function at a point, operation by operation: the primal trace, the tangents that travel with it (forward mode) and the adjoints
/// that travel back (reverse mode), as in a lecture. The inputs of a function of n variables are v₁₋ₙ … v₀, its operations v₁, v₂, …
/// </summary>
/// <example><code>
/// var trace = Trace.Of(Expr.Parse("ln(x1) + x1*x2 - sin(x2)"), ("x1", 2), ("x2", 5));
/// Console.WriteLine(trace.ToTable());                 // v₁ = ln(v₋₁) = 0.693, …
/// Console.WriteLine(trace.ToTangentTable("x1"));      // v̇₁ = v̇₋₁/v₋₁ = 0.5, …
/// Console.WriteLine(trace.ToAdjointTable());          // v̄₅ = 1, v̄₄ = v̄₅ = 1, …
/// </code></example>
public sealed class Trace
{
    private readonly int _inputs;
    private readonly Dictionary<string, double> _values;

    private Trace(IReadOnlyList<TraceLine> lines, int inputs, string result)
    {
        (Lines, _inputs, Result) = (lines, inputs, result);
        _values = lines.ToDictionary(l => l.Name, l => l.Value);
    }

    /// <summary>The inputs, then the operations.</summary>
    public IReadOnlyList<TraceLine> Lines { get; }

    /// <summary>The inputs alone.</summary>
    public IEnumerable<TraceLine> Inputs => Lines.Take(_inputs);

    /// <summary>The operations alone.</summary>
    public IEnumerable<TraceLine> Operations => Lines.Skip(_inputs);

    /// <summary>The name of the line that is the result.</summary>
    public string Result { get; }

    /// <summary>The value of the function.</summary>
    public double Value => _values[Result];

    /// <summary>
    /// Traces a formula. A generic function is traced through its formula, <see cref="Expr.Of(Func{Expr, Expr}, string)"/>.
    /// </summary>
    /// <param name="formula">The formula.</param>
    /// <param name="point">The inputs, in order; every variable of the formula must be among them.</param>
    /// <exception cref="KeyNotFoundException">A variable has no value.</exception>
    public static Trace Of(Expr formula, params IReadOnlyList<(string Name, double Value)> point)
    {
        formula.Given();
        point.Given();
        string[] variables = [.. point.Select(p => p.Name.Given(nameof(point)))];
        var code = formula.Compile(variables);
        Real<double>[] results = code.Run<Real<double>>(
            [.. point.Select(p => new Real<double>(p.Value))], static c => new(c is Numeral n ? n.Value : ((NamedConstant)c).Value));
        var lines = new List<TraceLine>();
        var values = new Dictionary<string, double>();
        var slots = new Expr[code.Code.Length];
        for (int i = 0; i < slots.Length; i++)
        {
            var step = code.Code[i];
            if (step.Operation == Operation.Constant) { slots[i] = (Expr)step.Data!; continue; }
            bool isInput = step.Operation == Operation.Variable;
            string name = "v" + Subscript(lines.Count + 1 - variables.Length);
            var line = isInput ? new Variable(variables[step.X]) : Line(step, slots);
            double value = results[i].Value;
            lines.Add(new(name, line, value, isInput ? [] : Partials(line, values)));
            values[name] = value;
            slots[i] = new Variable(name);
        }
        // A formula that is a constant has no line of its own.
        if (slots[code.OutputSlots[0]] is not Variable result)
        {
            result = new Variable("v" + Subscript(lines.Count + 1 - variables.Length));
            lines.Add(new(result.Name, slots[code.OutputSlots[0]], formula.Evaluate(), []));
        }
        return new(lines, variables.Length, result.Name);
    }

    /// <summary>Forward mode: how every line changes with a variable.</summary>
    /// <param name="variable">Along which input; its tangent is 1, that of the others 0.</param>
    public IReadOnlyList<TangentLine> Tangents(string variable)
    {
        variable.Given();
        RequireInput(variable);
        var tangents = new Dictionary<string, double>();
        var lines = new List<TangentLine>();
        foreach (var line in Lines)
        {
            bool isInput = line.Formula is Variable && line.Partials.Count == 0;
            double value = isInput
                ? (line.Formula.Equals(new Variable(variable)) ? 1 : 0)
                : line.Partials.Sum(p => Times(tangents[p.Operand], p.Value));
            Expr formula = isInput
                ? Numeral.Of(value)
                : Tidying.SumOf(line.Partials.Select(p => (new Variable(Dotted(p.Operand)) * p.Formula).Tidy()));
            tangents[line.Name] = value;
            lines.Add(new(Dotted(line.Name), formula, value));
        }
        return lines;
    }

    /// <summary>
    /// Reverse mode: how the result changes with every line, from the result back to the inputs; one pass gives the whole gradient.
    /// </summary>
    public IReadOnlyList<AdjointStep> Adjoints()
    {
        var adjoints = new Dictionary<string, double> { [Result] = 1 };
        var steps = new List<AdjointStep> { new(Barred(Result), Numeral.One, 1, 1, Adds: false) };
        foreach (var line in Lines.Reverse())
        {
            if (!adjoints.TryGetValue(line.Name, out double adjoint)) continue;
            foreach (var partial in line.Partials)
            {
                bool adds = adjoints.TryGetValue(partial.Operand, out double before);
                double contribution = adjoint * partial.Value;
                adjoints[partial.Operand] = before + contribution;
                var formula = (new Variable(Barred(line.Name)) * partial.Formula).Tidy();
                steps.Add(new(Barred(partial.Operand), formula, contribution, before + contribution, adds)
                {
                    Derivative = $"∂{line.Name}/∂{partial.Operand}",
                    Partial = partial.Formula,
                    Of = Barred(line.Name),
                });
            }
        }
        return steps;
    }

    /// <summary>The gradient, by one reverse pass: a value for every input.</summary>
    public IReadOnlyList<(string Name, double Value)> Gradient()
    {
        var last = Adjoints().GroupBy(s => s.Name).ToDictionary(g => g.Key, g => g.Last().Value);
        return [.. Inputs.Select(i => (((Variable)i.Formula).Name, last.GetValueOrDefault(Barred(i.Name))))];
    }

    /// <summary>The primal trace as a table: each line's formula, the same with its numbers, and the value.</summary>
    public string ToTable() => TraceText.Primal(this);

    /// <summary>The tangent trace as a table: each line's formula, the same with its numbers, and the value.</summary>
    /// <param name="variable">Along which input.</param>
    public string ToTangentTable(string variable) => TraceText.Tangent(this, variable.Given());

    /// <summary>
    /// The adjoint trace as a table, in the order of the computation: which partial derivative is used, what it is, the same with
    /// numbers, and the value.
    /// </summary>
    public string ToAdjointTable() => TraceText.Adjoint(this);

    private static Expr Line(Instruction step, Expr[] slots)
    {
        Expr X() => slots[step.X];
        Expr Y() => slots[step.Y];
        return step.Operation switch
        {
            Operation.Add => X() + Y(),
            Operation.Subtract => X() - Y(),
            Operation.Multiply => X() * Y(),
            Operation.Divide => X() / Y(),
            Operation.Negate => -X(),
            Operation.PowNumber => Power.Of(X(), Numeral.Of((double)step.Data!)),
            Operation.Pow => Power.Of(X(), Y()),
            Operation.Unary => new UnaryCall((UnaryFunction)step.Data!, X()),
            Operation.Binary => new BinaryCall((BinaryFunction)step.Data!, X(), Y()),
            Operation.IfLess => new Conditional(Relation.Less, X(), Y(), slots[step.Then], slots[step.Otherwise]),
            _ => new Conditional(Relation.Equal, X(), Y(), slots[step.Then], slots[step.Otherwise]),
        };
    }

    private static List<Partial> Partials(Expr line, Dictionary<string, double> values)
    {
        // The numbers come from the operation itself, as in reverse mode, so that they agree with it where a formula has a pole.
        string[] operands = [.. line.Variables];
        double[] slopes = Scalar.Reverse.Gradient(line.Compile(operands), [.. operands.Select(o => values[o])]);
        var partials = new List<Partial>();
        for (int i = 0; i < operands.Length; i++)
        {
            var formula = line.Differentiate(operands[i]);
            bool nothing = slopes[i] == 0 && (formula.IsZero || line is Conditional);     // the branch not taken
            if (!nothing) partials.Add(new(operands[i], formula.Tidy(), slopes[i]));
        }
        return partials;
    }

    /// <summary>A direction that is not taken contributes nothing, even where the slope is infinite.</summary>
    private static double Times(double seed, double slope) => seed == 0 ? 0 : seed * slope;

    private void RequireInput(string variable)
    {
        if (!Inputs.Any(i => i.Formula.Equals(new Variable(variable))))
            throw new ArgumentException(
                $"There is no input {variable}; the inputs are {string.Join(", ", Inputs.Select(i => i.Formula))}.", nameof(variable));
    }

    private static string Subscript(int n) =>
        string.Concat(n.ToString(CultureInfo.InvariantCulture).Select(c => c == '-' ? '₋' : (char)('₀' + (c - '0'))));

    /// <summary>v₁ with a dot above: the derivative along a direction.</summary>
    internal static string Dotted(string name) => $"v\u0307{name[1..]}";

    /// <summary>v₁ with a bar above: the derivative of the result.</summary>
    internal static string Barred(string name) => $"v\u0304{name[1..]}";
}
