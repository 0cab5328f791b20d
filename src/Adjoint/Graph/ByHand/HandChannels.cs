namespace Adjoint;

/// <summary>Writes sums over the examples of a batch, one channel at a time: one after the other, in double.</summary>
internal static class HandChannels
{
    /// <summary>The mean and the variance of a channel.</summary>
    internal static void Moments(Hand hand, HandTensor column, HandTensor mean, HandTensor variance)
    {
        int n = column.Shape.NumEl;
        string word = column.Word;
        hand.Line("double m = 0, sum = 0, squares = 0;");
        hand.Each(e => hand.Line($"m += {hand.Element(e[0])};"), column);
        hand.Line($"m /= {n};");
        hand.Each(e =>
        {
            hand.Line($"double d = {hand.Element(e[0])} - m;");
            hand.Line("sum += d;");
            hand.Line("squares += d * d;");
        }, column);
        // What rounding left of the deviations is taken out again.
        hand.Store(mean, Hand.Converted($"m + sum / {n}", "double", word));
        hand.Store(variance, Hand.Converted($"Math.Max(0, squares - sum * sum / {n}) / {n}", "double", word));
    }
}
