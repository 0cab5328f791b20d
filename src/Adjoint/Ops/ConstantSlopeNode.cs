using System.Runtime.CompilerServices;

namespace Adjoint;

/// <summary>The node of an element-wise function of two arguments whose slopes are numbers (add, sub): it saves nothing.</summary>
internal sealed class ConstantSlopeNode<TOp>(Here here, TOp op, Tensor x, Tensor y, Tensor z) : BinaryNode(here, x, y, z)
    where TOp : struct, IBinaryOp
{
    private static readonly string s_name = NodeName.Of(TOp.Name, TOp.Overload);

    public override string Name => s_name;

    public override IReadOnlyDictionary<string, object?> Saved
    {
        get
        {
            var saved = new SavedValues(this);
            op.Describe(saved.Attributes);
            return saved.All;
        }
    }

    private double SlopeX
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => op.SlopeX<Real<double>>(default, default, default).Value;
    }

    private double SlopeY
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => op.SlopeY<Real<double>>(default, default, default).Value;
    }

    private protected override void Vjp(Here here, Tensor g, bool needsX, bool needsY, out Tensor? dx, out Tensor? dy)
    {
        dx = needsX ? ArgumentFit.First(Fit, g.Scaled(SlopeX)) : null;
        dy = needsY ? ArgumentFit.Second(Fit, g.Scaled(SlopeY)) : null;
    }

    internal override Tensor?[] Jvp(Tensor?[] tangents)
    {
        Tensor? tx = tangents[0]?.Scaled(SlopeX), ty = tangents[1]?.Scaled(SlopeY);
        return [ArgumentFit.Expanded(Fit, tx is not null && ty is not null ? tx + ty : tx ?? ty)];
    }
}
