namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// How many elements lie in each of so many intervals of equal width from min to max, the last one with its upper end; others are left
    /// out, NaN too. Where min equals max, they are the extremes of the elements.
    /// </summary>
    /// <param name="bins">How many intervals; at least 1.</param>
    /// <param name="min">The lower end of the first.</param>
    /// <param name="max">The upper end of the last; not below min.</param>
    /// <returns>A tensor [bins] of this one's dtype.</returns>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is less than one interval, or an end is no finite number.</exception>
    /// <exception cref="ArgumentException">max is below min, or the extremes of the elements are no finite numbers.</exception>
    public Tensor HistC(int bins = 100, double min = 0, double max = 0)
    {
        try
        {
            return Histograms.Counts(Detach(), bins.AtLeast(1), min.In(Interval.Finite), max.In(Interval.Finite));
        }
        catch (TensorException e) when (e.IsOf(nameof(HistC)))
        {
            throw;
        }
    }

    /// <summary>
    /// How many elements lie in each of so many intervals of equal width, with the ends of the intervals. An interval has its lower end,
    /// the last one its upper end too.
    /// </summary>
    /// <param name="bins">How many intervals; at least 1.</param>
    /// <param name="min">The lower end of the first.</param>
    /// <param name="max">The upper end of the last; where it equals min, the ends are the extremes of the elements.</param>
    /// <param name="weight">What each element counts; by default 1.</param>
    /// <param name="density">Whether the counts are divided by their sum and the widths, so that the integral is 1.</param>
    /// <returns>The counts [bins] and the ends [bins + 1].</returns>
    /// <exception cref="DTypeException">The tensor is not of floating point, or the weights have another dtype.</exception>
    /// <exception cref="ArgumentException">The ends are not finite or in the wrong order.</exception>
    /// <exception cref="ShapeException">The weights have another shape.</exception>
    public (Tensor Hist, Tensor BinEdges) Histogram(
        int bins, double min = 0, double max = 0, Tensor? weight = null, bool density = false)
    {
        try
        {
            return Histograms.Of(
                Detach(), bins.AtLeast(1), min.In(Interval.Finite), max.In(Interval.Finite), weight, density);
        }
        catch (TensorException e) when (e.IsOf(nameof(Histogram)))
        {
            throw;
        }
    }

    /// <summary>How many elements lie in each of the intervals between ends.</summary>
    /// <param name="bins">The ends in order, a vector of at least two.</param>
    /// <param name="weight">What each element counts; by default 1.</param>
    /// <param name="density">Whether the counts are divided by their sum and the widths, so that the integral is 1.</param>
    /// <inheritdoc cref="Histogram(int, double, double, Tensor, bool)"/>
    public (Tensor Hist, Tensor BinEdges) Histogram(Tensor bins, Tensor? weight = null, bool density = false)
    {
        try
        {
            return Histograms.Between(Detach(), bins.Given().Detach(), weight, density);
        }
        catch (TensorException e) when (e.IsOf(nameof(Histogram)))
        {
            throw;
        }
    }

    /// <summary>How often each of 0, 1, 2, … occurs, or the sum of the weights where it does.</summary>
    /// <param name="weights">What each element counts; by default 1.</param>
    /// <param name="minLength">The least number of results; not negative.</param>
    /// <returns>A vector with a place for each number up to the largest: Int64, or of the weights' dtype.</returns>
    /// <exception cref="ShapeException">The tensor is no vector, or there are not as many weights.</exception>
    /// <exception cref="DTypeException">The tensor is not of integers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">minLength is negative.</exception>
    /// <exception cref="TensorIndexException">An element is negative.</exception>
    public Tensor BinCount(Tensor? weights = null, int minLength = 0)
    {
        try
        {
            return Histograms.BinCount(this, weights, minLength.AtLeast(0));
        }
        catch (TensorException e) when (e.IsOf(nameof(BinCount)))
        {
            throw;
        }
    }
}

/// <summary>Numbers of elements in intervals: each adds 1, or its weight, at the number of its interval.</summary>
internal static class Histograms
{
    internal static Tensor Counts(Tensor x, int bins, double min, double max)
    {
        (min, max) = Range("HistC", x, min, max);
        Tensor inside = (x >= min) & (x <= max);
        Tensor place = ((x - min) * bins / (max - min)).MaskedFill(inside.LogicalNot(), 0.0).To(DType.Int64).Clamp(max: bins - 1);
        // In place: as many intervals as memory holds are no reason to hold them twice.
        return Tensor.Zeros([bins], x.DType).ScatterAddInPlace(0, place.Flatten(), inside.To(x.DType).Flatten());
    }

