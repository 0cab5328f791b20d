namespace Adjoint.Symbolic;

/// <summary>
/// Turns formulas into straight-line code: one instruction per operation, every subformula once.
/// </summary>
/// <remarks>
/// Note [Minus and divide]: a formula keeps x − y as x + (−1)·y and x / y as x·y⁻¹. Straight-line code says subtract and divide again,
/// so that it counts, rounds and reads as the source did: a negative product and a negative power are emitted only when something
/// other than a sum or a product asks for them.
/// </remarks>
internal sealed class Lowering(IReadOnlyList<string> variables)
{
    private readonly List<Instruction> _code = [];
    private readonly Dictionary<Expr, int> _slots = [];

    public static CompiledFormula Lower(IReadOnlyList<Expr> formulas, IReadOnlyList<string> variables)
    {
        var lowering = new Lowering(variables);
        for (int i = 0; i < variables.Count; i++)
            lowering._slots[new Variable(variables[i])] = lowering.Emit(new(Operation.Variable, i));
        foreach (var e in PostOrder.Of([.. formulas]))
            if (!IsNegativeProduct(e) && !IsReciprocal(e)) lowering.Slot(e);
        int[] outputs = [.. formulas.Select(lowering.Slot)];
        return new CompiledFormula([.. lowering._code], outputs, [.. variables]);
    }

    private int Slot(Expr e)
    {
        if (_slots.TryGetValue(e, out int slot)) return slot;
        e.CheckStack();     // what is not emitted by itself waits for what uses it: −(2·−(2·−(…)))
        slot = e switch
        {
            Numeral or NamedConstant => Emit(new(Operation.Constant, Data: e)),
            Variable v => throw new KeyNotFoundException($"The formula contains the variable {v.Name}, for which no value is given "
                + (variables.Count == 0 ? "(none is)." : $"(there are values for {string.Join(", ", variables)}).")),
            Sum s => LowerSum(s),
            Product p => LowerProduct(p),
            Power p => LowerPower(p),
            UnaryCall c => Emit(new(Operation.Unary, Slot(c.Argument), Data: c.Function)),
            BinaryCall c => Emit(new(Operation.Binary, Slot(c.X), Slot(c.Y), Data: c.Function)),
            Conditional c => Emit(new(c.Relation == Relation.Less ? Operation.IfLess : Operation.IfEqual,
                Slot(c.X), Slot(c.Y), Slot(c.Then), Slot(c.Otherwise))),
            _ => throw new InvalidOperationException($"A formula of kind {e.GetType().Name} cannot be evaluated."),
        };
        return _slots[e] = slot;
    }

    private int LowerSum(Sum sum)
    {
        int total = Slot(sum.Operands[0]);
        foreach (var term in sum.Operands.Skip(1))
            total = Negated(term) is { } positive
                ? Emit(new(Operation.Subtract, total, Slot(positive)))
                : Emit(new(Operation.Add, total, Slot(term)));
        return total;
    }

    private int LowerProduct(Product product)
    {
        var factors = product.Operands;
        if (factors[0].Equals(Numeral.MinusOne)) return Emit(new(Operation.Negate, Slot(Negated(product)!)));
        if (Divisor(factors[0]) is { } of) return Emit(new(Operation.Divide, Slot(Product.Of([.. factors.Skip(1)])), Slot(of)));
        int result = Slot(factors[0]);
        foreach (var factor in factors.Skip(1))
            result = Divisor(factor) is { } divisor
                ? Emit(new(Operation.Divide, result, Slot(divisor)))
                : Emit(new(Operation.Multiply, result, Slot(factor)));
        return result;
    }

    private int LowerPower(Power power)
    {
        // A power on its own stays one operation: its slope at 0 is −∞, where that of the quotient 1/x² would be 0/0.
        if (IsReciprocal(power) && power.Exponent.Equals(Numeral.MinusOne))
            return Emit(new(Operation.Divide, Slot(Numeral.One), Slot(Inverted(power))));
        if (power.WholeExponent is { } n && n > 1) return Whole(Slot(power.Base), n);
        return power.Exponent is Numeral { Value: var exponent }
            ? Emit(new(Operation.PowNumber, Slot(power.Base), Data: exponent))
            : Emit(new(Operation.Pow, Slot(power.Base), Slot(power.Exponent)));
    }

    /// <summary>xⁿ by repeated squaring: x⁵ is (x²)²·x.</summary>
    private int Whole(int x, int n)
    {
        if (n == 1) return x;
        int half = Whole(x, n / 2);
        int square = Emit(new(Operation.Multiply, half, half));
        return n % 2 == 0 ? square : Emit(new(Operation.Multiply, square, x));
    }

    private static bool IsNegativeProduct(Expr e) => Negated(e) is not null;

    /// <summary>−e, when e is a product with a negative coefficient or a negative number.</summary>
    private static Expr? Negated(Expr e) => e switch
    {
        Product p when p.Operands[0] is Numeral { Value: < 0 } => Product.Of(Numeral.MinusOne, p),
        Numeral { Value: < 0 } n => Numeral.Multiply(Numeral.MinusOne, n),
        _ => null,
    };

    /// <summary>q for a number 1/q and uⁿ for a power u⁻ⁿ: x/3 is a division, not a product with a rounded third.</summary>
    private static Expr? Divisor(Expr factor) => factor switch
    {
        Numeral { Exact: { IsInteger: false, Numerator.IsOne: true } q } => new Numeral((Rational)q.Denominator),
        Power p when IsReciprocal(p) => Inverted(p),
        _ => null,
    };

    private static bool IsReciprocal(Expr e) => e is Power { Exponent: Numeral { Value: < 0 } };

    private static Expr Inverted(Power p) => Power.Of(p.Base, Numeral.Multiply(Numeral.MinusOne, (Numeral)p.Exponent));

    private int Emit(Instruction instruction)
    {
        _code.Add(instruction);
        return _code.Count - 1;
    }
}
