using System.Numerics;

namespace Adjoint.Nn;

/// <summary>
/// The right class of each place of a batch [outer, classes, inner], with what each class weighs: what a loss over classes needs besides
/// its input.
/// </summary>
internal sealed class ClassTargets
{
    private readonly long[] _classes;
    private readonly double[]? _weight;
    private readonly long _ignored;
    private readonly string _operation;
    private readonly Tensor _target;
    private readonly Tensor? _weights;
    private readonly int _version, _weightVersion;

    private ClassTargets(string operation, Shape places, int outer, int count, int inner, Tensor target, Tensor? weight, long ignored)
    {
        (Places, Outer, Count, Inner) = (places, outer, count, inner);
        (_operation, _target, _weights, _ignored) = (operation, target, weight?.Detach(), ignored);
        (_version, _weightVersion) = (target.ChangeCount, weight?.ChangeCount ?? 0);
        long[] classes = _classes = Elements.ToArray<long>(target);
        foreach (long t in classes)
        {
            if ((t < 0 || t >= count) && t != ignored)
                throw NoClass(operation, t, count, ignored);
        }
        _weight = weight is null ? null : Elements.ToArray<double>(weight);
        foreach (long t in classes) TotalWeight += Weight(t);
    }

    /// <summary>The shape of the targets, and of the losses without a reduction.</summary>
    internal Shape Places { get; }

    internal int Outer { get; }

    /// <summary>How many classes.</summary>
    internal int Count { get; }

    internal int Inner { get; }

    /// <summary>What the mean divides by: the sum of the weights of all targets that count.</summary>
    internal double TotalWeight { get; }

    /// <summary>Which dimension of the input holds the classes.</summary>
    internal static int ClassDim(Tensor input) => input.NDim == 1 ? 0 : 1;

    /// <summary>The weight of a target: 0 for one that is ignored.</summary>
    internal double Weight(long target) => target == _ignored ? 0 : _weight is null ? 1 : _weight[target];

    /// <summary>Checks shapes, dtypes and classes, before anything is computed.</summary>
    internal static ClassTargets Of(string operation, Tensor input, Tensor target, Tensor? weight, long ignoreIndex)
    {
        if (input.NDim == 0)
            throw new ShapeException($"{operation}: the input needs a dimension of classes, but it has none.");
        if (target.DType.Row.Kind != DTypeKind.Whole)
            throw new DTypeException(
                $"{operation}: targets are classes, so their dtype must be Int64, but it is {target.DType} (input {input.Shape}, target "
                + $"{target.Shape}). Probability targets need the shape of the input.");
        int dim = ClassDim(input), count = input.Shape[dim];
        Shape places = Shape.Of([.. input.Shape.Sizes[..dim], .. input.Shape.Sizes[(dim + 1)..]]);
        if (!places.Equals(target.Shape))
        {
            throw input.NDim > 1 && target.NDim > 0 && input.Shape[0] != target.Shape[0]
                ? new ShapeException(
                    $"{operation}: the input has a batch of {input.Shape[0]}, but the target one of {target.Shape[0]} (shapes "
                    + $"{input.Shape} and {target.Shape}).")
                : new ShapeException(
                    $"{operation}: an input of shape {input.Shape} needs targets of shape {places}, but they have {target.Shape}.");
        }
        if (weight is not null && (weight.NDim != 1 || weight.NumEl != count))
            throw new ShapeException(
                $"{operation}: the weight of shape {weight.Shape} must have one element for each of the {count} classes.");

        int outer = dim == 0 ? 1 : input.Shape[0];
        return new ClassTargets(operation, places, outer, count, outer == 0 ? 0 : places.NumEl / outer, target, weight, ignoreIndex);
    }

    /// <summary>The tensors they were read from; where one was changed since, a copy of what it was.</summary>
    internal IReadOnlyList<Tensor> Held
    {
        get
        {
            Tensor target = _target.ChangeCount == _version ? _target : Tensor.From(_classes, Places);
            return _weights is null ? [target] : [target, _weights.ChangeCount == _weightVersion ? _weights : Tensor.From(_weight!)];
        }
    }

