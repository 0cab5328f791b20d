using System.Collections;
using System.Reflection;
using Adjoint.Kernels;

namespace Adjoint.Tests.Graphs;

/// <summary>An operation tells all that decides what it computes: what it keeps to itself, no reader of a graph could see.</summary>
public class GraphAttributeTests
{
    // What the name of the operation says, what is looked up when it runs, and what follows from the operands.
    private static readonly string[] s_known =
        ["name", "nodeName", "isView", "isGiven", "_version", "make", "joined", "count", "root", "all", "IsChecked", "isBatch", "Dims"];

    // Of the sizes of a convolution: how many images and channels there are, and the spatial sizes of two of the three tensors.
    private static readonly string[] s_sizes =
        [nameof(ConvolutionSizes.Batch), nameof(ConvolutionSizes.InChannels), nameof(ConvolutionSizes.OutChannels),
            nameof(ConvolutionDim.Input), nameof(ConvolutionDim.Output)];

    public static TheoryData<string> Operations => [.. OpTable.All.Select(op => op.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Every_field_of_an_operation_is_told(string name)
    {
        Op op = OpTable.All.Single(row => row.Name == name);
        var seen = new Seeing();
        using (seen.Enter())
        {
            Tensor[] x = [.. op.Inputs.Select((input, i) => input.Sample(i).RequiresGradInPlace(op.Kind != OpKind.Zero))];
            Tensor y = op.Apply(x);
            if (y.RequiresGrad) Autograd.Grad([(y * y).Sum()], x, allowUnused: true);
        }
        List<string> untold = [];
        foreach (OpCall call in seen.Calls)
        {
            List<object?> told = [.. call.Attributes.Values.SelectMany(Parts)];
            foreach ((string field, object? value) in Fields(call.Operation))
                if (!Parts(value).All(part => told.Any(t => Same(t, part))))
                    untold.Add($"{call.Name} ({call.Operation.GetType()}): {field} = {value}");
        }
        string.Join("\n", untold.Distinct()).ShouldBe("");
    }

    private static bool Same(object? told, object? part) => GraphDifference.Equal(told, part)
        || (told is Number n && part is double d && n.ToDouble().Equals(d))
        || (told is IConvertible a && part is IConvertible b && a.ToString() == b.ToString());

    private static IEnumerable<object?> Parts(object? value) => value switch
    {
        string => [value],
        Shape shape => shape.Sizes.ToArray().Cast<object?>(),
        IEnumerable list and not Tensor => list.Cast<object?>(),
        _ => [value],
    };

    private static IEnumerable<(string Name, object? Value)> Fields(object op)
    {
        foreach (FieldInfo field in op.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            string name = field.Name is ['<', .. var inside] ? inside[..inside.IndexOf('>')] : field.Name;
            object? value = field.GetValue(op);
            if (s_known.Contains(name) || name.StartsWith('_') || value is null or Tensor or Delegate or Generator) continue;
            Type type = value.GetType();
            // The sizes of what is sampled, and of where, are those of the operands.
            if (op is CornersOp && name is "sizes" or "dims") continue;
            if (op is ConvolutionSizes or ConvolutionDim && s_sizes.Contains(name) || value.Equals(ConvolutionDim.None)) continue;
            bool isOwn = (type.Assembly == typeof(Tensor).Assembly && type is { IsEnum: false } && value is not (Shape or Number or DType))
                || value is ConvolutionSizes or ConvolutionDim;
            // A struct without fields says by its type what it does.
            if (!isOwn && type is { IsValueType: true, IsPrimitive: false }
                && type.GetFields(BindingFlags.Instance | BindingFlags.NonPublic).Length == 0) continue;
            if (!isOwn)
            {
                yield return (name, value);
                continue;
            }
            foreach ((string below, object? part) in Fields(value)) yield return ($"{name}.{below}", part);
        }
    }

    private sealed class Seeing : OpMode
    {
        internal List<OpCall> Calls { get; } = [];

        protected override IReadOnlyList<Tensor?> Run(OpCall call)
        {
            Calls.Add(call);
            return call.Run();
        }
    }
}
