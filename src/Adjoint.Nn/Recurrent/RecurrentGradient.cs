using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>
/// The gradients of <see cref="RecurrentOp"/>, back through time; its inputs are those of y, h and c, x, the weights, and what was kept:
/// the gates, the cells and the states before each step.
/// </summary>
internal readonly struct RecurrentGradient(RecurrentKind kind, RecurrentOrder order, bool[] needed) : ITensorsOperation, IByHand
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
        Tensor x = inputs[3]!, weight = inputs[5]!, gates = inputs[7]!, before = inputs[9]!;
        DType dtype = x.DType;
        int n = gates.Shape[1] / kind.Gates(), state = before.Shape[1], rows = x.Shape[0], most = order.BatchSizes[0];
        bool[] wished = needed;
        Tensor New(params int[] shape) => Tensor.Uninitialized(Here.Now, Shape.Of(shape), dtype);
        Tensor? Wished(int input, params int[] shape) => wished[input] ? New(shape) : null;
        Tensor? Whole(Tensor? tensor) => tensor is null ? null : Elements.ToContiguous(tensor);
        Tensor State(Tensor? gradient, int width) => gradient is null ? Tensor.Zeroed(Here.Now, [most, width],
            dtype) : Elements.Copy(gradient);
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
            OfState = State(inputs[1], state),
            OfCell = kind == RecurrentKind.Lstm ? State(inputs[2], n) : null,
            OfGates = ofGates,
            OfHidden = isGru ? New(rows, gates.Shape[1]) : ofGates,
            OfProjected = projects ? New(rows, state) : null,
            Cells = projects ? New(rows, n) : null,
            OfX = Wished(0, rows, x.Shape[1]),
            OfInputHidden = Wished(3, gates.Shape[1], x.Shape[1]),
            OfHiddenHidden = Wished(4, gates.Shape[1], state),
            OfInputBias = Wished(5, gates.Shape[1]),
            OfHiddenBias = Wished(6, gates.Shape[1]),
            OfProjection = Wished(7, state, n),
        };
        Dispatch.Floating(dtype, Name, ref work);
        return
        [
            work.OfX, needed[1] ? work.OfState : null, needed[2] ? work.OfCell : null, work.OfInputHidden, work.OfHiddenHidden,
            work.OfInputBias,
            work.OfHiddenBias, work.OfProjection,
        ];
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