    /// <summary>The same of other classes and weights, of the same shapes.</summary>
    internal ClassTargets Holding(IReadOnlyList<Tensor> held)
    {
        Tensor? weight = held.Count > 1 ? held[1] : null;
        if (!held[0].Shape.Equals(Places) || held[0].DType.IsFloatingPoint
            || (weight is not null && (weight.NDim != 1 || weight.NumEl != Count)))
            throw new ShapeException($"{_operation}: targets of shape {Places} are needed, but {held[0].DType} {held[0].Shape} was given.");
        return new ClassTargets(_operation, Places, Outer, Count, Inner, held[0], weight, _ignored);
    }

    /// <summary>
    /// Writes something for each place that counts: the element of its class, whose number is <c>label</c>, and that of what lies beside.
    /// </summary>
    internal void Write(Hand hand, HandTensor x, HandTensor? beside, Action<HandTensor, HandTensor?> body)
    {
        HandTensor target = hand.Input(1);
        int dim = x.Shape.NDim == 1 ? 0 : 1;
        HandTensor rows = x.Permuted([.. Enumerable.Range(0, x.Shape.NDim).Where(d => d != dim), dim]);
        HandTensor[] all = beside is null ? [rows, target] : [rows, target, beside];
        hand.Over(target.Shape.NDim, e =>
        {
            hand.Line($"int label = (int){hand.Element(e[1])};");
            hand.Block($"if (label != {_ignored})", () => body(HandIndex.Class(hand, e[0], "label", Count), e.Length > 2 ? e[2] : null));
        }, all);
    }

    /// <summary>Tells what they are but for the tensors.</summary>
    internal void Describe(OpAttributes to) => to.Add("ignore_index", _ignored);

    /// <summary>1 for each place that counts, 0 for one that is ignored.</summary>
    internal Tensor Counted(DType dtype) =>
        Door.Run(new ClassTargetsOp(
            "counted_targets", this, static (targets, dtype) => targets.Marks(dtype),
            static (targets, hand) => targets.WriteMarks(hand), dtype));

    /// <summary>The class of each place, 0 for one that is ignored.</summary>
    internal Tensor Classes() => Door.Run(new ClassTargetsOp(
        "class_targets", this, static (targets, _) => targets.Known(), static (targets, hand) => targets.WriteKnown(hand), DType.Int64));

    /// <summary>What the mean divides by, as a tensor.</summary>
    internal Tensor Total(DType dtype) =>
        Door.Run(new ClassTargetsOp(
            "total_weight", this, static (targets, dtype) => Tensor.Scalar(targets.TotalWeight, dtype),
            static (targets, hand) => targets.WriteTotal(hand), dtype));

    private void WriteMarks(Hand hand) => hand.Each(e => hand.Store(
        e[0], $"{hand.Element(e[1])} == {_ignored} ? {Hand.Zero(e[0].Word)} : {Hand.One(e[0].Word)}"), hand.Result, hand.Input(0));

    private void WriteKnown(Hand hand) => hand.Each(e => hand.Store(e[0], $"{hand.Element(e[1])} == {_ignored} ? 0 : "
        + HandIndex.Checked(hand, hand.Element(e[1], "long"), Count, wrap: false)), hand.Result, hand.Input(0));

    private void WriteTotal(Hand hand)
    {
        HandTensor? weight = hand.InputOrNull(1);
        hand.Line("double total = 0;");
        hand.Each(e =>
        {
            hand.Line($"int label = (int){hand.Element(e[0])};");
            hand.Block($"if (label != {_ignored})", () => hand.Line(
                $"total += {(weight is null ? "1" : hand.Element(HandIndex.Class(hand, weight, "label", Count)))};"));
        }, hand.Input(0));
        hand.Store(hand.Result, Hand.Converted("total", "double", hand.Result.Word));
    }

    private Tensor Marks(DType dtype)
    {
        var counted = new double[_classes.Length];
        for (int i = 0; i < counted.Length; i++) counted[i] = _classes[i] == _ignored ? 0 : 1;
        return Tensor.FromDoubles(counted, Places, dtype);
    }

