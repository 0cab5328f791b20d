namespace Adjoint;

/// <remarks>
/// // Note [Tensors side by side]
/// <c>Cat(a, b)</c> beside <c>Cat([a, b], 1)</c>: a number is a tensor too, and a list of tensors may be read as a literal of one, so the
/// forms with a list have the higher priority. Then <c>Cat(a, b, 1)</c>, whose 1 is meant as a dimension, is three tensors, and is refused
/// when the shapes are compared, with the words that would do.
/// </remarks>
public sealed partial class Tensor
{
    /// <summary>The tensors one after the other along the first dimension: <c>Cat(a, b)</c> is <c>Cat([a, b])</c>.</summary>
    /// <inheritdoc cref="Cat(IReadOnlyList{Tensor}, int)"/>
    public static Tensor Cat(params ReadOnlySpan<Tensor> tensors) => Cat(Joined("Cat", tensors));

    /// <summary>The tensors of a query one after the other along a dimension.</summary>
    /// <inheritdoc cref="Cat(IReadOnlyList{Tensor}, int)"/>
    public static Tensor Cat(IEnumerable<Tensor> tensors, int dim = 0) => Cat(tensors.Elements(), dim);

    /// <summary>Tensors of one shape as slices along a new first dimension: <c>Stack(a, b)</c> is <c>Stack([a, b])</c>.</summary>
    /// <inheritdoc cref="Stack(IReadOnlyList{Tensor}, int)"/>
    public static Tensor Stack(params ReadOnlySpan<Tensor> tensors) => Stack(Joined("Stack", tensors));

    /// <summary>The tensors of a query as slices along a new dimension.</summary>
    /// <inheritdoc cref="Stack(IReadOnlyList{Tensor}, int)"/>
    public static Tensor Stack(IEnumerable<Tensor> tensors, int dim = 0) => Stack(tensors.Elements(), dim);

    /// <summary><c>HStack(a, b)</c> is <c>HStack([a, b])</c>.</summary>
    /// <inheritdoc cref="HStack(IReadOnlyList{Tensor})"/>
    public static Tensor HStack(params ReadOnlySpan<Tensor> tensors) => HStack(Joined("HStack", tensors));

    /// <summary><c>VStack(a, b)</c> is <c>VStack([a, b])</c>.</summary>
    /// <inheritdoc cref="VStack(IReadOnlyList{Tensor})"/>
    public static Tensor VStack(params ReadOnlySpan<Tensor> tensors) => VStack(Joined("VStack", tensors));

    /// <summary><c>MeshGrid(x, y)</c> is <c>MeshGrid([x, y])</c>.</summary>
    /// <inheritdoc cref="MeshGrid(IReadOnlyList{Tensor})"/>
    public static Tensor[] MeshGrid(params ReadOnlySpan<Tensor> tensors) => MeshGrid(Joined("MeshGrid", tensors));

    /// <summary><c>BroadcastTensors(x, y)</c> is <c>BroadcastTensors([x, y])</c>.</summary>
    /// <inheritdoc cref="BroadcastTensors(IReadOnlyList{Tensor})"/>
    public static Tensor[] BroadcastTensors(params ReadOnlySpan<Tensor> tensors) => BroadcastTensors(Joined("BroadcastTensors", tensors));

    // See Note [Tensors side by side].
    private static Tensor[] Joined(string operation, ReadOnlySpan<Tensor> tensors)
    {
        Tensor[] list = tensors.ToArray().AllGiven(nameof(tensors));
        if (list.Length > 2 && list[^1].IsNumber && list[..^1].All(x => x.NDim > 0))
            throw new ShapeException(
                $"{operation}: the number {list[^1].AsNumber} is no tensor to join. For a dimension write {operation}([a, b], "
                + $"{list[^1].AsNumber}).");
        return list;
    }
}
