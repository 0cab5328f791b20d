using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>A layer of recurrent cells in one direction, over all steps.</summary>
/// <remarks>
/// // Note [Recurrent layers are one operation]
/// A step is two small products and a formula, and a sequence has hundreds of them; as operations of their own they would spend more time
/// on the graph than on numbers, and the gradient of each weight would be added up step by step. So the steps of a layer are one
/// operation: what the input
/// contributes to the gates is one product of all steps, each step is one product and one pass over its cells, and backward the gradients
/// of the weights are one product of all steps again. Where derivatives of the derivative are wanted, and in forward mode, the same is
/// said in tensor operations (<see cref="RecurrentComposite"/>), of which they follow.
/// </remarks>
internal readonly struct RecurrentOp(RecurrentKind kind, RecurrentOrder order) : ITensorsOperation, IIntoOperation, IByHand
{
    public string Name => kind switch
    {
        RecurrentKind.Tanh => "rnn_tanh",
        RecurrentKind.Relu => "rnn_relu",
        RecurrentKind.Lstm => "lstm",
        _ => "gru",
    };

    public void Describe(OpAttributes to)
    {
        to.Add("batch_sizes", order.BatchSizes);
        to.Add("reverse", order.IsReversed);
    }

    /// <summary>The output of every step, and the last state.</summary>
    /// <param name="kind">What the cells compute.</param>
    /// <param name="order">The order of the rows.</param>
    /// <param name="x">[rows, input].</param>
    /// <param name="h">The first state [sequences, state].</param>
    /// <param name="c">That of the cells of an LSTM [sequences, hidden].</param>
    /// <param name="weights">The weights.</param>
    internal static (Tensor Y, Tensor H, Tensor? C) Apply(
        RecurrentKind kind, RecurrentOrder order, Tensor x, Tensor h, Tensor? c, RecurrentWeights weights)
    {
        if (ForwardMode.Level != 0) return RecurrentComposite.Run(kind, order, x, h, c, weights);
        Tensor?[] results = Door.RunMany(
            new RecurrentOp(kind, order), x, h, c, weights.InputHidden, weights.HiddenHidden, weights.InputBias, weights.HiddenBias,
            weights.Projection);
        return (results[0]!, results[1]!, results[2]);
    }

    public string Formula => RecurrentByHand.Formula(kind);

    public void Write(Hand hand) => RecurrentByHand.Forward(hand, kind, order);

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[0]!, h = inputs[1]!;
        DType dtype = x.DType;
        int hidden = inputs[3]!.Shape[0] / kind.Gates(), rows = x.Shape[0];
        bool wanted = false;
        foreach (Tensor? input in inputs) wanted |= input is not null && History.IsWanted(here, input);
        Tensor gates = Tensor.Uninitialized(here, [rows, kind.Gates() * hidden], dtype);
        Tensor? kept = wanted && kind.Kept() > 0 ? Tensor.Uninitialized(here, [rows, kind.Kept() * hidden], dtype) : null;
        Tensor? before = wanted ? Tensor.Uninitialized(here, [rows, h.Shape[1]], dtype) : null;
        Tensor y = Tensor.Uninitialized(here, [rows, h.Shape[1]], dtype), last = Tensor.Uninitialized(here, h.Shape, dtype);
        Tensor? cell = inputs[2] is { } c ? Tensor.Uninitialized(here, c.Shape, dtype) : null;
        Compute(here, inputs, gates, kept, before, y, last, cell);
        Tensor?[] results = [y, last, cell];
        if (!wanted) return results;
        var rule = new RecurrentRule(here, kind, order, inputs, gates, kept, before!);
        Tensor[] recorded = cell is null ? [y, last] : [y, last, cell];
        History.Record(recorded, new RuleNode<RecurrentRule>(here, rule, inputs), inputs);
        return results;
    }

    public bool MayOverwrite => false;

    // Recorded, so that there is room for what backward needs.
    public bool GoesInto(GraphOperation call) => IntoCalls.ArePlain(call, kind.Kept() > 0 ? 3 : 2);

    public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results)
    {
        bool keeps = kind.Kept() > 0;
        Compute(
            Here.Now, x, results[3]!, keeps ? results[4] : null, results[keeps ? 5 : 4], results[0]!, results[1]!, results[2]);
    }

    private void Compute(
        Here here, ReadOnlySpan<Tensor?> inputs, Tensor gates, Tensor? kept, Tensor? before, Tensor y, Tensor last, Tensor? cell)
    {
        Tensor x = inputs[0]!, h = inputs[1]!;
        Elements.CopyTo(Elements.ToContiguous(h), last);
        if (inputs[2] is { } c) Elements.CopyTo(Elements.ToContiguous(c), cell!);
        // A matrix that many products are made with lies best as they read it; a product with one row reads it as it is.
        bool isTurned = order.BatchSizes.Length > 1 && h.Shape[0] > 1;
        var work = new ForwardWork(kind, order.Steps())
        {
            X = Elements.ToContiguous(x),
            InputHidden = Elements.ToContiguous(inputs[3]!),
            HiddenHidden = isTurned ? Turned(inputs[4]!) : Elements.ToContiguous(inputs[4]!),
            IsTurned = isTurned,
            InputBias = inputs[5] is { } b ? Elements.ToContiguous(b) : null,
            HiddenBias = inputs[6] is { } u ? Elements.ToContiguous(u) : null,
            Projection = inputs[7] is { } p ? Elements.ToContiguous(p) : null,
            Gates = gates,
            Kept = kept,
            Before = before,
            Y = y,
            H = last,
            C = cell,
            Hidden = Tensor.Uninitialized(here, [h.Shape[0], gates.Shape[1]], x.DType),
            Cell = Tensor.Uninitialized(here, [inputs[7] is null ? 0 : h.Shape[0], gates.Shape[1] / kind.Gates()], x.DType),
        };
        Dispatch.Floating(x.DType, Name, ref work);
    }

    private static Tensor Turned(Tensor weight)
    {
        Tensor rows = Elements.ToContiguous(weight);
        return Elements.ToContiguous(rows.Alias([rows.Shape[1], rows.Shape[0]], [1, rows.Shape[1]], rows.Offset));
    }

    private readonly struct ForwardWork(RecurrentKind kind, (int Start, int Count)[] steps) : IFloatingWork
    {
        internal required Tensor X { get; init; }

        internal required Tensor InputHidden { get; init; }

        internal required Tensor HiddenHidden { get; init; }

        /// <summary>Whether it is transposed.</summary>
        internal required bool IsTurned { get; init; }

        internal required Tensor? InputBias { get; init; }

        internal required Tensor? HiddenBias { get; init; }

        internal required Tensor? Projection { get; init; }

        /// <summary>What the input contributes to the gates, and then the gates.</summary>
        internal required Tensor Gates { get; init; }

        internal required Tensor? Kept { get; init; }

        /// <summary>The state before each step.</summary>
        internal required Tensor? Before { get; init; }

        internal required Tensor Y { get; init; }

        internal required Tensor H { get; init; }

        internal required Tensor? C { get; init; }

        /// <summary>What the state contributes to the gates of a step.</summary>
        internal required Tensor Hidden { get; init; }

        /// <summary>The output of the cells of a step before it is projected.</summary>
        internal required Tensor Cell { get; init; }

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var sizes = new RecurrentSizes(kind, steps, X.Shape[0], X.Shape[1], H.Shape[1], Gates.Shape[1] / kind.Gates());
            using var memory = new Loan();
            RecurrentForward.Inputs<T>(
                sizes, memory.Of<T>(X), memory.Of<T>(InputHidden), memory.OfNullable<T>(InputBias), memory.Of<T>(Gates));
            RecurrentForward.Steps<T>(
                sizes, memory.Of<T>(HiddenHidden), IsTurned, memory.OfNullable<T>(HiddenBias), memory.OfNullable<T>(Projection),
                memory.Of<T>(Gates), memory.OfNullable<T>(Kept), memory.OfNullable<T>(Before), memory.Of<T>(Y), memory.Of<T>(H),
                memory.OfNullable<T>(C), memory.Of<T>(Hidden), memory.Of<T>(Cell));
        }
    }
}
