using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Numbers of events, each drawn with the rate at its place in this tensor: Poisson's distribution. No gradient.</summary>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    /// <exception cref="ArgumentException">A rate is negative or no number.</exception>
    public Tensor Poisson(Generator? generator = null) => PoissonOp.Apply(this, generator);
}

/// <summary>Numbers of events with the rates of a tensor, in the order of its dimensions.</summary>
internal readonly struct PoissonOp(Generator? generator) : ITensorOperation, IByHand
{
    internal static Tensor Apply(Tensor rates, Generator? generator)
    {
        Draw.Real("Poisson", rates.DType);
        return Door.Run(new PoissonOp(generator), rates.Detach());
    }

    public string Name => "poisson";

    public void Write(Hand hand)
    {
        string source = HandRandom.Source(hand, generator);
        hand.Needs(HandRandomText.Poisson, "");
        hand.Each(e => hand.Line($"if (!({hand.Element(e[0])} >= 0 && {e[0].Word}.IsFinite({hand.Element(e[0])}))) "
            + $"throw new ArgumentException($\"{{{hand.Element(e[0])}}} is no rate.\");"), hand.Input(0));
        hand.Each(e => hand.Store(e[0], Hand.Converted($"NextPoisson({source}, {hand.Element(e[1], "double")})", "double", e[0].Word)),
            hand.Result, hand.Input(0));
    }

    public void Describe(OpAttributes to) => to.Add("generator", generator);

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor rates = Elements.ToContiguous(inputs[0]!), x = Tensor.Uninitialized(here, rates.Shape, rates.DType);
        using Lock.Scope _ = Draw.Source(generator).Enter(out RandomStream stream);
        var work = new Work(rates, x, stream);
        Dispatch.Floating(rates.DType, "Poisson", ref work);
        return x;
    }

    private readonly struct Work(Tensor rates, Tensor x, RandomStream stream) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            stream.Poisson<T>(memory.Of<T>(rates), memory.Of<T>(x));
        }
    }
}

public static partial class OpTable
{
    private static Op Poisson => Op.Of(OpKind.Zero, "poisson", x => (x * 8).Poisson(new Generator(1)), new OpInput([5, 4], Domain.Positive),
        new() { Formula = "numbers of events with the rates x", Torch = "seeded(1, torch.poisson, x.detach() * 8)" });
}
