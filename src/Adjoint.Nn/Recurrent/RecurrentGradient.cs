using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>
/// The gradients of <see cref="RecurrentOp"/>, back through time; its inputs are those of y, h and c, x, the weights, and what was kept:
/// the gates,
/// the cells and the states before each step.
/// </summary>
internal readonly struct RecurrentGradient(RecurrentKind kind, RecurrentOrder order, bool[] needed) : ITensorsOperation
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
            ThroughTime<T>();
            int rows = X.Shape[0], input = X.Shape[1], wide = Gates.Shape[1], state = Before.Shape[1];
            using var memory = new Loan();
            ReadOnlySpan<T> ofGates = memory.Of<T>(OfGates), ofHidden = memory.Of<T>(OfHidden);
            if (OfX is not null)
                Gemm.Multiply(Trans.No, Trans.No, rows, input, wide, ofGates, wide, memory.Of<T>(InputHidden), input, memory.Of<T>(OfX),
                    input);
            if (OfInputHidden is not null)
                Gemm.Multiply(Trans.Yes, Trans.No, wide, input, rows, ofGates, wide, memory.Of<T>(X), input, memory.Of<T>(OfInputHidden),
                    input);
            if (OfHiddenHidden is not null)
                Gemm.Multiply(
                    Trans.Yes, Trans.No, wide, state, rows, ofHidden, wide, memory.Of<T>(Before), state, memory.Of<T>(OfHiddenHidden),
                    state);
            if (OfInputBias is not null) Reduce.Sum(ofGates, 1, rows, wide, memory.Of<T>(OfInputBias));
            if (OfHiddenBias is not null) Reduce.Sum(ofHidden, 1, rows, wide, memory.Of<T>(OfHiddenBias));
        }

        private void ThroughTime<T>() where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int wide = Gates.Shape[1], state = Before.Shape[1], n = wide / kind.Gates(), keptWidth = kind.Kept() * n;
            using var memory = new Loan();
            ReadOnlySpan<T> gates = memory.Of<T>(Gates), kept = memory.OfNullable<T>(Kept), ofY = memory.OfNullable<T>(OfY);
            ReadOnlySpan<T> weight = memory.Of<T>(HiddenHidden), projection = memory.OfNullable<T>(Projection),
            before = memory.Of<T>(Before);
            Span<T> ofState = memory.Of<T>(OfState), ofCell = memory.OfNullable<T>(OfCell), ofGates = memory.Of<T>(OfGates);
            Span<T> ofHidden = memory.Of<T>(OfHidden), ofProjected = memory.OfNullable<T>(OfProjected), cells = memory.OfNullable<T>(Cells);
            for (int t = steps.Length - 1; t >= 0; t--)
            {
                (int start, int count) = steps[t];
                Span<T> now = ofState[..(count * state)], part = ofGates.Slice(start * wide, count * wide);
                Span<T> hidden = ofHidden.Slice(start * wide, count * wide);
                ReadOnlySpan<T> gate = gates.Slice(start * wide, count * wide), keep = kept.Slice(start * keptWidth, count * keptWidth);
                ReadOnlySpan<T> more = ofY.IsEmpty ? default : ofY.Slice(start * state, count * state);
                switch (kind)
                {
                    case RecurrentKind.Lstm when !projection.IsEmpty:
                        Span<T> whole = cells[..(count * n)];
                        if (!more.IsEmpty) ElementWise.Binary<AddOp, T>(new AddOp(), now, more, now);
                        now.CopyTo(ofProjected[(start * state)..]);
                        Gemm.Multiply(Trans.No, Trans.No, count, n, state, now, state, projection, n, whole, n);
                        LstmStep.Backward(n, gate, keep, whole, default, ofCell[..(count * n)], part);
                        break;
                    case RecurrentKind.Lstm:
                        LstmStep.Backward(n, gate, keep, now, more, ofCell[..(count * n)], part);
                        break;
                    case RecurrentKind.Gru:
                        GruStep.Backward(n, gate, keep, before.Slice(start * n, count * n), more, now, part, hidden);
                        break;
                    default:
                        RnnStep.Backward(n, kind == RecurrentKind.Relu, gate, now, more, part);
                        break;
                }
                Gemm.Multiply(
                    Trans.No, Trans.No, count, state, wide, hidden, wide, weight, state, now, state, accumulate: kind == RecurrentKind.Gru);
            }
            if (OfProjection is null) return;
            int rows = X.Shape[0];
            LstmStep.Outputs(n, gates, kept, cells);
            Gemm.Multiply(Trans.Yes, Trans.No, state, n, rows, ofProjected, state, cells, n, memory.Of<T>(OfProjection), n);
        }
    }
}