    internal static (Tensor Hist, Tensor BinEdges) Of(Tensor x, int bins, double min, double max, Tensor? weight, bool density)
    {
        (min, max) = Range("Histogram", x, min, max);
        if (bins == int.MaxValue)
            throw new ArgumentOutOfRangeException(
                nameof(bins), bins, "Histogram: the ends of so many intervals are too many for a tensor.");
        return Between(x, Tensor.Linspace(min, max, bins + 1, x.DType), weight, density);
    }

    internal static (Tensor Hist, Tensor BinEdges) Between(Tensor x, Tensor edges, Tensor? weight, bool density)
    {
        Reduction.RequireFloat("Histogram", x);
        if (edges.NDim != 1 || edges.NumEl < 2)
            throw new ShapeException($"Histogram: the ends of intervals must be a vector of at least two, but have shape {edges.Shape}.");
        if (edges.DType != x.DType || (weight is not null && weight.DType != x.DType))
            throw new DTypeException(
                $"Histogram: the tensor is {x.DType}, the ends are "
                + $"{edges.DType}{(weight is null ? "" : $" and the weights {weight.DType}")}; "
                + "convert them to one with To.");
        if (weight is not null && !weight.Shape.Equals(x.Shape))
            throw new ShapeException($"Histogram: the weights of shape {weight.Shape} must have the shape {x.Shape} of the elements.");
        Tensor counts = Door.Run(new HistogramOp(), x.Flatten(), edges, weight?.Detach().Flatten());
        return (density ? counts / counts.Sum() / edges.Diff() : counts, edges);
    }

    internal static Tensor BinCount(Tensor x, Tensor? weights, int minLength)
    {
        if (x.NDim != 1) throw new ShapeException($"BinCount: needs a vector, but got shape {x.Shape}.");
        if (x.DType.IsFloatingPoint || x.DType.IsBool)
            throw new DTypeException($"BinCount: needs integers, but got {x.DType}. Convert with To(DType.Int64).");
        if (weights is not null && !weights.Shape.Equals(x.Shape))
            throw new ShapeException($"BinCount: the weights of shape {weights.Shape} must be as many as the elements of shape {x.Shape}.");
        if (weights?.DType.IsBool == true)
            throw new DTypeException("BinCount: weights that are truth values have no sum. Convert with To(DType.Int64).");
        return Door.Run(new BinCountOp(minLength), x, weights?.Detach());
    }

    private static (double Min, double Max) Range(string operation, Tensor x, double min, double max)
    {
        Reduction.RequireFloat(operation, x);
        if (max < min) throw new ArgumentException($"{operation}: max, {max}, is below min, {min}.", nameof(max));
        if (min == max && x.NumEl > 0)
        {
            (min, max) = ((double)x.Amin([]).Item(), (double)x.Amax([]).Item());
            if (!double.IsFinite(min) || !double.IsFinite(max))
                throw new ArgumentException($"{operation}: the elements lie between {min} and {max}, which no intervals do. Give "
                    + "min and max.");
        }
        return min == max ? (min - 1, max + 1) : (min, max);
    }

