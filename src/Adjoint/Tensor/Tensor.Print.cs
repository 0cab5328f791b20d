using System.Numerics;

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
        if (ForwardMode.Innermost is { } level && TangentAt(level.Depth) is { } tangent)
            history.Add("tangent=" + tangent.Value.ToString(options));
        string text = TensorText.Of(new InMemory(this), options, [.. history]);
        return Role == TensorRole.Parameter ? "Parameter containing:\n" + text : text;
    }

    /// <summary>The elements where they lie: printing the edges of a large view copies nothing.</summary>
    private sealed class InMemory(Tensor tensor) : IElements
    {
        public DType DType => tensor.DType;

        public ReadOnlySpan<int> Sizes => tensor.Shape.Sizes;

        public double Real(int index) => Read(index).Real;

        public long Whole(int index) => Read(index).Whole;

        private (double Real, long Whole) Read(int index)
        {
            var work = new ReadWork(this, index);
            Dispatch.Elements(DType, ref work);
            return work.Value;
        }

        private T At<T>(int index) where T : unmanaged
        {
            using var memory = new Loan();
            return memory.Around<T>(tensor)[PlaceOf(index)];
        }

        private int PlaceOf(int index)
        {
            ReadOnlySpan<int> sizes = tensor.Shape.Sizes, strides = tensor.Strides;
            int place = tensor.Offset;
            for (int dim = sizes.Length - 1; dim >= 0; dim--)
            {
                (index, int i) = Math.DivRem(index, sizes[dim]);
                place += i * strides[dim];
            }
            return place;
        }

        private struct ReadWork(InMemory elements, int index) : IElementWork
        {
            public (double Real, long Whole) Value { get; private set; }

            public void Floating<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
                Value = (double.CreateTruncating(elements.At<T>(index)), 0);

            public void Whole<T>() where T : unmanaged, IBinaryInteger<T> => Value = (0, long.CreateTruncating(elements.At<T>(index)));
        }
    }
}
