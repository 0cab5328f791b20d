namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>(Σ |x|ᵖ)^(1/p) over all elements: the length of the tensor as a vector.</summary>
    /// <param name="p">2 for the Euclidean norm, 1 for the sum of magnitudes, ±∞ for their extreme, 0 for the count of non-zeros.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Norm(double p = 2) => SlopedReduction.Apply(new NormOp(p), this, [], false);

    /// <summary>(Σ |x|ᵖ)^(1/p) over dimensions; none means all.</summary>
    /// <param name="p">2 for the Euclidean norm, 1 for the sum of magnitudes, ±∞ for their extreme, 0 for the count of non-zeros.</param>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <param name="keepDim">Whether the dimensions stay, with size 1.</param>
    /// <exception cref="DTypeException">The tensor is not of floating point.</exception>
    public Tensor Norm(double p, ReadOnlySpan<int> dims, bool keepDim = false) => SlopedReduction.Apply(new NormOp(p), this, dims, keepDim);

    /// <summary>The norm of the difference of two tensors, with broadcasting.</summary>
    /// <param name="other">The second tensor; the shapes broadcast.</param>
    /// <param name="p">Which norm, see <see cref="Norm(double)"/>.</param>
    public Tensor Dist(Tensor other, double p = 2)
    {
        try
        {
            return InnerResult.Of(this - other.Given(), way => way.Norm(p));
        }
        catch (TensorException e) when (e.IsOf(nameof(Dist)))
        {
            throw;
        }
    }
}

