using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>
/// The gradients of <see cref="RecurrentOp"/>, back through time; its inputs are those of y, h and c, x, the weights, and what was kept:
/// the gates, the cells and the states before each step.
/// </summary>
internal readonly struct RecurrentGradient(RecurrentKind kind, RecurrentOrder order, bool[] needed)
    : ITensorsOperation, IIntoOperation, IByHand
{
    public string Name => kind switch
    {
        RecurrentKind.Tanh => "rnn_tanh_backward",
        RecurrentKind.Relu => "rnn_relu_backward",
        RecurrentKind.Lstm => "lstm_backward",
        _ => "gru_backward",
    };

    public void Describe(OpAttributes to)
    {
        to.Add("batch_sizes", order.BatchSizes);
        to.Add("reverse", order.IsReversed);
        to.Add("output_mask", needed);
    }

    public void Write(Hand hand) => RecurrentByHand.Backward(hand, kind, order);

    public Tensor?[] Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor x = inputs[3]!, gates = inputs[7]!;
        int n = gates.Shape[1] / kind.Gates(), state = inputs[9]!.Shape[1], most = order.BatchSizes[0], wide = gates.Shape[1];
        bool[] wished = needed;
        Tensor? Wished(int input, params int[] shape) => wished[input] ? Tensor.Uninitialized(Here.Now, Shape.Of(shape), x.DType) : null;
        Tensor?[] results =
        [
            Wished(0, x.Shape[0], x.Shape[1]), Wished(1, most, state), Wished(2, most, n), Wished(3, wide, x.Shape[1]),
            Wished(4, wide, state), Wished(5, wide), Wished(6, wide), Wished(7, state, n),
        ];
        Compute(inputs, results);
        return results;
    }

    public bool MayOverwrite => false;

    public bool GoesInto(GraphOperation call) => IntoCalls.ArePlain(call);

    public void RunInto(ReadOnlySpan<Tensor?> x, ReadOnlySpan<Tensor?> results) => Compute(x, results);

    private void Compute(ReadOnlySpan<Tensor?> inputs, ReadOnlySpan<Tensor?> results)
    {
        Tensor x = inputs[3]!, weight = inputs[5]!, gates = inputs[7]!, before = inputs[9]!;
        DType dtype = x.DType;
        int n = gates.Shape[1] / kind.Gates(), state = before.Shape[1], rows = x.Shape[0], most = order.BatchSizes[0];
        Tensor New(int rows, int columns) => Tensor.Uninitialized(Here.Now, [rows, columns], dtype);
        Tensor? Whole(Tensor? tensor) => tensor is null ? null : Elements.ToContiguous(tensor);
        Tensor State(Tensor? gradient, Tensor? wished, int width)
        {
            Tensor all = wished ?? New(most, width);
            if (gradient is null) Elements.Clear(all);
            else Elements.CopyTo(Elements.ToContiguous(gradient), all);
            return all;
        }

        bool projects = inputs[6] is not null, isGru = kind == RecurrentKind.Gru;
        Tensor ofGates = New(rows, gates.Shape[1]);
        var work = new BackwardWork(kind, order.Steps())
        {
            OfY = Whole(inputs[0]),
            X = Elements.ToContiguous(x),
            InputHidden = Elements.ToContiguous(inputs[4]!),
            HiddenHidden = Elements.ToContiguous(weight),
            Projection = Whole(inputs[6]),
            Gates = gates,
            Kept = inputs[8],
            Before = before,
            OfState = State(inputs[1], results[1], state),
            OfCell = kind == RecurrentKind.Lstm ? State(inputs[2], results[2], n) : null,
            OfGates = ofGates,
            OfHidden = isGru ? New(rows, gates.Shape[1]) : ofGates,
            OfProjected = projects ? New(rows, state) : null,
            Cells = projects ? New(rows, n) : null,
            OfX = results[0],
            OfInputHidden = results[3],
            OfHiddenHidden = results[4],
            OfInputBias = results[5],
            OfHiddenBias = results[6],
            OfProjection = results[7],
        };
        Dispatch.Floating(dtype, Name, ref work);
    }

    private readonly struct BackwardWork(RecurrentKind kind, (int Start, int Count)[] steps) : IFloatingWork
    {
        internal required Tensor? OfY { get; init; }

        internal required Tensor X { get; init; }

        internal required Tensor InputHidden { get; init; }

        internal required Tensor HiddenHidden { get; init; }

        internal required Tensor? Projection { get; init; }

        internal required Tensor Gates { get; init; }

        internal required Tensor? Kept { get; init; }

        internal required Tensor Before { get; init; }

        internal required Tensor OfState { get; init; }

        internal required Tensor? OfCell { get; init; }

        internal required Tensor OfGates { get; init; }

        internal required Tensor OfHidden { get; init; }

        /// <summary>The gradients of all states that were projected.</summary>
        internal required Tensor? OfProjected { get; init; }

        /// <summary>First the gradients of what was projected, step by step in its first rows, and then what was projected.</summary>
        internal required Tensor? Cells { get; init; }

        internal required Tensor? OfX { get; init; }

        internal required Tensor? OfInputHidden { get; init; }

        internal required Tensor? OfHiddenHidden { get; init; }

        internal required Tensor? OfInputBias { get; init; }

        internal required Tensor? OfHiddenBias { get; init; }

        internal required Tensor? OfProjection { get; init; }

        public void Run<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var sizes = new RecurrentSizes(kind, steps, X.Shape[0], X.Shape[1], Before.Shape[1], Gates.Shape[1] / kind.Gates());
            (int rows, int input, int wide, int state) = (sizes.Rows, sizes.Input, sizes.Gates, sizes.State);
            using var memory = new Loan();
            RecurrentBackward.Steps<T>(
                sizes, memory.Of<T>(HiddenHidden), memory.OfNullable<T>(Projection), memory.Of<T>(Gates), memory.OfNullable<T>(Kept),
                memory.Of<T>(Before), memory.OfNullable<T>(OfY), memory.Of<T>(OfState), memory.OfNullable<T>(OfCell), memory.Of<T>(OfGates),
                memory.Of<T>(OfHidden), memory.OfNullable<T>(OfProjected), memory.OfNullable<T>(Cells));
            if (OfProjection is not null)
                RecurrentBackward.Projection<T>(
                    sizes, memory.Of<T>(Gates), memory.OfNullable<T>(Kept), memory.OfNullable<T>(OfProjected), memory.OfNullable<T>(Cells),
                    memory.Of<T>(OfProjection));
            if (OfX is not null)
                RecurrentBackward.Operand<T>(wide, input, rows, memory.Of<T>(OfGates), memory.Of<T>(InputHidden), memory.Of<T>(OfX));
            if (OfInputHidden is not null)
                RecurrentBackward.Weight<T>(wide, input, rows, memory.Of<T>(OfGates), memory.Of<T>(X), memory.Of<T>(OfInputHidden));
            if (OfHiddenHidden is not null)
                RecurrentBackward.Weight<T>(wide, state, rows, memory.Of<T>(OfHidden), memory.Of<T>(Before), memory.Of<T>(OfHiddenHidden));
            if (OfInputBias is not null) Reduce.Sum<T>(memory.Of<T>(OfGates), 1, rows, wide, memory.Of<T>(OfInputBias));
            if (OfHiddenBias is not null) Reduce.Sum<T>(memory.Of<T>(OfHidden), 1, rows, wide, memory.Of<T>(OfHiddenBias));
        }
    }
}
