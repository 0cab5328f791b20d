namespace Adjoint;

/// <summary>
/// A number of one step of an optimizer, in double precision: what an <see cref="IUpdateRule{TOptions}"/> computes of the count of steps
/// and its options once a step. As a formula that is read it has no value to look at: what depends on one is said by
/// <see cref="IfLess"/>.
/// </summary>
/// <remarks>It rounds as double does, and its functions are those of <see cref="Math"/>.</remarks>
[System.ComponentModel.EditorBrowsable(System.ComponentModel.EditorBrowsableState.Advanced)]
public readonly struct StepNumber
{
    private readonly CodeNode? _node;

    private StepNumber(double value, CodeNode? node) => (Value, _node) = (value, node);

    /// <summary>The number, when the step is made.</summary>
    internal double Value { get; }

    /// <summary>The formula, when it is written.</summary>
    internal CodeNode Node => _node ?? new CodeNode.Constant(Value);

    /// <summary>A variable of a program that is written.</summary>
    internal static StepNumber Named(string name) => new(double.NaN, new CodeNode.Name(name));

    /// <summary>A number as it is.</summary>
    public static implicit operator StepNumber(double value) => new(value, null);

    /// <summary>x + y.</summary>
    public static StepNumber operator +(StepNumber x, StepNumber y) => Of(x.Value + y.Value, '+', x, y);

    /// <summary>x − y.</summary>
    public static StepNumber operator -(StepNumber x, StepNumber y) => Of(x.Value - y.Value, '-', x, y);

    /// <summary>x·y.</summary>
    public static StepNumber operator *(StepNumber x, StepNumber y) => Of(x.Value * y.Value, '*', x, y);

    /// <summary>x/y.</summary>
    public static StepNumber operator /(StepNumber x, StepNumber y) => Of(x.Value / y.Value, '/', x, y);

    /// <summary>−x.</summary>
    public static StepNumber operator -(StepNumber x) => new(-x.Value, x._node is null ? null : new CodeNode.Minus(x.Node));

    /// <summary>xʸ, as <see cref="Math.Pow"/>.</summary>
    public static StepNumber Pow(StepNumber x, StepNumber y) => Of(Math.Pow(x.Value, y.Value), "Math.Pow({0}, {1})", x, y);

    /// <summary>√x.</summary>
    public static StepNumber Sqrt(StepNumber x) => Of(Math.Sqrt(x.Value), "Math.Sqrt({0})", x);

    /// <summary>eˣ.</summary>
    public static StepNumber Exp(StepNumber x) => Of(Math.Exp(x.Value), "Math.Exp({0})", x);

    /// <summary>ln x.</summary>
    public static StepNumber Log(StepNumber x) => Of(Math.Log(x.Value), "Math.Log({0})", x);

    /// <summary>cos x.</summary>
    public static StepNumber Cos(StepNumber x) => Of(Math.Cos(x.Value), "Math.Cos({0})", x);

    /// <summary>The smaller one; NaN if either is.</summary>
    public static StepNumber Min(StepNumber x, StepNumber y) => Of(Math.Min(x.Value, y.Value), "Math.Min({0}, {1})", x, y);

    /// <summary>The larger one; NaN if either is.</summary>
    public static StepNumber Max(StepNumber x, StepNumber y) => Of(Math.Max(x.Value, y.Value), "Math.Max({0}, {1})", x, y);

    /// <summary><paramref name="then"/> if x &lt; y, else <paramref name="otherwise"/>.</summary>
    /// <param name="x">What is compared.</param>
    /// <param name="y">With what.</param>
    /// <param name="then">The result if it is less.</param>
    /// <param name="otherwise">The result if it is not, or if one of them is NaN.</param>
    public static StepNumber IfLess(StepNumber x, StepNumber y, StepNumber then, StepNumber otherwise) => new(
        x.Value < y.Value ? then.Value : otherwise.Value,
        IsRead(x, y, then, otherwise) ? new CodeNode.Choice("<", x.Node, y.Node, then.Node, otherwise.Node) : null);

    private static StepNumber Of(double value, char sign, StepNumber x, StepNumber y) =>
        new(value, IsRead(x, y) ? new CodeNode.Binary(sign, x.Node, y.Node) : null);

    private static StepNumber Of(double value, string form, params ReadOnlySpan<StepNumber> x)
    {
        if (!IsRead(x)) return value;
        var parts = new CodeNode[x.Length];
        for (int i = 0; i < parts.Length; i++) parts[i] = x[i].Node;
        return new(value, new CodeNode.Call(form, null, parts));
    }

    private static bool IsRead(params ReadOnlySpan<StepNumber> x)
    {
        foreach (StepNumber number in x)
            if (number._node is not null) return true;
        return false;
    }
}