/// <summary>y = (Σ |x|ᵖ)^(1/p),   ∂y/∂xᵢ = sign xᵢ·(|xᵢ|/y)ᵖ⁻¹, and 0 where y = 0 or, for p &lt; 2, where xᵢ = 0.</summary>
internal readonly struct NormOp(double p) : IReductionOp
{
    public void Describe(OpAttributes to) => to.Add("p", p);

    public string NodeName => "NormBackward1";

    public static Saves Saves => Saves.Both;

    public Tensor Forward(Tensor x, int[] dims, bool keepDim)
    {
        Reduction.RequireFloat("Norm", x);
        if (p == 2) return InRange(x.Detach(), dims, keepDim);
        Tensor sizes = x.Detach().Abs();
        if (double.IsInfinity(p)) Reduction.RequireElements("Norm", x, dims);
        return p switch
        {
            0 => Reduction.Sum(sizes.Ne(0).To(x.DType), dims, keepDim),
            1 => Reduction.Sum(sizes, dims, keepDim),
            double.PositiveInfinity => Reduction.Run<MaxKernel>(sizes, dims, keepDim),
            double.NegativeInfinity => Reduction.Run<MinKernel>(sizes, dims, keepDim),
            _ => InRange(sizes, dims, keepDim),
        };
    }

    public Tensor Slope(Tensor x, Tensor y, int[] dims)
    {
        if (p == 0) return x.ZerosLike();
        if (p == 1) return x.Sign();
        if (double.IsInfinity(p)) return x.Sign() * ExtremeOp<MaxKernel>.EqualShares(x.Abs(), y, dims);
        // What is guarded is so in the operand and in the result: else the derivative of the quotient would be 0·∞ there.
        Tensor zero = y.Eq(0), length = y.Unless(zero);
        if (p == 2)
        {
            // Without a norm of 0, which is rare, one pass less; whoever differentiates the rule reads it as it is.
            Tensor direction = x / length;
            return History.RulesAreRecorded || GraphCapture.IsCapturing || zero.Any().Item<bool>()
                ? direction.MaskedFill(zero, 0.0) : direction;
        }
        Tensor ratio = x.Abs();
        if (p < 2)
        {
            zero |= x.Eq(0);
            ratio = ratio.Unless(x.Eq(0));
        }
        return (x.Sign() * (ratio / length).Pow(p - 1)).MaskedFill(zero, 0.0);
    }

    public void Write(Hand hand, int[] dims)
    {
        HandTensor x = hand.Input(0);
        string word = x.Word, math = word == "float" ? "MathF" : "Math";
        bool inPieces = Reduction.OrderOf(x.Shown(), dims, isSum: false).InPieces;
        string Size(HandTensor e) => $"{math}.Abs({hand.Element(e)})";
        double power = p;
        if (p is 1 or double.PositiveInfinity or double.NegativeInfinity)
        {
            // Of the sizes, which lie as the elements do.
            HandTensor sizes = hand.NewLike("sizes", x);
            hand.Each(e => hand.Store(e[0], Size(e[1])), sizes, x);
            HandSums.Write(hand, p == 1 ? HandFold.Sum : p > 0 ? HandFold.Largest : HandFold.Smallest, sizes, dims, hand.Result);
            return;
        }
        if (p == 0)
        {
            HandTensor ones = hand.NewLike("ones", x);
            hand.Each(e => hand.Store(e[0], $"{hand.Element(e[1])} != 0 ? {Hand.One(word)} : {Hand.Zero(word)}"), ones, x);
            HandSums.Write(hand, HandFold.Sum, ones, dims, hand.Result);
            return;
        }
        if (p != 2)
        {
            WriteOfPower(hand, x, dims);
            return;
        }
        HandSums.Rows(hand, x, dims, hand.Result, (row, y) =>
        {
            string sum = hand.Fold(HandFold.Sum, "sum", e => $"{hand.Element(e[0])} * {hand.Element(e[0])}", inPieces, row);
            hand.Store(y, $"{math}.Sqrt({sum})");
            // The squares overflow, or vanish, long before the norm: then they are taken of what the sizes are of the largest.
            string value = hand.Element(y), least = Least(x);
            hand.Block($"if ({word}.IsPositiveInfinity({value}) || {value} < {least})", () =>
            {
                string max = hand.Fold(HandFold.Largest, "max", e => Size(e[0]), false, row);
                hand.Line($"{word} scale = {max} == 0 || {word}.IsInfinity({max}) ? 1 : {max};");
                HandTensor scaled = hand.New("scaled", row.Shape, row.DType);
                hand.Each(e => hand.Store(e[0], $"{Size(e[1])} / scale"), scaled, row);
                string squares = hand.Fold(HandFold.Sum, "squares", e => $"{hand.Element(e[0])} * {hand.Element(e[0])}", inPieces, scaled);
                hand.Store(y, $"{math}.Sqrt({squares}) * scale");
            });
        }, asItLies: true);
    }

    private static string Least(HandTensor x) => x.Word == "float"
        ? $"(float){x.DType.Row.ShortLength:R}" : CodeWriter.Number(x.DType.Row.ShortLength, x.Word);

    private void WriteOfPower(Hand hand, HandTensor x, int[] dims)
    {
        (string word, string math, double power) = (x.Word, x.Word == "float" ? "MathF" : "Math", p);
        HandTensor y = hand.Result;
        Shape each = Reduction.Result(x.Shape, dims, keepDim: true);
        HandTensor terms = hand.NewLike("terms", x), scale = hand.New("scale", each, x.DType),
            scaled = hand.New("scaled", each, x.DType);
        string Root(string sum) => hand.Formula(new PowNumberOp(1 / power), word, sum);
        string Power(string size) => hand.Formula(new PowNumberOp(power), word, size);
        hand.Each(e => hand.Store(e[0], $"{math}.Abs({hand.Element(e[1])})"), terms, x);
        HandSums.Write(hand, HandFold.Largest, terms, dims, scale);
        hand.Each(e => hand.Store(e[0], Power(hand.Element(e[0]))), terms);
        HandSums.Write(hand, HandFold.Sum, terms, dims, y, Root);
        // The powers overflow, or vanish, long before the norm: then they are taken of what the sizes are of the largest.
        hand.Each(e => hand.Store(e[0],
            $"{hand.Element(e[0])} == 0 || {word}.IsInfinity({hand.Element(e[0])}) ? 1 : {hand.Element(e[0])}"), scale);
        hand.Each(e =>
        {
            hand.Line($"{word} value = {math}.Abs({hand.Element(e[1])}) / {hand.Element(e[2])};");
            hand.Store(e[0], Power("value"));
        }, terms, x, scale.Expanded(x.Shape));
        HandSums.Write(hand, HandFold.Sum, terms, dims, scaled, Root);
        HandTensor results = y.Shape.NDim == x.Shape.NDim ? y : y.As(each, HandTensor.Whole(y.Memory, each).Strides, y.Offset);
        string least = Least(x);
        hand.Each(e => hand.Block($"if ({word}.IsPositiveInfinity({hand.Element(e[0])}) || {hand.Element(e[0])} < {least})", () =>
            hand.Store(e[0], $"{hand.Element(e[1])} * {hand.Element(e[2])}")), results, scaled, scale);
    }

    // The powers overflow, or vanish, long before the norm: then they are taken of what the sizes are of the largest.
    private Tensor InRange(Tensor x, int[] dims, bool keepDim)
    {
        Tensor plain = Plain(x, dims, keepDim);
        if (x.NumEl == 0) return plain;
        Tensor suspect = plain.Eq(double.PositiveInfinity) | (plain < x.DType.Row.ShortLength);
        if (!suspect.Any().Item<bool>()) return plain;
        Tensor sizes = x.Abs();
        Tensor largest = Reduction.Run<MaxKernel>(sizes, dims, keepDim: true), scale = largest.Unless(largest.Eq(0) | largest.IsInf());
        Tensor scaled = Plain(sizes / scale, dims, keepDim: true) * scale;
        return Tensor.Where(suspect, keepDim ? scaled : scaled.Reshape(plain.Shape), plain);
    }

    private Tensor Plain(Tensor sizes, int[] dims, bool keepDim) => p == 2
        ? Reduction.Run<SquaresKernel>(sizes, dims, keepDim).SqrtInPlace()
        : Reduction.Sum(sizes.Pow(p), dims, keepDim).PowInPlace(1 / p);
}

