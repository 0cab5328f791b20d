namespace Adjoint.Symbolic;

/// <summary>
/// One or several formulas as straight-line code over registers: what <see cref="Expr.Compile(string[])"/> returns. It runs over
/// any algebra and needs no code generation at run time. Common subformulas, within and between the formulas, are computed once.
/// As an <see cref="IFunction"/> and <see cref="IVectorFunction"/> it goes wherever a generic C# function does.
/// </summary>
public sealed class CompiledFormula : IFunction, IVectorFunction
{
    private readonly Instruction[] _code;
    private readonly int[] _outputs;

    internal CompiledFormula(Instruction[] code, int[] outputs, string[] variables) =>
        (_code, _outputs, Variables) = (code, outputs, variables);

    /// <summary>The variables, in the order their values are passed.</summary>
    public IReadOnlyList<string> Variables { get; }

    /// <summary>How many formulas were compiled together.</summary>
    public int Outputs => _outputs.Length;

    /// <summary>How many operations one run performs; constants and variables cost nothing.</summary>
    public int OperationCount => _code.Count(i => i.Operation is not (Operation.Constant or Operation.Variable));

    internal ReadOnlySpan<Instruction> Code => _code;

    internal ReadOnlySpan<int> OutputSlots => _outputs;

    /// <summary>The value of the (first) formula at a point.</summary>
    /// <param name="values">One value per variable.</param>
    /// <exception cref="ArgumentException">The number of values is not the number of variables.</exception>
    public double Invoke(params ReadOnlySpan<double> values)
    {
        Span<double> outputs = _outputs.Length <= 64 ? stackalloc double[_outputs.Length] : new double[_outputs.Length];
        Invoke(values, outputs);
        return outputs[0];
    }

    /// <summary>The values of all formulas at a point.</summary>
    /// <param name="values">One value per variable.</param>
    /// <param name="outputs">Receives one value per formula.</param>
    /// <exception cref="ArgumentException">A length differs from the number of variables or formulas.</exception>
    public void Invoke(ReadOnlySpan<double> values, Span<double> outputs)
    {
        CheckOutputs(outputs.Length);
        CheckCount(values.Length);
        Span<double> slots = _code.Length <= 256 ? stackalloc double[_code.Length] : new double[_code.Length];
        for (int i = 0; i < _code.Length; i++)
        {
            ref readonly var step = ref _code[i];
            slots[i] = step.Operation switch
            {
                Operation.Constant => step.Data is Numeral n ? n.Value : ((NamedConstant)step.Data!).Value,
                Operation.Variable => values[step.X],
                Operation.Add => slots[step.X] + slots[step.Y],
                Operation.Subtract => slots[step.X] - slots[step.Y],
                Operation.Multiply => slots[step.X] * slots[step.Y],
                Operation.Divide => slots[step.X] / slots[step.Y],
                Operation.Negate => -slots[step.X],
                Operation.PowNumber => new Real<double>(slots[step.X]).Pow((double)step.Data!).Value,
                Operation.Pow => new Real<double>(slots[step.X]).Pow(new Real<double>(slots[step.Y])).Value,
                Operation.Unary => ((UnaryFunction)step.Data!).Evaluate(slots[step.X]),
                Operation.Binary => ((BinaryFunction)step.Data!).Evaluate(slots[step.X], slots[step.Y]),
                Operation.IfLess => slots[step.X] < slots[step.Y] ? slots[step.Then] : slots[step.Otherwise],
                _ => slots[step.X] == slots[step.Y] ? slots[step.Then] : slots[step.Otherwise],
            };
        }
        for (int i = 0; i < outputs.Length; i++) outputs[i] = slots[_outputs[i]];
    }

    /// <summary>The value of the (first) formula over any algebra: dual numbers, tape entries, tensors, formulas.</summary>
    /// <param name="x">One value per variable.</param>
    /// <exception cref="ArgumentException">The number of values is not the number of variables.</exception>
    public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V> => Run(x, Constant<V>)[_outputs[0]];

    /// <summary>The values of all formulas over any algebra.</summary>
    /// <param name="x">One value per variable.</param>
    /// <param name="y">Receives one value per formula.</param>
    /// <exception cref="ArgumentException">A length differs from the number of variables or formulas.</exception>
    public void Invoke<V>(ReadOnlySpan<V> x, Span<V> y) where V : IAlgebra<V>
    {
        CheckOutputs(y.Length);
        var slots = Run(x, Constant<V>);
        for (int i = 0; i < y.Length; i++) y[i] = slots[_outputs[i]];
    }

    private static V Constant<V>(Expr number) where V : IAlgebra<V> =>
        V.Constant(number is Numeral n ? n.Value : ((NamedConstant)number).Value);

    /// <summary>The results of all instructions, constants read by <paramref name="constant"/>.</summary>
    internal V[] Run<V>(ReadOnlySpan<V> values, Func<Expr, V> constant) where V : IAlgebra<V>
    {
        CheckCount(values.Length);
        var slots = new V[_code.Length];
        for (int i = 0; i < _code.Length; i++)
        {
            var step = _code[i];
            slots[i] = step.Operation switch
            {
                Operation.Constant => constant((Expr)step.Data!),
                Operation.Variable => values[step.X],
                Operation.Add => slots[step.X] + slots[step.Y],
                Operation.Subtract => slots[step.X] - slots[step.Y],
                Operation.Multiply => slots[step.X] * slots[step.Y],
                Operation.Divide => slots[step.X] / slots[step.Y],
                Operation.Negate => -slots[step.X],
                Operation.PowNumber => slots[step.X].Pow((double)step.Data!),
                Operation.Pow => slots[step.X].Pow(slots[step.Y]),
                Operation.Unary => ((UnaryFunction)step.Data!).Value(slots[step.X]),
                Operation.Binary => ((BinaryFunction)step.Data!).Value(slots[step.X], slots[step.Y]),
                Operation.IfLess => V.IfLess(slots[step.X], slots[step.Y], slots[step.Then], slots[step.Otherwise]),
                _ => V.IfEqual(slots[step.X], slots[step.Y], slots[step.Then], slots[step.Otherwise]),
            };
        }
        return slots;
    }

    private void CheckOutputs(int count)
    {
        if (count != _outputs.Length)
            throw new ArgumentException($"There are {_outputs.Length} formulas, but room for {count} values.");
    }

    private void CheckCount(int count)
    {
        if (count != Variables.Count)
        {
            throw new ArgumentException(
                $"The formula has {Variables.Count} variables ({string.Join(", ", Variables)}), but {count} values were passed.");
        }
    }
}
