using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// Ones with probability <paramref name="p"/>, else zeros, of this tensor's shape and dtype: <c>empty_like(x).bernoulli_(p)</c> of
    /// PyTorch.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">p is not in [0, 1].</exception>
    /// <inheritdoc cref="RandLike"/>
    public Tensor BernoulliLike(double p, Generator? generator = null) =>
        Draw.Like("BernoulliLike", "bernoulli", BernoulliOp.Of("BernoulliLike", p), this, DType, generator);

    /// <summary>Overwrites every element with 1 with probability <paramref name="p"/>, else with 0.</summary>
    /// <inheritdoc cref="UniformInPlace"/>
    public Tensor BernoulliInPlace(double p = 0.5, Generator? generator = null) =>
        Draw.InPlace("BernoulliInPlace", BernoulliOp.Of("BernoulliInPlace", p), this, generator);

    /// <summary>One with the probability that stands at each place of this tensor, else zero.</summary>
    /// <exception cref="ArgumentException">A probability is not in [0, 1].</exception>
    /// <exception cref="DTypeException">This tensor is not of floating point.</exception>
    public Tensor Bernoulli(Generator? generator = null) => BernoulliEachOp.Apply(this, generator);
}

/// <summary>1 with probability p, else 0.</summary>
internal readonly struct BernoulliOp(double p) : IDrawOp
{
    internal static BernoulliOp Of(string method, double p) => p >= 0 && p <= 1 ? new BernoulliOp(p)
        : throw new ArgumentOutOfRangeException(nameof(p), p, $"{method}: a probability is between 0 and 1.");

    public string Name => "bernoulli";

    public void Describe(OpAttributes to) => to.Add("p", p);

    public static bool IsReal => false;

    public void Fill<T>(RandomStream stream, Span<T> x, bool contiguous) where T : unmanaged, INumber<T> => stream.Bernoulli(x, p);

    public string Element(string source, string word) =>
        $"{source}.NextDouble() < {CodeWriter.Number(p, "double")} ? {Hand.One(word)} : {Hand.Zero(word)}";
}

/// <summary>1 with the probability at each place, else 0.</summary>
internal readonly struct BernoulliEachOp(Generator? generator) : ITensorOperation, IByHand
{
    internal static Tensor Apply(Tensor x, Generator? generator)
    {
        Draw.Real("Bernoulli", x.DType);
        return Door.Run(new BernoulliEachOp(generator), x);
    }

    public string Name => "bernoulli";

    public void Describe(OpAttributes to) => to.Add("generator", generator);

    public void Write(Hand hand)
    {
        string source = HandRandom.Source(hand, generator), word = hand.Result.Word;
        hand.Each(e => hand.Line($"if (!({hand.Element(e[0])} >= 0 && {hand.Element(e[0])} <= 1)) "
            + $"throw new ArgumentException($\"{{{hand.Element(e[0])}}} is no probability.\");"), hand.Input(0));
        hand.Each(e => hand.Store(e[0], $"{HandRandom.Uniform(source, word)} < {hand.Element(e[1])} ? {Hand.One(word)} : {Hand.Zero(word)}"),
            hand.Result, hand.Input(0));
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor p = Elements.ToContiguous(inputs[0]!), x = Tensor.Uninitialized(p.Shape, p.DType);
        using Lock.Scope _ = Draw.Source(generator).Enter(out RandomStream stream);
        var work = new Work(p, x, stream);
        Dispatch.Floating(p.DType, "Bernoulli", ref work);
        return x;
    }

    private readonly struct Work(Tensor p, Tensor x, RandomStream stream) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            stream.Bernoulli<T>(memory.Of<T>(p), memory.Of<T>(x));
        }
    }
}

public static partial class OpTable
{
    private static Op Bernoulli =>
        Op.Of(OpKind.Zero, "bernoulli", x => x.Bernoulli(new Generator(1)), new OpInput([3, 4], new Domain(0, 1)),
        new() { Formula = "1 with probability x, else 0", Torch = "seeded(1, torch.bernoulli, x.detach())", Onnx = "Bernoulli" });
}
