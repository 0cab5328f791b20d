using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Writes the faces of a sampling as loops, in the order of the kernel.</summary>
internal static class CornersHand
{
    internal static void Write(Hand hand, CornerSizes s, int dims, CornersFace face)
    {
        HandTensor y = hand.Result;
        if (face == CornersFace.Input) hand.Each(e => hand.Store(e[0], "0"), y);
        if (y.Shape.NumEl == 0) return;
        CornerDim[] along = [.. ((CornerDim[])[s.Depth, s.Height, s.Width])[(3 - dims)..]];
        HandTensor a = hand.Input(0), b = hand.Input(1);
        HandTensor[] at = [.. along.Select((_, d) => hand.Input(2 + d))];
        int[] taps = [.. along.Select(d => d.Taps)];
        string word = y.Word, sum = hand.Names.Free("sum");
        if (face == CornersFace.Weight)
        {
            HandTensor w = Apart(y, taps);
            ConvolutionHand.Loops(hand, [s.Batch, .. taps, s.Places], i =>
            {
                (string place, string inside) = Corner(hand, along, at, i[0], i[1..^1], i[^1]);
                hand.Line($"{word} {sum} = -0.0{(word == "float" ? "f" : "")};");
                ConvolutionHand.Loops(hand, [s.Channels], c => hand.Line($"{sum} += {Read(hand, b, [i[0], c[0]], place, inside)} * "
                    + $"{hand.Element(ConvolutionHand.At(a, [i[0], c[0], i[^1]]))};"));
                hand.Store(ConvolutionHand.At(w, i), sum);
            });
            return;
        }
        HandTensor weights = Apart(b, taps);
        ConvolutionHand.Loops(hand, [s.Batch, s.Channels, s.Places], i =>
        {
            if (face == CornersFace.Output) hand.Line($"{word} {sum} = -0.0{(word == "float" ? "f" : "")};");
            ConvolutionHand.Loops(hand, taps, tap =>
            {
                (string place, string inside) = Corner(hand, along, at, i[0], tap, i[2]);
                string weight = hand.Element(ConvolutionHand.At(weights, [i[0], .. tap, i[2]]));
                if (face == CornersFace.Output)
                {
                    hand.Line($"{sum} += {Read(hand, a, i[..2], place, inside)} * {weight};");
                    return;
                }
                string target = hand.Element(ConvolutionHand.At(y, i[..2]).Plus([(place, y.Strides[2])]));
                hand.Line($"if ({inside}) {target} += {weight} * {hand.Element(ConvolutionHand.At(a, i))};");
            });
            if (face == CornersFace.Output) hand.Store(ConvolutionHand.At(y, i), sum);
        });
    }

    // The element at a corner, as the name of its number and of whether there is one.
    private static (string Place, string Inside) Corner(Hand hand, CornerDim[] along, HandTensor[] at, string n, string[] tap, string p)
    {
        string place = "", isInside = "";
        for (int d = 0; d < along.Length; d++)
        {
            string name = hand.Names.Free("at" + d), last = $"{along[d].Size - 1}";
            hand.Line($"{at[d].Word} {name} = {hand.Element(ConvolutionHand.At(at[d], [n, tap[d], p]))};");
            string number = $"System.Math.Min((int){name}, {last})";
            place = d == 0 ? number : $"({place}) * {along[d].Size} + {number}";
            isInside += $"{(d == 0 ? "" : " && ")}{name} >= 0 && {name} <= {last}";
        }
        string inside = hand.Names.Free("inside"), corner = hand.Names.Free("corner");
        hand.Line($"bool {inside} = {isInside};");
        hand.Line($"int {corner} = {inside} ? {place} : 0;");
        return (corner, inside);
    }

    private static string Read(Hand hand, HandTensor x, string[] channel, string place, string inside) =>
        $"({inside} ? {hand.Element(ConvolutionHand.At(x, channel).Plus([(place, x.Strides[2])]))} : 0)";

    // [N, corners, P] as [N, taps, …, P].
    private static HandTensor Apart(HandTensor x, int[] taps)
    {
        int[] strides = new int[taps.Length];
        for (int d = taps.Length - 1, step = x.Strides[1]; d >= 0; step *= taps[d--]) strides[d] = step;
        return x.As([x.Shape[0], .. taps, x.Shape[2]], [x.Strides[0], .. strides, x.Strides[2]], x.Offset);
    }
}
