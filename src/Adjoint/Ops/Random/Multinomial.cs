using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>Indices drawn with the weights in each row of this tensor.</summary>
    /// <param name="samples">How many from each row.</param>
    /// <param name="replacement">Whether an index may be drawn again.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <returns>An Int64 tensor [samples], or [rows, samples] for a matrix.</returns>
    /// <exception cref="ShapeException">This tensor is no vector or matrix.</exception>
    /// <exception cref="ArgumentException">A weight is negative or not finite, or too few are above zero.</exception>
    public Tensor Multinomial(int samples, bool replacement = false, Generator? generator = null) =>
        MultinomialOp.Apply(this, samples, replacement, generator);
}

/// <summary>Places, each drawn with the weight that stands there.</summary>
internal readonly struct MultinomialOp(int samples, bool replacement, Generator? generator) : ITensorOperation, IByHand
{
    internal static Tensor Apply(Tensor weights, int samples, bool replacement, Generator? generator)
    {
        Draw.Real("Multinomial", weights.DType);
        if (weights.NDim is not (1 or 2))
            throw new ShapeException($"Multinomial: the weights must be a vector or a matrix, but have shape {weights.Shape}.");
        if (samples <= 0)
            throw new ArgumentOutOfRangeException(
                nameof(samples), samples, $"Multinomial: {samples} samples were asked for; it takes at least 1.");
        if (!replacement && samples > weights.Shape[-1])
            throw new ArgumentException(
                $"Multinomial: {samples} samples without replacement were asked for, but there are {weights.Shape[-1]} weights (shape "
                + $"{weights.Shape}).",
                nameof(samples));
        return Door.Run(new MultinomialOp(samples, replacement, generator), weights);
    }

    public string Name => "multinomial";

    public void Describe(OpAttributes to)
    {
        to.Add("num_samples", samples);
        to.Add("replacement", replacement);
        to.Add("generator", generator);
    }

    public void Write(Hand hand)
    {
        HandTensor x = hand.Input(0);
        (string source, int count) = (HandRandom.Source(hand, generator), samples);
        string method = replacement ? "Choose" : "ChooseOnce";
        hand.Needs(HandRandomText.CheckWeights, x.Word);
        hand.Needs(replacement ? HandRandomText.Choose : HandRandomText.ChooseOnce, x.Word);
        hand.Rows(x.Shape.NDim - 1, e =>
        {
            hand.Line($"long[] chosen = {method}({source}, {hand.Whole(e[0])}, {e[0].Place}, {e[0].Strides[0]}, {e[0].Shape[0]}, {count});");
            hand.For($"{count}", k => hand.Store(e[1].At(k), $"chosen[{k}]"));
        }, x, hand.Result);
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor weights = Elements.ToContiguous(inputs[0]!);
        Tensor x = Tensor.Uninitialized(weights.NDim == 2 ? [weights.Shape[0], samples] : [samples], DType.Int64);
        using Lock.Scope _ = Draw.Source(generator).Enter(out RandomStream stream);
        var work = new Work(weights, x, stream, samples, replacement);
        Dispatch.Floating(weights.DType, "Multinomial", ref work);
        return x;
    }

    private readonly struct Work(Tensor weights, Tensor x, RandomStream stream, int samples, bool replacement) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            Rows<T>(memory.Of<T>(weights), memory.Of<long>(x));
        }

        private void Rows<T>(ReadOnlySpan<T> all, Span<long> targets) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int n = weights.Shape[-1];
            for (; !targets.IsEmpty; all = all[n..], targets = targets[samples..])
            {
                if (replacement) stream.Multinomial(all[..n], targets[..samples]);
                else stream.MultinomialWithoutReplacement(all[..n], targets[..samples]);
            }
        }
    }
}

public static partial class OpTable
{
    private static Op Multinomial =>
        Op.Of(OpKind.Zero, "multinomial", x => x.Multinomial(2, generator: new Generator(1)), new OpInput([3, 4], Domain.Positive),
        new() { Formula = "places, drawn with the weights x", Torch = "seeded(1, torch.multinomial, x, 2)", Onnx = "Multinomial" });
}