    /// <summary>How often each whole number occurs.</summary>
    private readonly struct BinCountOp(int minLength) : ITensorOperation, IByHand
    {
        public string Name => "bincount";

        public void Describe(OpAttributes to) => to.Add("minlength", minLength);

        public void Write(Hand hand)
        {
            HandTensor y = hand.Result;
            int count = y.Shape[0];
            hand.Each(e => hand.Store(e[0], "0"), y);
            HandTensor[] given = hand.InputOrNull(1) is { } weights ? [hand.Input(0), weights] : [hand.Input(0)];
            hand.Each(e =>
            {
                HandTensor bin = HandIndex.At(y, [count], [1], HandIndex.Checked(hand, hand.Element(e[0]), count, wrap: false));
                hand.Line($"{hand.Element(bin)} += {(e.Length > 1 ? hand.Element(e[1], y.Word) : "1")};");
            }, given);
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor places = Elements.ToContiguous(inputs[0]!.To(DType.Int64));
            using var memory = new Loan();
            (long least, long most) = places.NumEl == 0 ? (0, -1) : Kernels.Counts.Extremes(memory.Of<long>(places));
            if (least < 0) throw new TensorIndexException($"BinCount: the number {least} is negative.");
            Shape shape = Shape.Computed([Math.Min(Math.Max(most, minLength - 1), int.MaxValue) + 1]);
            Tensor? weights = inputs[1];
            if (weights is null)
            {
                Tensor counts = Tensor.Zeros(shape, DType.Int64);
                Kernels.Counts.Add(memory.Of<long>(places), memory.Of<long>(counts));
                return counts;
            }
            // As PyTorch adds up: weights of whole numbers in double.
            DType dtype = weights.DType.IsFloatingPoint ? weights.DType : DType.Float64;
            using Unrecorded _ = Unrecorded.Begin();
            return Tensor.Zeros(shape, dtype).ScatterAddInPlace(0, places, weights.To(dtype));
        }
    }

    /// <summary>
    /// How many numbers, or how much of their weights, lie between ends. Its inputs are the numbers, the ends, the weights.
    /// </summary>
    private readonly struct HistogramOp : ITensorOperation, IByHand
    {
        public string Name => "histogram";

        public void Describe(OpAttributes to)
        {
        }

        public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
        {
            Tensor x = inputs[0]!, sums = Tensor.Zeros([inputs[1]!.NumEl - 1], x.DType);
            var work = new HistogramWork(Elements.ToContiguous(x), Elements.ToContiguous(inputs[1]!),
                inputs[2] is { } weights ? Elements.ToContiguous(weights) : null, sums);
            Dispatch.Floating(x.DType, "Histogram", ref work);
            return sums;
        }

        public void Write(Hand hand)
        {
            HandTensor sums = hand.Result, edges = hand.Input(1);
            int count = edges.Shape[0];
            HandTensor At(HandTensor x, string place) => HandIndex.At(x, [x.Shape[0]], [x.Strides[0]], place);
            string Edge(string place) => hand.Element(At(edges, place));
            hand.Each(e => hand.Store(e[0], "0"), sums);
            HandTensor[] given = hand.InputOrNull(2) is { } weights ? [hand.Input(0), weights] : [hand.Input(0)];
            hand.Each(e =>
            {
                string x = hand.Element(e[0]);
                hand.Block($"if ({x} >= {Edge("0")} && {x} <= {Edge($"{count - 1}")})", () =>
                {
                    hand.Line($"int low = 0, high = {count - 1};");
                    hand.Block("while (high - low > 1)", () =>
                    {
                        hand.Line("int middle = low + (high - low) / 2;");
                        hand.Line($"if ({Edge("middle")} <= {x}) low = middle;");
                        hand.Line("else high = middle;");
                    });
                    hand.Line($"{hand.Element(At(sums, "low"))} += {(e.Length > 1 ? hand.Element(e[1]) : "1")};");
                });
            }, given);
        }
    }

    private readonly struct HistogramWork(Tensor x, Tensor edges, Tensor? weights, Tensor sums) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Kernels.Counts.Add<T>(memory.Of<T>(x), memory.Of<T>(edges), memory.OfNullable<T>(weights), memory.Of<T>(sums));
        }
    }
}

public static partial class OpTable
{
    private static Op HistC => Op.Of(OpKind.Zero, "histc", x => x.HistC(5, -2, 3), Matrix,
        new() { Formula = "how many x lie in each interval", Torch = "x.histc(5, -2, 3)" });

    private static Op Histogram => Op.Of(OpKind.Zero, "histogram", (x, y) => x.Histogram(4, -2, 2, y, density: true).Hist, Matrix,
        new OpInput([3, 4], Domain.Positive),
        new()
        {
            Formula = "how much lies in each interval",
            Torch = "torch.histogram(x.detach(), 4, range=(-2., 2.), weight=y.detach(), density=True).hist"
        });

    private static Op BinCount => Op.Of(OpKind.Zero, "bincount", x => x.Flatten().Abs().To(DType.Int64).BinCount(minLength: 5), Matrix,
        new() { Formula = "how often each number occurs", Torch = "x.flatten().abs().long().bincount(minlength=5)" });
}
