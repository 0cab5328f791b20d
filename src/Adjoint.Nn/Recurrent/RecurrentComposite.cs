using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>What <see cref="RecurrentOp"/> computes, in tensor operations, step by step: for derivatives of any order and mode.</summary>
internal static class RecurrentComposite
{
    internal static (Tensor Y, Tensor H, Tensor? C) Run(
        RecurrentKind kind, RecurrentOrder order, Tensor x, Tensor h, Tensor? c, RecurrentWeights weights)
    {
        Tensor gates = F.Linear(x, weights.InputHidden, weights.InputBias);
        (int Start, int Count)[] steps = order.Steps();
        var outputs = new Tensor[steps.Length];
        for (int t = 0; t < steps.Length; t++)
        {
            (int start, int count) = steps[t];
            Tensor now = First(h, count), hidden = F.Linear(now, weights.HiddenHidden, weights.HiddenBias), g = gates.Narrow(0, start,
                count);
            Tensor next;
            if (kind == RecurrentKind.Lstm)
            {
                Tensor[] parts = (g + hidden).Chunk(4, 1);
                Tensor cell = parts[1].Sigmoid() * First(c!, count) + parts[0].Sigmoid() * parts[2].Tanh();
                next = parts[3].Sigmoid() * cell.Tanh();
                if (weights.Projection is { } projection) next = F.Linear(next, projection);
                c = With(c!, cell);
            }
            else if (kind == RecurrentKind.Gru)
            {
                Tensor[] of = g.Chunk(3, 1), by = hidden.Chunk(3, 1);
                Tensor update = (of[1] + by[1]).Sigmoid(), candidate = (of[2] + (of[0] + by[0]).Sigmoid() * by[2]).Tanh();
                next = candidate + update * (now - candidate);
            }
            else
            {
                next = kind == RecurrentKind.Tanh ? (g + hidden).Tanh() : (g + hidden).Relu();
            }
            h = With(h, next);
            outputs[order.IsReversed ? steps.Length - 1 - t : t] = next;
        }
        return (Tensor.Cat(outputs, 0), h, c);
    }

    private static Tensor First(Tensor state, int count) => count == state.Shape[0] ? state : state.Narrow(0, 0, count);

    private static Tensor With(Tensor state, Tensor first) => first.Shape[0] == state.Shape[0] ? first
        : Tensor.Cat([first, state.Narrow(0, first.Shape[0], state.Shape[0] - first.Shape[0])], 0);
}
