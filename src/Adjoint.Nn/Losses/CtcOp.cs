using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>
/// The negative logarithm of the probability of each sequence of labels: −ln Σ Π p over all ways through its places, step by step.
/// </summary>
/// <remarks>
/// // Note [The alignments are one operation]
/// A step is a formula of the places of all sequences, and there are hundreds of steps: as operations of their own they would spend
/// their time on the graph. So the steps are one operation, which keeps the sums of the ways to each place, and the gradient is one more,
/// which goes back through them (Graves et al. 2006, formula 15). Where derivatives of the derivative are wanted, and in forward mode,
/// the same is said in tensor operations (<see cref="CtcAlignment.Composed"/>), of which they follow.
/// </remarks>
internal readonly struct CtcOp(int blank, bool zeroInfinity) : ITensorOperation, IByHand
{
    public string Name => "ctc_loss";

    public void Describe(OpAttributes to)
    {
        to.Add("blank", blank);
        to.Add("zero_infinity", zeroInfinity);
    }

    /// <summary>The loss of each sequence [N]; the inputs are logProbs [T, N, C], labels [N, P], lengths [N, 1] and ends [N, 1].</summary>
    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[0]!;
        bool wanted = History.IsWanted(here, x);
        (int steps, int batch, int places) = (x.Shape[0], x.Shape[1], inputs[1]!.Shape[1]);
        Tensor loss = Tensor.Uninitialized(here, [batch], x.DType);
        // Without a gradient only the last two steps are looked at.
        Tensor ways = Tensor.Uninitialized(here, [wanted ? steps : Math.Min(2, steps), batch, places], x.DType);
        var work = new Work(CtcPlaces.Of(inputs, blank), Elements.ToContiguous(x), ways, loss, zeroInfinity);
        Dispatch.Floating(x.DType, "CtcLoss", ref work);
        return wanted ? History.Record(
            here, loss, new RuleNode<CtcRule>(here, new CtcRule(here, inputs, ways, blank, zeroInfinity), x), x) : loss;
    }

    public string Formula => "y[n] = −ln Σ Π e^x over all ways through the places of sequence n";

    public void Write(Hand hand) => CtcByHand.Forward(hand, blank, zeroInfinity);

    private readonly struct Work(CtcPlaces places, Tensor x, Tensor ways, Tensor loss, bool zeroInfinity) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            if (places.Batch > 0) Steps<T>(memory.Of<T>(x), memory.Of<T>(ways), memory.Of<T>(loss));
        }

        private void Steps<T>(ReadOnlySpan<T> input, Span<T> all, Span<T> losses)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int line = places.Batch * places.Count, kept = ways.Shape[0];
            T nothing = T.CreateTruncating(Alignments.Nothing);
            T[] emitted = new T[line], skips = places.Skips<T>(), before = new T[Alignments.Scratch(places.Batch, places.Count)];
            Array.Fill(before, nothing);
            Span<T> now = all[..line];
            for (int t = 0; t < x.Shape[0]; t++)
            {
                Span<T> last = now;
                now = all.Slice(t % kept * line, line);
                places.Emitted(input, t, emitted);
                if (t == 0)
                {
                    places.Begin(emitted, now);
                    continue;
                }
                places.Spread(last, before, 2);
                Alignments.Forward(places.Count, before, skips, emitted, now);
                places.Stay(t, last, now);
            }
            for (int n = 0; n < losses.Length; n++) losses[n] = places.Loss(now, n, zeroInfinity);
        }
    }
}

/// <summary>
/// The gradient of <see cref="CtcOp"/>: −g times the share that each class has in all ways at each step. Its inputs are g, those of the
/// operation, and the sums of the ways to each place.
/// </summary>
internal readonly struct CtcGradientOp(int blank) : ITensorOperation, IByHand
{
    public string Name => "ctc_loss_backward";

    public void Describe(OpAttributes to) => to.Add("blank", blank);

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor g = Elements.ToContiguous(inputs[0]!), x = Elements.ToContiguous(inputs[1]!), dx = Tensor.Zeros(x.Shape, x.DType);
        var work = new Work(CtcPlaces.Of(inputs[1..], blank), g, x, Elements.ToContiguous(inputs[5]!), dx);
        Dispatch.Floating(x.DType, "CtcLoss", ref work);
        return dx;
    }

    public string Formula => "dx[t, n, c] = −g[n]·(the share of the ways that are at a place of class c at step t)";

    public void Write(Hand hand) => CtcByHand.Backward(hand, blank);

    private readonly struct Work(CtcPlaces places, Tensor g, Tensor x, Tensor ways, Tensor dx) : IFloatingWork
    {
        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            using var memory = new Loan();
            if (places.Batch > 0) Back<T>(memory.Of<T>(g), memory.Of<T>(x), memory.Of<T>(ways), memory.Of<T>(dx));
        }

        private void Back<T>(ReadOnlySpan<T> gradient, ReadOnlySpan<T> input, ReadOnlySpan<T> to, Span<T> target)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int line = places.Batch * places.Count, steps = x.Shape[0];
            T[] emitted = new T[line], from = new T[line], skips = places.SkipsOn<T>(), all = new T[places.Batch];
            T[] behind = new T[Alignments.Scratch(places.Batch, places.Count)];
            Array.Fill(behind, T.CreateTruncating(Alignments.Nothing));
            for (int n = 0; n < all.Length; n++) all[n] = places.Likelihood(to.Slice((steps - 1) * line, line), n);
            for (int t = steps - 1; t >= 0; t--)
            {
                places.Emitted(input, t, emitted);
                Alignments.Back<T>(places.Count, behind, skips, from);
                places.End(t, from);
                Alignments.Shares(places.Count, to.Slice(t * line, line), from, all, emitted, behind);
                places.Give(gradient, from, all, target.Slice(t * places.Batch * x.Shape[2], places.Batch * x.Shape[2]));
            }
        }
    }
}
