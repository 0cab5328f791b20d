using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>
/// Writes a recurrent layer as one would: a loop over time, in it the product of the state and a loop over the cells. The numbers are
/// rounded as by <see cref="RecurrentForward"/> and <see cref="RecurrentBackward"/>.
/// </summary>
internal sealed class RecurrentByHand
{
    private readonly Hand _hand;
    private readonly RecurrentKind _kind;
    private readonly (int Start, int Count)[] _steps;
    private readonly HandTensor _gates, _state;
    private readonly HandTensor? _kept;
    private readonly int _cells;

    /// <param name="hand">Writes.</param>
    /// <param name="kind">What the cells compute.</param>
    /// <param name="steps">The first row of each step and how many it has, in the order in which they are gone through.</param>
    /// <param name="gates">[rows, gates].</param>
    /// <param name="kept">[rows, kept], or null.</param>
    /// <param name="state">[sequences, state]: what goes from step to step.</param>
    private RecurrentByHand(
        Hand hand, RecurrentKind kind, (int Start, int Count)[] steps, HandTensor gates, HandTensor? kept, HandTensor state)
    {
        (_hand, _kind, _steps, _gates, _kept, _state) = (hand, kind, steps, gates, kept, state);
        _cells = gates.Shape[1] / kind.Gates();
    }

    /// <summary>The formula of a step, for a comment.</summary>
    internal static string Formula(RecurrentKind kind) => "all h ← " + kind switch
    {
        RecurrentKind.Tanh => "tanh(x·Wᵀ + b + h·Uᵀ + b′)",
        RecurrentKind.Relu => "max(x·Wᵀ + b + h·Uᵀ + b′, 0)",
        RecurrentKind.Lstm => "o·tanh(c), c ← f·c + i·g, where i, f, g, o are σ, σ, tanh, σ of x·Wᵀ + b + h·Uᵀ + b′",
        _ => "n + u·(h − n), where r, u are σ of x·Wᵀ + b + h·Uᵀ + b′, and n is tanh, with r times the second half",
    };

    /// <summary>Writes the steps of a layer.</summary>
    internal static void Forward(Hand hand, RecurrentKind kind, RecurrentOrder order)
    {
        HandTensor x = InOrder(hand, "input", hand.Input(0)), w = InOrder(hand, "w_ih", hand.Input(3));
        HandTensor u = InOrder(hand, "w_hh", hand.Input(4));
        HandTensor? p = hand.InputOrNull(7) is { } given ? InOrder(hand, "w_hr", given) : null;
        (int rows, int wide, DType dtype) = (x.Shape[0], w.Shape[0], x.DType);
        HandTensor gates = hand.Saved("gates") ?? hand.New("gates", [rows, wide], dtype), y = hand.Result;
        HandTensor h = hand.ResultOrNull(1) ?? hand.New("state", hand.Input(1).Shape, dtype);
        HandTensor? c = kind == RecurrentKind.Lstm ? hand.ResultOrNull(2) ?? hand.New("cell", hand.Input(2).Shape, dtype) : null;
        string cellsAre = c is null ? "" : $", the cells c are {hand.Name(c.Memory)}";
        hand.Line($"// The state h is {hand.Name(h.Memory)}{cellsAre}: as they begin.");
        hand.Copy(hand.Input(1), h);
        if (c is not null) hand.Copy(hand.Input(2), c);
        hand.Line("// What the input contributes to the gates, in all steps.");
        HandProducts.Write(hand, x, false, w, true, gates, hand.InputOrNull(5));
        HandTensor by = hand.New("byState", [h.Shape[0], wide], dtype);
        HandTensor cells = p is null ? h : hand.New("cells", [h.Shape[0], wide / kind.Gates()], dtype);
        var layer = new RecurrentByHand(hand, kind, order.Steps(), gates, hand.Saved("cells"), h);
        HandTensor? states = hand.Saved("states");
        bool isTurned = order.BatchSizes.Length > 1 && h.Shape[0] > 1;
        layer.Each((count, at) =>
        {
            HandTensor now = h.Narrow(0, 0, count), contributed = by.Narrow(0, 0, count), of = cells.Narrow(0, 0, count);
            if (states is not null) hand.Line("// The way back needs the state before the step.");
            if (states is not null) hand.Copy(now, at(states));
            hand.Line("// What the state contributes to the gates.");
            HandProducts.Write(hand, now, false, u, true, contributed, hand.InputOrNull(6), turnsB: isTurned);
            layer.Cells(count, at, contributed, c?.Narrow(0, 0, count), of, states is not null);
            if (p is not null) HandProducts.Write(hand, of, false, p, true, now);
            hand.Line("// The output of the step.");
            hand.Copy(now, at(y));
        });
    }

