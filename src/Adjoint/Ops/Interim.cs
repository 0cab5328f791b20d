namespace Adjoint;
public sealed partial class Tensor
{
    /// <summary>interim</summary>
    public static Tensor operator <(Tensor a, Tensor b) => Interim.Compare(a, b, (x, y) => x < y);
    /// <summary>interim</summary>
    public static Tensor operator >(Tensor a, Tensor b) => Interim.Compare(a, b, (x, y) => x > y);
    /// <summary>interim</summary>
    public Tensor Eq(Tensor b) => Interim.Compare(this, b, (x, y) => x == y);
    /// <summary>interim</summary>
    public static Tensor Where(Tensor c, Tensor a, Tensor b) { Tensor m = c.To(Promotion.Of(a, b)); return a * m + b * (1 - m); }
}
static class Interim
{
    internal static Tensor Compare(Tensor a, Tensor b, Func<double, double, bool> f)
    {
        Shape s = Layout.Broadcast(a.Shape, b.Shape)!;
        using var _ = Autograd.NoGrad();
        double[] x = a.Expand(s).ToArray<double>(), y = b.Expand(s).ToArray<double>();
        return Tensor.From(x.Zip(y, f).ToArray(), s);
    }
}
