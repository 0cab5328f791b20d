namespace Adjoint.Symbolic;

/// <summary>
/// Composed operations that a formula keeps whole, because their own slope says more than the derivative of what they are composed
/// of: at a kink, and where a branch that is not taken overflows. The others stand in a formula as their own formulas.
/// </summary>
internal sealed class WholeOperation<TOp>(string name, TOp op) : UnaryFunction where TOp : struct, IUnaryOp
{
    public override string Name => name;

    public override V Value<V>(V x) => V.Apply(op, x);

    public override V Slope<V>(V x, V y) => op.Slope(x, y);
}

/// <summary>The operations kept whole, with the parameters that their name stands for.</summary>
internal static class WholeOperations
{
    private static readonly Dictionary<object, UnaryFunction> Kept = new()
    {
        [new SoftplusOp(1, 20)] = new WholeOperation<SoftplusOp>("softplus", new(1, 20)),
        [new LogSigmoidOp()] = new WholeOperation<LogSigmoidOp>("logsigmoid", new()),
        [new EluOp(1)] = new WholeOperation<EluOp>("elu", new(1)),
        [new SeluOp()] = new WholeOperation<SeluOp>("selu", new()),
        [new CeluOp(1)] = new WholeOperation<CeluOp>("celu", new(1)),
        [new MishOp()] = new WholeOperation<MishOp>("mish", new()),
        [new LeakyReluOp(0.01)] = new WholeOperation<LeakyReluOp>("leaky_relu", new(0.01)),
        [new Relu6Op()] = new WholeOperation<Relu6Op>("relu6", new()),
        [new HardtanhOp(-1, 1)] = new WholeOperation<HardtanhOp>("hardtanh", new(-1, 1)),
        [new HardsigmoidOp()] = new WholeOperation<HardsigmoidOp>("hardsigmoid", new()),
        [new HardswishOp()] = new WholeOperation<HardswishOp>("hardswish", new()),
        [new SincOp()] = new WholeOperation<SincOp>("sinc", new()),
        [new LogitOp(null)] = new WholeOperation<LogitOp>("logit", new(null)),
    };

    /// <summary>The function of that name; null for an operation that is not kept whole, or has other parameters.</summary>
    public static UnaryFunction? Find<TOp>(TOp op) where TOp : struct, IUnaryOp => Kept.GetValueOrDefault(op);
}