    /// <summary>Writes the steps back through time.</summary>
    internal static void Backward(Hand hand, RecurrentKind kind, RecurrentOrder order)
    {
        HandTensor x = InOrder(hand, "input", hand.Input(3)), w = InOrder(hand, "w_ih", hand.Input(4));
        HandTensor u = InOrder(hand, "w_hh", hand.Input(5));
        HandTensor? p = hand.InputOrNull(6) is { } given ? InOrder(hand, "w_hr", given) : null;
        HandTensor gates = hand.Input(7), states = hand.Input(9);
        (int rows, int wide, int state, DType dtype) = (x.Shape[0], w.Shape[0], states.Shape[1], x.DType);
        (int most, int n) = (order.BatchSizes[0], wide / kind.Gates());
        HandTensor Start(int result, HandTensor? of, string name, int width)
        {
            HandTensor start = hand.ResultOrNull(result) ?? hand.New(name, [most, width], dtype);
            if (of is not null) hand.Copy(of, start);
            else if (hand.IsVariable(start.Memory)) hand.Line($"{hand.Name(start.Memory)} = 0;");
            return start;
        }
        HandTensor ofH = Start(1, hand.InputOrNull(1), "ofState", state);
        HandTensor? ofC = kind == RecurrentKind.Lstm ? Start(2, hand.InputOrNull(2), "ofCells", n) : null;
        HandTensor ofGates = hand.New("ofGates", [rows, wide], dtype);
        HandTensor ofBy = kind == RecurrentKind.Gru ? hand.New("ofByState", [rows, wide], dtype) : ofGates;
        HandTensor? projected = p is null ? null : hand.New("ofProjected", [rows, state], dtype);
        HandTensor? cells = p is null ? null : hand.New("cells", [rows, n], dtype);
        HandTensor? ofY = hand.InputOrNull(0);
        var layer = new RecurrentByHand(hand, kind, [.. order.Steps().Reverse()], gates, hand.InputOrNull(8), ofH);
        hand.Line("// Back from the last step: of each gate its slope times what arrives.");
        layer.Each((count, at) =>
        {
            HandTensor now = ofH.Narrow(0, 0, count), of = now;
            HandTensor? more = ofY is null ? null : at(ofY);
            if (p is not null)
            {
                if (more is not null) hand.Add(more, now);
                hand.Copy(now, at(projected!));
                HandProducts.Write(hand, now, false, p, false, of = cells!.Narrow(0, 0, count));
                more = null;
            }
            layer.CellsBackward(count, at, of, more, ofC?.Narrow(0, 0, count), at(states), at(ofGates), at(ofBy));
            hand.Line("// The gradient of the state before the step.");
            HandProducts.Write(hand, at(ofBy), false, u, false, now, kind == RecurrentKind.Gru ? now : null);
        });
        hand.Line("// The gradients of the weights: of all steps together.");
        if (p is not null && hand.ResultOrNull(7) is { } ofP)
        {
            HandTensor output = layer.Gate(gates, 3), squashed = hand.Input(8).Narrow(1, n, n);
            hand.Each(e => hand.Store(e[0], $"{hand.Element(e[1])} * {hand.Element(e[2])}"), cells!, output, squashed);
            HandProducts.Write(hand, projected!, true, cells!, false, ofP);
        }
        if (hand.ResultOrNull(0) is { } ofX) HandProducts.Write(hand, ofGates, false, w, false, ofX);
        if (hand.ResultOrNull(3) is { } ofW) HandProducts.Write(hand, ofGates, true, x, false, ofW);
        if (hand.ResultOrNull(4) is { } ofU) HandProducts.Write(hand, ofBy, true, states, false, ofU);
        if (hand.ResultOrNull(5) is { } ofB) HandSums.Write(hand, HandFold.Sum, ofGates, [0], ofB);
        if (hand.ResultOrNull(6) is { } ofB2) HandSums.Write(hand, HandFold.Sum, ofBy, [0], ofB2);
    }