/// <summary>Operands where a rule must not look: a number that does no harm stands there.</summary>
internal static class Guarded
{
    extension(Tensor x)
    {
        /// <summary>x, and 1 where <paramref name="excluded"/> holds, without a gradient there.</summary>
        internal Tensor Unless(Tensor excluded) => x.MaskedFill(excluded, 1.0);
    }
}

public static partial class OpTable
{
    private static Op Norm => Op.Of(OpKind.Other, "norm", x => x.Norm(), Matrix,
        new() { Formula = "√(Σ x²)", Torch = "x.norm()", Gradient = "g·x/y" });

    private static Op Norm1 => Op.Of(OpKind.Other, "norm_1", x => x.Norm(1, [0]), new OpInput([3, 4], Domain.Reals.Without(0)),
        new() { Formula = "Σ |x|", Torch = "x.norm(1, (0,))", Gradient = "g·sign x" });

    private static Op Norm15 => Op.Of(OpKind.Other, "norm_1.5", x => x.Norm(1.5, [0]), new OpInput([3, 4], Domain.Reals.Without(0)),
        new() { Formula = "(Σ |x|^1.5)^(1/1.5)", Torch = "x.norm(1.5, (0,))", Gradient = "g·sign x·(|x|/y)^(p − 1)" });

    private static Op Norm3 =>
        Op.Of(OpKind.Other, "norm_3", x => x.Norm(3, [1], keepDim: true), new OpInput([3, 4], Domain.Reals.Without(0)),
            new() { Formula = "(Σ |x|³)^(1/3)", Torch = "x.norm(3, (1,), keepdim=True)", Gradient = "g·sign x·(|x|/y)^(p − 1)" });

    private static Op NormHalf => Op.Of(OpKind.Other, "norm_half", x => x.Norm(0.5), new OpInput([4], Domain.Reals.Without(0)),
        new() { Formula = "(Σ √|x|)²", Torch = "x.norm(0.5)", Gradient = "g·sign x·(|x|/y)^(p − 1)" });

    private static Op NormInf =>
        Op.Of(OpKind.Other, "norm_inf", x => x.Norm(double.PositiveInfinity, [1]), new OpInput([3, 4], Domain.Positive),
            new()
            {
                Formula = "the largest |x|",
                Torch = "torch.linalg.vector_norm(x, torch.inf, (1,))",
                Gradient = "g·sign x at that element, elsewhere 0; shared where several are equal",
            });

    private static Op Dist => Op.Of(OpKind.Composite, "dist", (x, y) => x.Dist(y, 3), Matrix, Row,
        new() { Formula = "‖x − y‖", Torch = "(x - y).norm(3)" });
}
