namespace Adjoint;

internal sealed partial class ReplayArena
{
    private readonly Tensor?[] _arguments;
    private readonly Tensor?[] _gradientsBefore, _clearedBefore;
    private readonly double[] _asked;
    private readonly ReplayCopies? _copies;
    private readonly Func<GraphMemory, Tensor> _changedOperand;
    private bool _arePublished;

    /// <summary>Runs the plan.</summary>
    /// <param name="arguments">The arguments, which fit what was captured.</param>
    /// <param name="numbers">The numbers among the arguments of the call.</param>
    /// <param name="kind">How many results the caller takes.</param>
    /// <param name="one">The one result.</param>
    /// <returns>The results, where there are many.</returns>
    internal Tensor[]? Run(ReadOnlySpan<Tensor> arguments, double[] numbers, ResultKind kind, out Tensor? one)
    {
        one = null;
        for (int i = 0; i < arguments.Length; i++) _arguments[i] = arguments[i];
        _arePublished = false;
        Begin(numbers);
        _copies?.Take(_changedOperand);
        try
        {
            for (int i = 0; i < _plan.Steps.Length; i++)
            {
                _plan.Steps[i].Run(this);
                foreach (int memory in _plan.LastRead[i]) Release(memory);
            }
            PublishGradients(isEnd: true);
            if (kind == ResultKind.One) one = Output(0);
            if (kind != ResultKind.Many) return null;
            var outputs = new Tensor[_plan.Outputs.Length];
            for (int i = 0; i < outputs.Length; i++) outputs[i] = Output(i);
            return outputs;
        }
        catch
        {
            if (_arePublished) TakeBackGradients();
            _copies?.BringBack();
            throw;
        }
        finally
        {
            LetGo();
        }
    }

    private void Begin(double[] numbers)
    {
        ReplayPlan plan = _plan;
        for (int i = 0; i < plan.Asked.Length; i++) Ask(plan.Graph.Memories[plan.Asked[i]], numbers, i);
        for (int i = 0; i < _arguments.Length; i++) Bind(plan.Arguments[i], _arguments[i]!, plan.ArgumentOffsets[i]);
        foreach (int memory in plan.Cells)
        {
            GraphMemory cell = plan.Graph.Memories[memory];
            Bind(memory, cell.Leaf!.GradOrNull!, cell.Tensor!.Offset);
        }
        foreach (int memory in plan.Kept)
            foreach (int number in plan.TensorsOf[memory])
                if (plan.AreGradientsAtRisk || !_operands[number]!.IsUnseen)
                {
                    Keep(memory);
                    break;
                }
        foreach (int memory in plan.Fresh) Bind(memory, Whole(memory), 0);
    }

    /// <summary>Sets the gradients of the leaves: before an optimizer's step reads them, at the latest at the end.</summary>
    internal void PublishGradients(bool isEnd = false)
    {
        int[] values = _plan.GradientOperands;
        for (int i = 0; i < _clearedBefore.Length; i++)
        {
            Tensor leaf = Cleared(i);
            if (!_arePublished) _clearedBefore[i] = leaf.GradOrNull;
            leaf.GradOrNull = null;
        }
        for (int i = 0; i < values.Length; i++)
        {
            if (LeafOf(i) is not { } leaf) continue;
            if (!_arePublished) _gradientsBefore[i] = leaf.GradOrNull;
            leaf.GradOrNull = values[i] < 0 || (isEnd && _plan.IsLetGo[i]) ? null : _operands[values[i]];
        }
        _arePublished = true;
    }

    private void TakeBackGradients()
    {
        for (int i = 0; i < _clearedBefore.Length; i++) Cleared(i).GradOrNull = _clearedBefore[i];
        for (int i = 0; i < _gradientsBefore.Length; i++)
            if (LeafOf(i) is { } leaf) leaf.GradOrNull = _gradientsBefore[i];
    }

    private Tensor Cleared(int number) => number < _plan.Cleared.Length ? _plan.Cleared[number]
        : _arguments[_plan.ClearedArguments[number - _plan.Cleared.Length]]!;

    // A leaf that the function made itself is gone.
    private Tensor? LeafOf(int number)
    {
        GraphGradient gradient = _plan.Gradients[number];
        if (gradient.Leaf.Role == GraphRole.Result || _plan.IsGradientMade(number)) return null;
        if (gradient.Leaf.Role != GraphRole.Input) return gradient.Tensor;
        return _arguments[Array.IndexOf(_plan.Arguments, gradient.Leaf.Index)];
    }

    private void Ask(GraphMemory memory, double[] numbers, int at)
    {
        double value = memory.Ask!.Target is NumberArgument { Index: var index } ? numbers[index] : double.NaN;
        if (memory.Ask.Target is not NumberArgument)
        {
            // Once in a run, however many operands it is.
            int known = 0;
            while (known < at && !ReferenceEquals(_plan.Graph.Memories[_plan.Asked[known]].Ask, memory.Ask)) known++;
            value = known < at ? _asked[known] : memory.Ask();
        }
        _asked[at] = value;
        Tensor number = value;
        Bind(memory.Index, number.DType == memory.DType ? number : number.AsNumber.Beside(memory.Tensor!), 0);
    }

    private Tensor Output(int number) => _plan.Results.Of(number, Operand(_plan.Outputs[number]), _arguments);

    // Of memory that an operation made itself nobody reads any more.
    private void Release(int memory)
    {
        foreach (int number in _plan.TensorsOf[memory]) _operands[number] = null;
        Supply.Release(memory);
    }

    // What the caller gave or got lives no longer than he wants.
    private void LetGo()
    {
        Supply.ReleaseAll();
        _copies?.LetGo();
        foreach (int number in _plan.Passing) _operands[number] = null;
        Array.Clear(_arguments);
        Array.Clear(_gradientsBefore);
        Array.Clear(_clearedBefore);
        if (_plan.IsOneTape) return;
        Array.Clear(_inputs);
        Array.Clear(_targets);
        Array.Clear(_results);
        Array.Clear(_manyInputs);
    }
}

/// <summary>A C# number among the arguments of a compiled function, which a run takes from its call.</summary>
internal sealed class NumberArgument(int index)
{
    internal int Index => index;

    internal double Value { get; set; }

    internal double Ask() => Value;
}
