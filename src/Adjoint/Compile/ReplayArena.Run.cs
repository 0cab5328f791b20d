namespace Adjoint;

internal sealed partial class ReplayArena
{
    private Tensor[] _arguments = [];
    private readonly Tensor?[] _gradientsBefore;
    private readonly double[] _asked;
    private bool _arePublished;

    /// <summary>Runs the plan.</summary>
    /// <param name="arguments">The arguments, which fit what was captured.</param>
    /// <param name="numbers">The numbers among the arguments of the call.</param>
    /// <returns>What the function returns; the array is the arena's until it is given back.</returns>
    internal Tensor[] Run(Tensor[] arguments, double[] numbers)
    {
        _arguments = arguments;
        _arePublished = false;
        ReplayPlan plan = _plan;
        for (int i = 0; i < plan.Asked.Length; i++) Ask(plan.Graph.Memories[plan.Asked[i]], numbers, i);
        for (int i = 0; i < arguments.Length; i++)
        {
            GraphTensor input = plan.Graph.Inputs[i];
            Bind(input.Value.Memory.Index, arguments[i], input.Offset);
        }
        foreach (int memory in plan.Cells)
        {
            GraphMemory cell = plan.Graph.Memories[memory];
            Bind(memory, cell.Leaf!.GradOrNull!, cell.Tensor!.Offset);
        }
        foreach (int memory in plan.Kept)
            foreach (int number in plan.TensorsOf[memory])
                if (!_operands[number]!.IsUnseen)
                {
                    Keep(plan.Graph.Memories[memory]);
                    break;
                }
        foreach (int memory in plan.Fresh) Bind(memory, Whole(plan.Graph.Memories[memory]), 0);
        Action? undo = plan.Undo.IsEmpty ? null : Remember();
        try
        {
            foreach (ReplayStep step in plan.Steps) step.Run(this);
            PublishGradients();
        }
        catch
        {
            if (_arePublished) TakeBackGradients();
            undo?.Invoke();
            LetGo();
            throw;
        }
        var outputs = new Tensor[plan.Outputs.Length];
        for (int i = 0; i < outputs.Length; i++) outputs[i] = Output(plan.Graph.Outputs[i], plan.Outputs[i]);
        LetGo();
        return outputs;
    }

    /// <summary>Sets the gradients of the leaves: before an optimizer's step reads them, at the latest at the end.</summary>
    internal void PublishGradients()
    {
        int[] values = _plan.GradientOperands;
        for (int i = 0; i < values.Length; i++)
        {
            if (LeafOf(i) is not { } leaf) continue;
            if (!_arePublished) _gradientsBefore[i] = leaf.GradOrNull;
            leaf.GradOrNull = values[i] >= 0 ? _operands[values[i]] : null;
        }
        _arePublished = true;
    }

    private void TakeBackGradients()
    {
        for (int i = 0; i < _gradientsBefore.Length; i++)
            if (LeafOf(i) is { } leaf) leaf.GradOrNull = _gradientsBefore[i];
    }

    // A leaf that the function made itself is gone.
    private Tensor? LeafOf(int number)
    {
        GraphGradient gradient = _plan.Gradients[number];
        if (gradient.Leaf.Role == GraphRole.Result) return null;
        if (gradient.Leaf.Role != GraphRole.Input) return gradient.Tensor;
        for (int i = 0; i < _arguments.Length; i++)
            if (ReferenceEquals(_plan.Graph.Inputs[i].Value.Memory, gradient.Leaf)) return _arguments[i];
        return null;
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

    private Tensor Output(GraphTensor y, int operand)
    {
        Tensor x = Operand(operand);
        return _plan.Places[y.Value.Memory.Index] is ReplayPlace.Asked || y.Value.Memory.Role == GraphRole.Number ? Elements.Copy(x) : x;
    }

    private Action Remember()
    {
        (Tensor Memory, Tensor Content)[] changed = [.. _plan.Undo.Changed.Select(memory =>
        {
            Tensor whole = Operand(_plan.TensorsOf[memory.Index][0]).WholeMemory();
            return (whole, Elements.Copy(whole));
        })];
        Action[] states = [.. _plan.Undo.Stateful.SelectMany(state => state.Cells)
            .Select(cell => (cell.Tensor, Content: Elements.Copy(cell.Tensor)))
            .Select(cell => (Action)(() => Elements.CopyTo(cell.Content, cell.Tensor))),
            .. _plan.Undo.Stateful.Select(state => state.Remember())];
        (Generator Generator, byte[] State)[] generators = [.. _plan.Undo.Generators.Select(g => (g, g.GetState()))];
        return () =>
        {
            foreach ((Tensor memory, Tensor content) in changed)
            {
                Elements.CopyTo(content, memory);
                memory.BumpVersion();
            }
            foreach (Action state in states) state();
            foreach ((Generator generator, byte[] state) in generators) generator.Restore(state);
        };
    }

    // What the caller gave or got lives no longer than he wants.
    private void LetGo()
    {
        foreach (GraphTensor input in _plan.Graph.Inputs)
            foreach (int number in _plan.TensorsOf[input.Value.Memory.Index]) _operands[number] = null;
        foreach (int memory in _plan.Fresh)
            foreach (int number in _plan.TensorsOf[memory]) _operands[number] = null;
        foreach (int memory in _plan.Cells)
            foreach (int number in _plan.TensorsOf[memory]) _operands[number] = null;
        foreach (int memory in _plan.Given)
            foreach (int number in _plan.TensorsOf[memory]) _operands[number] = null;
        Array.Clear(_inputs);
        Array.Clear(_targets);
        Array.Clear(_results);
        Array.Clear(_manyInputs);
        Array.Clear(_gradientsBefore);
        _arguments = [];
    }
}

/// <summary>A C# number among the arguments of a compiled function, which a run takes from its call.</summary>
internal sealed class NumberArgument(int index)
{
    internal int Index => index;

    internal double Value { get; set; }

    internal double Ask() => Value;
}
