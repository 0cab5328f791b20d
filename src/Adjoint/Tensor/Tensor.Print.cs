namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>The tensor as PyTorch prints it, to the character; <see cref="PrintOptions.Current"/> says how.</summary>
    public override string ToString() => ToString(PrintOptions.Current);

    /// <summary>The tensor as PyTorch prints it with these options.</summary>
    public string ToString(PrintOptions options)
    {
        options.Given();
        HostAccess.Read("ToString");
        List<string> history = [];
        if (HasLostHistory) history.Add("grad_fn=<Invalid>");
        else if (GradFn is { } node) history.Add($"grad_fn=<{node.Name}>");
        else if (RequiresGrad) history.Add("requires_grad=True");
        if (ForwardMode.Innermost is { } level && TangentAt(level.Depth) is { } tangent) history.Add("tangent=" + tangent.Value.ToString(options));
        string text = TensorText.Of(new InMemory(this), options, [.. history]);
        GC.KeepAlive(this);
        return Role == TensorRole.Parameter ? "Parameter containing:\n" + text : text;
    }

    /// <summary>The elements where they lie: printing the edges of a large view copies nothing.</summary>
    private sealed class InMemory(Tensor tensor) : IElements
    {
        public DType DType => tensor.DType;

        public ReadOnlySpan<int> Sizes => tensor.Shape.Sizes;

        public double Real(int index) => DType == DType.Float32 ? At<float>(index) : At<double>(index);

        public long Whole(int index) => DType switch
        {
            DType.Int64 => At<long>(index),
            DType.Int32 => At<int>(index),
            _ => At<byte>(index),
        };

        private T At<T>(int index) where T : unmanaged
        {
            ReadOnlySpan<int> sizes = tensor.Shape.Sizes, strides = tensor.Strides;
            int place = tensor.Offset;
            for (int dim = sizes.Length - 1; dim >= 0; dim--)
            {
                (index, int i) = Math.DivRem(index, sizes[dim]);
                place += i * strides[dim];
            }
            T value = tensor.Memory<T>()[place];
            GC.KeepAlive(tensor);
            return value;
        }
    }
}
