using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>Writes the alignments as loops over time: rounded as by <see cref="CtcOp"/> and its gradient.</summary>
internal static class CtcByHand
{
    /// <summary>Writes the losses; what the way back needs are the sums of the ways to each place.</summary>
    internal static void Forward(Hand hand, int blank, bool zeroInfinity)
    {
        (HandTensor x, HandTensor labels) = (hand.Input(0), hand.Input(1));
        (int steps, int batch, int places) = (x.Shape[0], x.Shape[1], labels.Shape[1]);
        string word = x.Word, nothing = Nothing(word);
        HandTensor ways = hand.Saved("log_alpha") ?? hand.New("ways", [steps, batch, places], x.DType);
        Sequences(hand, 2, hand.Input(3), n =>
        {
            hand.For($"{steps}", t => hand.For($"{places}", s =>
            {
                Emitted(hand, x, labels, t, n, s);
                HandTensor now = ways.At(t, n, s);
                hand.Block($"if ({t} == 0)", () => hand.Store(now, $"{s} < 2 && {s} <= end ? emitted : {nothing}"));
                HandTensor before = ways.At($"({t} - 1)", n);
                hand.Block($"else if ({t} >= length)", () => hand.Store(now, hand.Element(before.At(s))));
                hand.Block("else", () =>
                {
                    hand.Line($"{word} stay = {hand.Element(before.At(s))};");
                    hand.Line($"{word} one = {s} < 1 ? {nothing} : {hand.Element(before.At($"({s} - 1)"))};");
                    hand.Line($"{word} two = {s} < 2 ? {nothing} + {nothing} : {hand.Element(before.At($"({s} - 2)"))} + "
                        + $"({Skips(hand, labels, n, s, $"({s} - 2)", "label", blank)} ? 0 : {nothing});");
                    Added(hand, word, "near", "stay", "one");
                    Added(hand, word, "sum", "near", "two");
                    hand.Store(now, "sum + emitted");
                });
            }, "s"), "t");
            Likelihood(hand, ways.Select(0, steps - 1), n);
            string none = zeroInfinity ? "0" : $"{word}.PositiveInfinity";
            hand.Store(hand.Result.At(n), $"length == 0 && end == 0 ? 0 : hasWay ? -all : {none}");
        });
    }

    /// <summary>Writes the gradient.</summary>
    internal static void Backward(Hand hand, int blank)
    {
        (HandTensor g, HandTensor x, HandTensor labels, HandTensor ways) = (hand.Input(0), hand.Input(1), hand.Input(2), hand.Input(5));
        (int steps, int places) = (x.Shape[0], labels.Shape[1]);
        string word = x.Word, nothing = Nothing(word);
        HandTensor dx = hand.Result, from = hand.New("from", [places], x.DType), behind = hand.New("behind", [places + 2], x.DType);
        hand.Each(e => hand.Store(e[0], Hand.Zero(word)), dx);
        Sequences(hand, 3, hand.Input(4), n =>
        {
            Likelihood(hand, ways.Select(0, steps - 1), n);
            hand.Line("if (!hasWay) continue;");
            hand.Each(e => hand.Store(e[0], nothing), behind);
            hand.Block($"for (int t = {steps - 1}; t >= 0; t--)", () =>
            {
                hand.For($"{places}", s =>
                {
                    HandTensor target = from.At(s);
                    hand.Block("if (t >= length - 1)", () => hand.Store(
                        target, $"t < length && ({s} == end || {s} == end - 1) ? 0 : {nothing}"));
                    hand.Block("else", () =>
                    {
                        string on = $"({s} + 2)";
                        hand.Line($"bool skips = {s} + 2 < {places} && "
                            + $"{Skips(hand, labels, n, on, s, hand.Element(labels.At(n, on), "long"), blank)};");
                        hand.Line($"{word} stay = {hand.Element(behind.At(s))}, one = {hand.Element(behind.At($"({s} + 1)"))};");
                        hand.Line($"{word} two = {hand.Element(behind.At(on))} + (skips ? 0 : {nothing});");
                        Added(hand, word, "near", "stay", "one");
                        Added(hand, word, "sum", "near", "two");
                        hand.Store(target, "sum");
                    });
                }, "s");
                hand.For($"{places}", s =>
                {
                    Emitted(hand, x, labels, "t", n, s);
                    string back = hand.Element(from.At(s));
                    hand.Store(behind.At(s), $"{back} + emitted");
                    hand.Line($"{word} share = {hand.Apply<ExpOp>(word, $"{hand.Element(ways.At("t", n, s))} + {back} - all")};");
                    string target = hand.Element(dx.At("t", n, "label"));
                    hand.Line($"{target} -= {hand.Element(g.At(n))} * share;");
                }, "s");
            });
        });
    }

    private static string Nothing(string word) => Hand.Literal(Alignments.Nothing, word);

    private static void Sequences(Hand hand, int lengths, HandTensor ends, Action<string> body) =>
        hand.For($"{ends.Shape[0]}", n =>
        {
            string length = hand.Element(hand.Input(lengths).At(n, "0"), "long");
            hand.Line($"long length = {length}, end = {hand.Element(ends.At(n, "0"), "long")};");
            body(n);
        }, "n");

    private static void Emitted(Hand hand, HandTensor x, HandTensor labels, string t, string n, string s)
    {
        hand.Line($"int label = (int){HandIndex.Checked(hand, hand.Element(labels.At(n, s), "long"), x.Shape[2], wrap: false)};");
        hand.Line($"{x.Word} emitted = {hand.Element(x.At(t, n, "label"))};");
        hand.Line($"if (emitted < {Nothing(x.Word)}) emitted = {Nothing(x.Word)};");
    }

    // Whether a way may come from the place two before, between two labels that differ.
    private static string Skips(Hand hand, HandTensor labels, string n, string s, string before, string label, int blank) =>
        $"({s} >= 2 && {label} != {blank} && {label} != {hand.Element(labels.At(n, before), "long")})";

    private static void Likelihood(Hand hand, HandTensor last, string n)
    {
        string word = last.Word;
        hand.Line($"{word} atEnd = {hand.Element(last.At(n, "end"))};");
        hand.Line($"{word} atLabel = end == 0 ? {Nothing(word)} : {hand.Element(last.At(n, "(end - 1)"))};");
        Added(hand, word, "all", "atEnd", "atLabel");
        hand.Line($"bool hasWay = length > 0 && !(all < {Hand.Literal(Alignments.Nothing / 10, word)});");
    }

    // ln(eᵃ + eᵇ), through the larger of the two.
    private static void Added(Hand hand, string word, string name, string a, string b)
    {
        hand.Line($"{word} {name}Best = {a} < {b} ? {b} : {a}, {name}Far = {a} == {b} ? 0 : Math.Abs({a} - {b});");
        hand.Line($"{word} {name} = {name}Best + {hand.Apply<Log1pOp>(word, hand.Apply<ExpOp>(word, $"-{name}Far"))};");
    }
}
