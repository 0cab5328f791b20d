namespace Adjoint;

/// <summary>Writes sums over the examples of a batch, one channel at a time, in double: one example after the other.</summary>
internal static class HandChannels
{
    /// <summary>x as [n, c, l]: so many elements of a channel lie in a row.</summary>
    internal static HandTensor Rows(HandTensor x) =>
        x.Shape.NDim == 3 ? x : x.As([x.Shape[0], x.Shape[1], 1], [x.Strides[0], x.Strides[1], 0], x.Offset);

    /// <summary>A value of each channel in the shape of x.</summary>
    internal static HandTensor Spread(HandTensor channels, Shape x) =>
        channels.As([1, channels.Shape[0], 1], [0, channels.Strides[0], 0], channels.Offset).Expanded(x);

    /// <summary>The mean and the variance of a channel.</summary>
    /// <param name="hand">Writes.</param>
    /// <param name="channel">Its elements, a row for each example.</param>
    /// <param name="mean">Where the mean goes.</param>
    /// <param name="variance">Where the variance goes.</param>
    internal static void Moments(Hand hand, HandTensor channel, HandTensor mean, HandTensor variance)
    {
        (int n, int l, string word) = (channel.Shape.NumEl, channel.Shape[1], channel.Word);
        hand.Line("double shift = 0, sum = 0, squares = 0;");
        if (l > 1) HandMoments.NeedSums(hand, word);
        Over(hand, channel, e => hand.Line($"shift += {hand.Element(e)};"), row => hand.Line($"shift += Total({row});"));
        hand.Line($"shift /= {n};");
        Over(hand, channel, e =>
        {
            hand.Line($"double deviation = {hand.Element(e)} - shift;");
            hand.Line("sum += deviation;");
            hand.Line("squares += deviation * deviation;");
        }, row =>
        {
            hand.Line($"(double ofRow, double squaresOfRow) = Deviating({row}, shift);");
            hand.Line("sum += ofRow;");
            hand.Line("squares += squaresOfRow;");
        });
        // What rounding left of the deviations is taken out again.
        hand.Store(mean, Hand.Converted($"shift + sum / {n}", "double", word));
        hand.Store(variance, Hand.Converted($"Math.Max(0, squares - sum * sum / {n}) / {n}", "double", word));
    }

    /// <summary>The gradients of the factor and of what is added, of a channel.</summary>
    /// <param name="hand">Writes.</param>
    /// <param name="g">The gradient, a row for each example.</param>
    /// <param name="x">What was normalized.</param>
    /// <param name="mean">Its mean.</param>
    internal static void Slopes(Hand hand, HandTensor g, HandTensor x, HandTensor mean)
    {
        hand.Line("double sum = 0, products = 0;");
        if (x.Shape[1] == 1)
        {
            hand.Each(e =>
            {
                hand.Line($"double slope = {hand.Element(e[0])};");
                hand.Line("sum += slope;");
                hand.Line($"products += slope * ((double){hand.Element(e[1])} - {hand.Element(mean)});");
            }, g, x);
            return;
        }
        hand.Needs(HandMomentsText.Slopes, x.Word);
        hand.Over(1, e => hand.Line(
            $"AddSlopes({Text(hand, e[0], false)}, {Text(hand, e[1], true)}, {hand.Element(mean)}, ref sum, ref products);"), g, x);
    }

    private static void Over(Hand hand, HandTensor channel, Action<HandTensor> single, Action<string> row)
    {
        if (channel.Shape[1] == 1) hand.Each(e => single(e[0]), channel);
        else hand.Over(1, e => row(Text(hand, e[0], true)), channel);
    }

    private static string Text(Hand hand, HandTensor row, bool counts) =>
        $"{hand.Whole(row)}, {row.Place}, {row.Strides[0]}{(counts ? $", {row.Shape[0]}" : "")}";
}