    // A matrix whose rows lie one after the other, as the kernel has it.
    private static HandTensor InOrder(Hand hand, string name, HandTensor x)
    {
        if (x.IsContiguous) return x;
        HandTensor copy = hand.New(name, x.Shape, x.DType);
        hand.Copy(x, copy);
        return copy;
    }

    // Goes through the steps; those that have equally many sequences are one loop.
    private void Each(Action<int, Func<HandTensor, HandTensor>> body)
    {
        for (int first = 0, next; first < _steps.Length; first = next)
        {
            (int start, int count) = _steps[first];
            for (next = first + 1; next < _steps.Length && _steps[next].Count == count; next++)
            {
            }
            if (next == first + 1)
            {
                _hand.Scope(() => body(count, x => x.Narrow(0, start, count)));
                continue;
            }
            int sign = Math.Sign(_steps[first + 1].Start - start);
            _hand.For($"{next - first}", t => body(
                count, x => x.Narrow(0, start, count).Plus([(t, sign * count * x.Strides[0])])), "t");
        }
    }

    private HandTensor Gate(HandTensor gates, int number) => gates.Narrow(1, number * _cells, _cells);

    private void Cells(int count, Func<HandTensor, HandTensor> at, HandTensor by, HandTensor? c, HandTensor h, bool keeps)
    {
        string word = h.Word;
        HandTensor gates = at(_gates);
        HandTensor[] parts = [.. Enumerable.Range(0, _kind.Gates()).SelectMany(i => new[] { Gate(gates, i), Gate(by, i) })];
        HandTensor[] kept = keeps && _kept is not null
            ? [.. Enumerable.Range(0, _kind.Kept()).Select(i => at(_kept).Narrow(1, i * _cells, _cells))] : [];
        _hand.Over(2, all =>
        {
            string[] e = [.. all.Select(_hand.Element)];
            string to = e[parts.Length], keep = kept.Length > 0 ? e[^kept.Length] : "";
            string Sum(int gate) => $"{e[2 * gate]} + {e[2 * gate + 1]}";
            void Let(string name, string value) => _hand.Line($"{word} {name} = {value};");
            string Sigmoid(string x) => _hand.Apply<SigmoidOp>(word, x);
            string Tanh(string x) => _hand.Apply<TanhOp>(word, x);
            void Keep(params string[] values)
            {
                for (int i = 0; i < values.Length && keeps; i++) _hand.Line($"{e[2 * i]} = {values[i]};");
            }
            switch (_kind)
            {
                case RecurrentKind.Lstm:
                    string cell = e[parts.Length + 1];
                    Let("inputGate", Sigmoid(Sum(0)));
                    Let("forgetGate", Sigmoid(Sum(1)));
                    Let("candidate", Tanh(Sum(2)));
                    Let("outputGate", Sigmoid(Sum(3)));
                    if (keeps) _hand.Line($"{keep} = {cell};");
                    _hand.Line($"{cell} = forgetGate * {cell} + inputGate * candidate;");
                    Let("squashed", Tanh(cell));
                    _hand.Line($"{to} = outputGate * squashed;");
                    Keep("inputGate", "forgetGate", "candidate", "outputGate");
                    if (keeps) _hand.Line($"{e[^1]} = squashed;");
                    break;
                case RecurrentKind.Gru:
                    Let("resetGate", Sigmoid(Sum(0)));
                    Let("updateGate", Sigmoid(Sum(1)));
                    Let("candidate", Tanh($"{e[4]} + resetGate * {e[5]}"));
                    _hand.Line($"{to} = candidate + updateGate * ({to} - candidate);");
                    Keep("resetGate", "updateGate", "candidate");
                    if (keeps) _hand.Line($"{keep} = {e[5]};");
                    break;
                case RecurrentKind.Tanh:
                    _hand.Line($"{to} = {Tanh(Sum(0))};");
                    Keep(to);
                    break;
                default:
                    Let("next", Sum(0));
                    _hand.Line($"{to} = next < 0 ? 0 : next;");
                    Keep(to);
                    break;
            }
        }, [.. parts, h, .. c is null ? [] : new[] { c }, .. kept]);
    }