    private Tensor Known() => Tensor.From(Array.ConvertAll(_classes, t => t == _ignored ? 0 : t), Places);

    /// <summary>−w·x at the class of each place.</summary>
    internal void Pick<T>(ReadOnlySpan<T> x, Span<T> losses) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < losses.Length; i++) losses[i] = Loss(x, i);
    }

    /// <summary>The sum of −w·x at the class of each place, added up in double precision.</summary>
    internal double PickSum<T>(ReadOnlySpan<T> x) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int i = 0; i < _classes.Length; i++) sum += double.CreateTruncating(Loss(x, i));
        return sum;
    }

    private T Loss<T>(ReadOnlySpan<T> x, int place) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long t = _classes[place];
        return t == _ignored ? T.Zero : -T.CreateTruncating(Weight(t)) * x[Position(place, t)];
    }

    /// <summary>−w·g at the class of each place, where everything else is zero. g may be one number for all.</summary>
    internal void Spread<T>(ReadOnlySpan<T> g, Span<T> dx) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        dx.Clear();
        for (int i = 0; i < _classes.Length; i++)
        {
            long t = _classes[i];
            if (t != _ignored) dx[Position(i, t)] = -T.CreateTruncating(Weight(t)) * g[g.Length == 1 ? 0 : i];
        }
    }

    /// <summary>The sum of −x at the classes of a tensor that lies there, which are checked, and how many of them count.</summary>
    /// <remarks>As the sum above, without weights and without memory of its own.</remarks>
    internal (double Sum, double Count) PickSum<T>(ReadOnlySpan<T> x, ReadOnlySpan<long> classes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double counted = Counting(classes), sum = 0;
        for (int i = 0; i < classes.Length; i++)
            sum += double.CreateTruncating(classes[i] == _ignored ? T.Zero : -T.One * x[Position(i, classes[i])]);
        return (sum, counted);
    }

    /// <summary>−g at the classes of a tensor that lies there, where everything else is zero.</summary>
    internal void Spread<T>(double g, bool isMean, ReadOnlySpan<long> classes, Span<T> dx)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double counted = Counting(classes);
        T one = T.CreateTruncating(isMean ? g / counted : g);
        dx.Clear();
        for (int i = 0; i < classes.Length; i++)
            if (classes[i] != _ignored) dx[Position(i, classes[i])] = -T.One * one;
    }

    private double Counting(ReadOnlySpan<long> classes)
    {
        double counted = 0;
        foreach (long t in classes)
        {
            if (t != _ignored && (t < 0 || t >= Count)) throw NoClass(_operation, t, Count, _ignored);
            counted += t == _ignored ? 0 : 1;
        }
        return counted;
    }

    private static TensorIndexException NoClass(string operation, long t, int count, long ignored) => new(
        $"{operation}: target {t} is out of bounds; there are {count} classes, 0 to {count - 1}, and {ignored} is ignored.");

    private int Position(int place, long target) => (place / Inner * Count + (int)target) * Inner + place % Inner;
}

/// <summary>What is known of targets as a tensor.</summary>
/// <param name="name">What it is called.</param>
/// <param name="targets">The targets.</param>
/// <param name="make">Makes it; without variables of its own.</param>
/// <param name="write">Writes it by hand; without variables of its own.</param>
/// <param name="dtype">Its dtype.</param>
internal readonly struct ClassTargetsOp(
    string name, ClassTargets targets, Func<ClassTargets, DType, Tensor> make, Action<ClassTargets, Hand> write, DType dtype)
    : ITensorOperation, IHolder<ClassTargetsOp>, IByHand
{
    public string Name => name;

    public IReadOnlyList<Tensor> Held => targets.Held;

    public ClassTargetsOp Holding(IReadOnlyList<Tensor> held) => new(name, targets.Holding(held), make, write, dtype);

    public void Describe(OpAttributes to)
    {
        to.Add("dtype", dtype);
        targets.Describe(to);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs) => make(targets, dtype);

    public void Write(Hand hand) => write(targets, hand);
}
