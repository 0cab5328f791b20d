using System.Globalization;

namespace Adjoint;

/// <summary>A term of a gradient as a product with names and numbers.</summary>
internal sealed class GraphFormula
{
    private readonly GraphOperation _operation;
    private readonly GraphTensor _y;
    private readonly GraphFlow _flow;
    private readonly GraphTensor? _other;
    private readonly Func<int[], int[]>? _of;
    private readonly string _parameter;

    internal GraphFormula(GraphOperation operation, GraphTensor y, GraphFlow flow, GraphMemory memory, int place, string name)
    {
        (_operation, _y, _flow) = (operation, y, flow);
        int number = -1;
        GraphTensor? own = operation.Inputs.OfType<GraphTensor>().FirstOrDefault(x =>
            ReferenceEquals(x.Value.Memory, memory) && (number = GraphPlaces.IndexAt(x, place)) >= 0);
        int[] at = own is null ? [] : GraphPlaces.IndexOf(own.Shape, number);
        _parameter = own is null ? name : Entry(own, at);
        if (own is not null) (_other, _of) = Other(own, at);
    }

    /// <summary><c>x[2, 5] · d_addmm1[2, 3] = 0.5 · −0.2</c>.</summary>
    internal string Text(int[] at, double slope, double gradient)
    {
        string d = $"d_{Entry(_y, at)}";
        string numbers = $"{GraphText.Number(slope)} · {GraphText.Number(gradient)}";
        if (_other is { } other && _of is { } of && _flow.Run.Has(other))
            return $"{Entry(other, of(at))} · {d} = {numbers}";
        return $"∂{Entry(_y, at)}/∂{_parameter} · {d} = {numbers}";
    }

    internal static string Entry(GraphTensor x, int[] at) => at.Length == 0 || x.Shape.NDim == 0 ? x.Name : x.Name + Shape.Text(at);

    // What the element is multiplied with, for an element of the result.
    private (GraphTensor?, Func<int[], int[]>?) Other(GraphTensor own, int[] at)
    {
        IReadOnlyList<GraphTensor?> x = _operation.Inputs;
        bool turnedLeft = _operation.Attributes.GetValueOrDefault("transpose_self") is true,
            turned = _operation.Attributes.GetValueOrDefault("transpose_mat2") is true;
        switch (_operation.Name)
        {
            case "mul":
                GraphTensor? factor = ReferenceEquals(x[0], own) ? x[1] : x[0];
                return ReferenceEquals(x[0], x[1]) || factor is null ? (null, null)
                    : (factor, y => [.. y.TakeLast(factor.Shape.NDim).Select((i, d) => factor.Shape[d] == 1 ? 0 : i)]);
            case "mm" when x[0]!.Shape.NDim == 2 && x[1]!.Shape.NDim == 2:
                return Product(x[0]!, x[1]!, turnedLeft, turned, own, at);
            case "addmm" when x[1]!.Shape.NDim == 2 && ReferenceEquals(x[2], own) || ReferenceEquals(x[1], own):
                return IsOne("alpha") ? Product(x[1]!, x[2]!, false, turned, own, at) : (null, null);
            default:
                return (null, null);
        }
    }

    private bool IsOne(string attribute) => !_operation.Attributes.TryGetValue(attribute, out object? value)
        || value is IConvertible number && number.ToDouble(CultureInfo.InvariantCulture) == 1;

    private static (GraphTensor?, Func<int[], int[]>?) Product(
        GraphTensor left, GraphTensor right, bool turnedLeft, bool turned, GraphTensor own, int[] at)
    {
        if (ReferenceEquals(left, right) || left.Shape.NDim != 2 || right.Shape.NDim != 2) return (null, null);
        if (ReferenceEquals(right, own))
        {
            int k = turned ? at[1] : at[0];
            return (left, y => turnedLeft ? [k, y[^2]] : [y[^2], k]);
        }
        int inner = turnedLeft ? at[0] : at[1];
        return (right, y => turned ? [y[^1], inner] : [inner, y[^1]]);
    }
}