    private void CellsBackward(
        int count, Func<HandTensor, HandTensor> at, HandTensor dh, HandTensor? more, HandTensor? dc, HandTensor before, HandTensor dx,
        HandTensor du)
    {
        int gates = _kind.Gates();
        string word = dh.Word;
        HandTensor[] kept = _kept is null
            ? [] : [.. Enumerable.Range(0, _kind.Kept()).Select(i => at(_kept).Narrow(1, i * _cells, _cells))];
        HandTensor[] parts = [.. Enumerable.Range(0, gates).SelectMany(i => new[] { Gate(at(_gates), i), Gate(dx, i), Gate(du, i) })];
        HandTensor[] operands = [dh, .. kept, .. dc is null ? [] : new[] { dc }, .. _kind == RecurrentKind.Gru ? new[] { before } : [],
            .. more is null ? [] : new[] { more }];
        _hand.Over(2, all =>
        {
            string[] e = [.. all.Select(_hand.Element)];
            string[] y = [.. Enumerable.Range(0, gates).Select(i => e[3 * i])], o = e[(3 * gates)..];
            void Let(string name, string value) => _hand.Line($"{word} {name} = {value};");
            void To(int gate, string value) => _hand.Line($"{e[3 * gate + 1]} = {value};");
            Let("ofOutput", more is null ? o[0] : $"{o[0]} + {o[^1]}");
            switch (_kind)
            {
                case RecurrentKind.Lstm:
                    (string cell, string squashed, string ofCell) = (o[1], o[2], o[3]);
                    Let("ofCell", $"{ofCell} + ofOutput * {y[3]} * (1 - {squashed} * {squashed})");
                    To(0, $"ofCell * {y[2]} * {y[0]} * (1 - {y[0]})");
                    To(1, $"ofCell * {cell} * {y[1]} * (1 - {y[1]})");
                    To(2, $"ofCell * {y[0]} * (1 - {y[2]} * {y[2]})");
                    To(3, $"ofOutput * {squashed} * {y[3]} * (1 - {y[3]})");
                    _hand.Line($"{ofCell} = ofCell * {y[1]};");
                    break;
                case RecurrentKind.Gru:
                    Let("ofUpdate", $"ofOutput * ({o[2]} - {y[2]}) * {y[1]} * (1 - {y[1]})");
                    Let("ofCandidate", $"ofOutput * (1 - {y[1]}) * (1 - {y[2]} * {y[2]})");
                    Let("ofReset", $"ofCandidate * {o[1]} * {y[0]} * (1 - {y[0]})");
                    To(0, "ofReset");
                    To(1, "ofUpdate");
                    To(2, "ofCandidate");
                    foreach ((int gate, string value) in ((int, string)[])[(0, "ofReset"), (1, "ofUpdate"), (2, $"ofCandidate * {y[0]}")])
                        _hand.Line($"{e[3 * gate + 2]} = {value};");
                    _hand.Line($"{o[0]} = ofOutput * {y[1]};");
                    break;
                case RecurrentKind.Tanh:
                    To(0, $"ofOutput * (1 - {y[0]} * {y[0]})");
                    break;
                default:
                    To(0, $"{y[0]} == 0 ? 0 : ofOutput");
                    break;
            }
        }, [.. parts, .. operands]);
    }
}
