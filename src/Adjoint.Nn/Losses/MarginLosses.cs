namespace Adjoint.Nn;

/// <summary>What the losses that are made of margins and distances check and share.</summary>
internal static class MarginLosses
{
    /// <exception cref="DTypeException">It is of whole numbers.</exception>
    internal static void CheckFloat(string operation, Tensor x, string parameter)
    {
        if (!x.DType.IsFloatingPoint)
            throw new DTypeException($"{operation}: {parameter} must be of floating point, but is {x.DType} {x.Shape}.");
    }

    /// <exception cref="ArgumentException">An element is below 0, or above the most.</exception>
    internal static void CheckRange(string operation, Tensor x, string parameter, double most = double.PositiveInfinity) =>
        Door.Run(new InRangeOp(operation, parameter, most), x.Detach());

    /// <summary>x where it is above 0; the slope at 0 is that on its right, as in PyTorch's clamp.</summary>
    internal static Tensor Hinge(Tensor x) => x.ClampMin(0);

    /// <summary>What holds for t = 1, and what holds for t = −1; for any other t nothing.</summary>
    internal static Tensor BySign(Tensor target, Tensor positive, Tensor negative) =>
        positive.MaskedFill(target.Ne(1), 0) + negative.MaskedFill(target.Ne(-1), 0);
}

/// <summary>True, if no element is below 0 or above the most; otherwise it throws.</summary>
internal readonly struct InRangeOp(string operation, string parameter, double most) : ITensorOperation, IByHand
{
    public string Name => "check_range";

    public void Describe(OpAttributes to)
    {
        to.Add("operation", operation);
        to.Add("parameter", parameter);
        to.Add("most", most);
    }

    private string Message => double.IsPositiveInfinity(most) ? $"{operation}: no element of {parameter} may be below 0."
        : $"{operation}: the elements of {parameter} must be from 0 to {most}.";

    public void Write(Hand hand)
    {
        string message = Message, above = double.IsPositiveInfinity(most) ? "" : $" || {{0}} > {most}";
        hand.Each(e =>
        {
            string x = hand.Element(e[0]);
            hand.Block($"if ({x} < 0{above.Replace("{0}", x, StringComparison.Ordinal)})", () =>
                hand.Line($"throw new ArgumentException(\"{message}\");"));
        }, hand.Input(0));
        hand.Store(hand.Result, "true");
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        double limit = most;
        double[] elements = Elements.ToArray<double>(inputs[0]!);
        int bad = Array.FindIndex(elements, x => x < 0 || x > limit);
        return bad < 0 ? true : throw new ArgumentException($"{Message} One is {elements[bad]}.", parameter);
    }
}
