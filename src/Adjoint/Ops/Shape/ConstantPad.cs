namespace Adjoint;

/// <summary>y = x with a number around it,   dx = what of g lies where x was, and 0 where x was cut off.</summary>
/// <param name="pad">Places before and behind the last dimension, then the one before it, and so on; negative ones are cut off.</param>
/// <param name="value">The number.</param>
internal readonly struct PadOp(int[] pad, Number value) : ITensorOperation, IByHand
{
    public string Name => "constant_pad_nd";

    public void Describe(OpAttributes to)
    {
        to.Add("pad", pad);
        to.Add("value", value);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[0]!, y = Tensor.Uninitialized(here, Around(x.Shape), x.DType);
        if (x.NDim >= 2 && pad.Length <= 4 && !Array.Exists(pad, places => places < 0))
        {
            var work = new Work(Elements.ToContiguous(x), y, pad, value);
            Dispatch.Number(x.DType, ref work);
        }
        else Cut(x, y);
        return History.IsWanted(here, x) ? History.Record(here, y, new RuleNode<PadRule>(here, new(pad), x), x) : y;
    }

    // In any dimensions, also where some of x is left out.
    private void Cut(Tensor x, Tensor y)
    {
        Elements.Fill(y, value);
        (Tensor from, Tensor to) = (x, y);
        for (int d = 0; d < x.NDim; d++)
        {
            (int first, int before, int kept) = Part(x.Shape, d);
            from = SliceOp.Narrow(from, d, first, kept).Forward(from);
            to = SliceOp.Narrow(to, d, before, kept).Forward(to);
        }
        if (from.NumEl > 0) Elements.CopyTo(Elements.ToContiguous(from), to);
    }

    // A new array is zero.
    public void Write(Hand hand)
    {
        HandTensor x = hand.Input(0), y = hand.Result;
        Shape shape = x.Shape;
        string number = Hand.Literal(value, y.Word);
        if (value.ToDouble() != 0 || double.IsNegative(value.ToDouble())) hand.Each(e => hand.Store(e[0], number), y);
        HandTensor to = y;
        for (int d = 0; d < shape.NDim; d++)
        {
            (int first, int before, int kept) = Part(shape, d);
            (x, to) = (x.Narrow(d, first, kept), to.Narrow(d, before, kept));
        }
        if (to.Shape.NumEl > 0) hand.Copy(x, to);
    }

    private readonly struct Work(Tensor x, Tensor y, int[] pad, Number value) : INumberWork
    {
        public void Run<T>() where T : unmanaged, System.Numerics.INumber<T>
        {
            T number = value.IsWhole ? T.CreateTruncating(value.ToInt64()) : T.CreateTruncating(value.ToDouble());
            if (x.DType.IsBool) number = number == T.Zero ? T.Zero : T.One;
            (int before, int top) = (pad.Length > 0 ? pad[0] : 0, pad.Length > 2 ? pad[2] : 0);
            using var memory = new Loan();
            Kernels.FramedRows.Write(
                memory.Of<T>(x), x.Shape[-2], x.Shape[-1], top, y.Shape[-2], before, y.Shape[-1], number, memory.Of<T>(y));
        }
    }

    private Shape Around(Shape shape)
    {
        long[] sizes = [.. shape];
        for (int i = 0; i < pad.Length; i++) sizes[shape.NDim - 1 - i / 2] += pad[i];
        return Shape.Computed(sizes);
    }

    /// <summary>What is kept of a dimension: from where on, behind how many new places, how many.</summary>
    private (int First, int Before, int Kept) Part(Shape shape, int d)
    {
        int i = 2 * (shape.NDim - 1 - d), size = shape[d];
        if (i >= pad.Length) return (0, 0, size);
        int first = Math.Min(Math.Max(0, -pad[i]), size), kept = Math.Max(0, size - first - Math.Max(0, -pad[i + 1]));
        return (first, kept == 0 ? 0 : Math.Max(0, pad[i]), kept);
    }
}

/// <summary>The rule of <see cref="PadOp"/>: as many places less on both sides.</summary>
internal readonly struct PadRule(int[] pad) : IRule
{
    public string NodeName => "ConstantPadNdBackward0";

    public int Results => 1;

    public void Vjp(Node node, ReadOnlySpan<Tensor?> g, Wanted wanted, Span<Tensor?> dx)
    {
        if (!wanted[0]) return;
        Tensor inside = g[0]!;
        int[] back = [.. pad.Select(places => -places)];
        if (Array.Exists(pad, places => places < 0))
        {
            dx[0] = Door.Run(new PadOp(back, 0), inside);
            return;
        }
        for (int i = 0; i < pad.Length; i += 2)
        {
            int d = inside.NDim - 1 - i / 2;
            if (pad[i] != 0 || pad[i + 1] != 0) inside = inside.Narrow(d, pad[i], inside.Shape[d] - pad[i] - pad[i + 1]);
        }
        dx[0] = inside;
    }

    public void Jvp(Node node, ReadOnlySpan<Tensor?> t, Span<Tensor?> dy) => dy[0] = Door.Run(new PadOp(pad, 0), t[0]!);

    public void Show(SavedValues to) => to.Attributes.Add("pad", pad);
}

public static partial class OpTable
{
    private static Op Pad => Op.Of(OpKind.Other, "pad", x => x.Pad([2, 1, -1, 0], value: 0.5), Cube,
        new()
        {
            Formula = "x with a number around it", Torch = "F.pad(x, (2, 1, -1, 0), value=0.5)", Onnx = "Pad",
            Gradient = "g where x was",
        });
}
