using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

/// <summary>A way of resampling the last dimensions, each by itself: what all pools of sums and all interpolations are.</summary>
/// <param name="nodeName">PyTorch's name of the node.</param>
/// <param name="axes">The dimensions.</param>
/// <param name="divisors">What the elements of a block are divided by: one for all, one for each, or none.</param>
/// <param name="dividesFirst">Whether it is those that come in that are divided.</param>
/// <param name="attributes">What the operation was told, by PyTorch's names.</param>
internal sealed class TapsPlan(
    string nodeName, Taps[] axes, double[] divisors, bool dividesFirst, (string Name, object? Value)[] attributes)
{
    private TapsPlan? _transposed;
    private Array? _divisors;

    internal string NodeName => nodeName;

    internal Taps[] Axes => axes;

    internal int[] Order { get; } = Resample.Order(axes);

    internal double[] Divisors => divisors;

    internal bool DividesFirst => dividesFirst;

    internal (string Name, object? Value)[] Attributes => attributes;

    /// <summary>The other way: its matrices are the transposes, and what is divided last is divided first.</summary>
    internal TapsPlan Transposed => _transposed ??= new(
        nodeName.Replace("Backward", "BackwardBackward", StringComparison.Ordinal), [.. axes.Select(axis => axis.Transposed)], divisors,
        !dividesFirst, attributes)
    { _transposed = this };

    internal T[] DivisorsOf<T>() where T : unmanaged, INumber<T>
    {
        if (_divisors is T[] known) return known;
        T[] all = [.. divisors.Select(T.CreateTruncating)];
        _divisors = all;
        return all;
    }
}

/// <summary>y[…, i, j] = Σ Σ w[i, p]·v[j, q]·x[…, p, q]/divisor; its transpose is such an operation too.</summary>
internal readonly struct TapsOp(TapsPlan plan) : ILinearInto, IByHand
{
    // What the attributes say of tensors of one shape.
    private readonly TapsPlan _plan = plan;

    public string NodeName => _plan.NodeName;

    internal static Tensor Apply(
        string nodeName, Tensor x, Taps[] axes, double[] divisors, params (string Name, object? Value)[] attributes) =>
        Linear.Apply(new TapsOp(new TapsPlan(nodeName, axes, divisors, false, attributes)), x);

    public void Describe(OpAttributes to)
    {
        foreach ((string name, object? value) in _plan.Attributes) to.Add(name, value);
    }

    public Tensor Forward(Tensor x)
    {
        Tensor y = Tensor.Uninitialized(Window.With(x.Shape, _plan.Axes), x.DType);
        Compute(x, y);
        return y;
    }

    public bool KeepsNumbers => false;

    public bool GoesInto(GraphOperation call) => true;

    public void ForwardInto(ReadOnlySpan<Tensor?> x, Tensor y) => Compute(x[0]!, y);

    private void Compute(Tensor x, Tensor y)
    {
        var work = new Work(Elements.ToContiguous(x), y, _plan);
        Dispatch.Floating(x.DType, _plan.NodeName, ref work);
    }

    public Tensor Apply(Tensor x) => Linear.Apply(this, x);

    public Tensor Transpose(Tensor g, TensorFacts x) => Linear.Apply(new TapsOp(_plan.Transposed), g);

    public void Write(Hand hand) => TapsByHand.Write(hand, _plan);

    private readonly struct Work(Tensor x, Tensor y, TapsPlan plan) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int outer = 1;
            for (int d = 0; d < x.NDim - plan.Axes.Length; d++) outer *= x.Shape[d];
            using var memory = new Loan();
            Resample.Run(memory.Of<T>(x), memory.Of<T>(y), outer, plan.Axes, plan.Order, plan.DivisorsOf<T>(), plan.DividesFirst);
        }
    }
}
