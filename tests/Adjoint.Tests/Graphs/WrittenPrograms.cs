using System.Reflection;

namespace Adjoint.Tests.Graphs;

/// <summary>Graphs written as C#, compiled together, and run without Adjoint.</summary>
internal sealed class WrittenPrograms
{
    private readonly List<(Graph Graph, string Text, HandNames Names)> _written = [];
    private Assembly? _assembly;

    /// <summary>Writes a graph; the result is the number of its program.</summary>
    internal int Add(Graph graph)
    {
        (string text, HandNames names) = HandProgram.Of(graph, $"P{_written.Count}", main: false);
        _written.Add((graph, text, names));
        return _written.Count - 1;
    }

    internal string Text(int program) => _written[program].Text;

    /// <summary>Runs a program, once it is compiled with all others.</summary>
    /// <param name="program">Its number.</param>
    /// <param name="inputs">What its inputs are to be; none for those it was written with.</param>
    internal void Run(int program, params IReadOnlyList<Tensor> inputs)
    {
        Type type = Class(program);
        for (int i = 0; i < inputs.Count; i++) Set(program, _written[program].Graph.Inputs[i], inputs[i]);
        try
        {
            type.GetMethod("Run")!.Invoke(null, null);
        }
        catch (TargetInvocationException e)
        {
            throw new InvalidOperationException($"{e.InnerException!.Message}\n{Text(program)}", e.InnerException);
        }
    }

    /// <summary>The bits of what a run left in a tensor of the graph.</summary>
    internal long[] Bits(int program, GraphTensor tensor)
    {
        if (tensor.Value.Memory.Role == GraphRole.Number) return GraphRunTests.Bits(tensor.Value.Memory.Tensor!);
        object? value = Field(program, tensor.Value.Memory).GetValue(null);
        double[] all = value is Array array ? [.. array.Cast<object>().Select(Number)] : [Number(value!)];
        return [.. Places(tensor).Select(place => BitConverter.DoubleToInt64Bits(all[place]))];
    }

    /// <summary>Gives an input other numbers.</summary>
    internal void Set(int program, GraphTensor tensor, Tensor value)
    {
        FieldInfo field = Field(program, tensor.Value.Memory);
        double[] numbers = value.Detach().ToArray<double>();
        if (!field.FieldType.IsArray)
        {
            field.SetValue(null, Convert.ChangeType(numbers[0], field.FieldType));
            return;
        }
        var array = (Array)field.GetValue(null)!;
        int next = 0;
        foreach (int place in Places(tensor)) array.SetValue(Convert.ChangeType(numbers[next++], field.FieldType.GetElementType()!), place);
    }

    internal FieldInfo Field(int program, GraphMemory memory) => Class(program).GetField(_written[program].Names.Of(memory))!;

    internal Type Class(int program)
    {
        _assembly ??= Snippets.CompileSource("using System;\n" + string.Join("\n", _written.Select(w => w.Text.Replace("using System;\n", ""))));
        return _assembly.GetType($"P{program}")!;
    }

    private static double Number(object value) => value is bool truth ? truth ? 1 : 0 : Convert.ToDouble(value);

    private static IEnumerable<int> Places(GraphTensor tensor)
    {
        int[] strides = tensor.Strides.ToArray();
        for (int i = 0; i < tensor.Shape.NumEl; i++)
        {
            int place = tensor.Offset;
            for (int d = strides.Length - 1, rest = i; d >= 0; d--)
            {
                place += rest % tensor.Shape[d] * strides[d];
                rest /= tensor.Shape[d];
            }
            yield return place;
        }
    }
}
