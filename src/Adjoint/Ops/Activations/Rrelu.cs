using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// x for x > 0, otherwise a·x: in training with an a drawn for each such element from [lower, upper), else with their middle.
    /// </summary>
    /// <param name="lower">The least a.</param>
    /// <param name="upper">The largest a.</param>
    /// <param name="training">Whether the a are drawn.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">lower is above upper, or one is not finite.</exception>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Rrelu(double lower = 1.0 / 8, double upper = 1.0 / 3, bool training = false, Generator? generator = null)
    {
        try
        {
            return RreluSlopes.Apply(this, lower.In(Interval.Finite), upper.In(Interval.Finite), training, generator);
        }
        catch (TensorException e) when (e.IsOf(nameof(Rrelu)))
        {
            throw;
        }
    }

    /// <summary>The same in place.</summary>
    /// <inheritdoc cref="Rrelu"/>
    /// <exception cref="AutogradException">This tensor must not be changed in place.</exception>
    public Tensor RreluInPlace(double lower = 1.0 / 8, double upper = 1.0 / 3, bool training = false, Generator? generator = null) =>
        Replacement.InPlace(
            "RreluInPlace", this, x => x.Rrelu(lower.In(Interval.Finite), upper.In(Interval.Finite), training, generator));
}

/// <summary>The slopes of randomised rectifiers: 1 for positive elements, for which nothing is drawn.</summary>
internal readonly struct RreluSlopes(double lower, double upper, Generator? generator) : ITensorOperation, IByHand
{
    public string Name => "rrelu_with_noise";

    public void Describe(OpAttributes to)
    {
        to.Add("lower", lower);
        to.Add("upper", upper);
        to.Add("generator", generator);
    }

    internal static Tensor Apply(Tensor x, double lower, double upper, bool training, Generator? generator)
    {
        Reduction.RequireFloat("Rrelu", x);
        if (lower > upper)
            throw new ArgumentOutOfRangeException(nameof(lower), lower, $"Rrelu: lower must not be above upper, which is {upper}.");
        return training ? x * Door.Run(new RreluSlopes(lower, upper, generator), x.Detach()) : x.LeakyRelu((lower + upper) / 2);
    }

    public void Write(Hand hand)
    {
        string drawn = new UniformOp(lower, upper).Element(HandRandom.Source(hand, generator), "double"), word = hand.Result.Word;
        hand.Each(e => hand.Store(e[0], $"{hand.Element(e[1])} <= 0 ? {Hand.Converted(drawn, "double", word)} : {Hand.One(word)}"),
            hand.Result, hand.Input(0));
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = Elements.ToContiguous(inputs[0]!), slopes = Tensor.Uninitialized(here, x.Shape, x.DType);
        using Lock.Scope _ = Draw.Source(generator).Enter(out RandomStream stream);
        var work = new Work(x, slopes, stream, lower, upper);
        Dispatch.Floating(x.DType, "Rrelu", ref work);
        return slopes;
    }

    private readonly struct Work(Tensor x, Tensor slopes, RandomStream stream, double lower, double upper) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Each<T>(memory.Of<T>(x), memory.Of<T>(slopes));
        }

        private void Each<T>(ReadOnlySpan<T> x, Span<T> slopes) where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            Span<double> one = stackalloc double[1];
            for (int i = 0; i < x.Length; i++)
            {
                slopes[i] = T.One;
                if (!(x[i] <= T.Zero)) continue;
                stream.Uniform(one, lower, upper);
                slopes[i] = T.CreateTruncating(one[0]);
            }
        }
    }
}

public static partial class OpTable
{
    private static Op Rrelu => Op.Of(OpKind.Composite, "rrelu", x => x.Rrelu(0.1, 0.4), new OpInput([3, 4], Domain.Reals.Without(0)),
        new() { Formula = "x for x > 0, else (l + u)/2·x", Torch = "F.rrelu(x, 0.1, 0.4)" });

    private static Op RreluTraining => Op.Of(OpKind.Composite, "rrelu_training",
        x => x.Rrelu(0.1, 0.4, true, new Generator(1)), new OpInput([3, 4], Domain.Reals.Without(0)),
        new() { Formula = "x for x > 0, else a·x with a drawn", Torch = "seeded(1, F.rrelu, x, 0.1, 0.4, True)" });
}
