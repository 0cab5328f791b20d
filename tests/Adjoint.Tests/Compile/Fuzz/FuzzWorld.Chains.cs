namespace Adjoint.Tests.Compile.Fuzz;

/// <remarks>Long chains of element-wise operations, as are done together by tiles.</remarks>
internal sealed partial class FuzzWorld
{
    private void Chain(Tensor x, int a, int b, List<Tensor> r)
    {
        var random = new Random(a * 1009 + b);
        for (int i = random.Next(3, 16); i > 0; i--)
        {
            Tensor y = Operand(random, r);
            switch (random.Next(22))
            {
                case 0: x += y; break;
                case 1: x *= y; break;
                case 2: x = y - x; break;
                case 3: x = x.Relu() - 0.25; break;
                case 4: x = x.Clamp(-0.5, 0.8); break;
                case 5: x = Tensor.Where(x > y, x, y); break;
                case 6: x = Tensor.Where(x < 0.125, 0.25, x); break;
                case 7: x = x.Sigmoid(); break;
                case 8: x = (x * 0.5).Exp().Tanh(); break;
                case 9: x /= y.Square() + 1; break;
                case 10: x = x.Abs() * -1.5; break;
                case 11: x = x.Maximum(y); break;
                case 12: x = (x * 1).AddInPlace(y).MulInPlace(0.5); break;
                case 13: x = x.Clone().SubInPlace(y).ReluInPlace(); break;
                case 14: x = x.Flatten().Reshape(x.Shape) + y; break;
                case 15: r.Add(x); break;
                case 16: x = (x.To(DType.Float64) * 0.3).To(DType.Float32); break;
                case 17: x = Tensor.Where(x.Detach() >= y.Detach(), x * y, 0); break;
                case 18: x = x.Expand(x.Shape) * x; break;
                case 19:
                    using (Autograd.NoGrad()) T[b % T.Length].MulInPlace(0.5).AddInPlace(x.Detach());
                    break;
                case 20:
                    using (Autograd.NoGrad()) Row0(T[a % T.Length]).MulInPlace(0.75);
                    break;
                case 21: x = Mixed(x, y); break;
            }
        }
        r.Add(x);
    }

    // What a chain meets besides its own value: all that broadcasts to it.
    private Tensor Operand(Random random, List<Tensor> r)
    {
        Tensor x = random.Next(3) switch { 0 => Pick(r, random.Next(1000)), 1 => T[random.Next(T.Length)], _ => P[random.Next(P.Length)] };
        switch (random.Next(8))
        {
            case 0: return Row0(x);
            case 1: return x.NDim < 2 ? x : x.Narrow(-1, 0, Math.Min(1, x.Shape[^1]));
            case 2: return Numbers[random.Next(2)];
            case 3: return x.Sum();
            case 4: return x.NDim == 2 && x.Shape[0] == x.Shape[1] ? x.T : x;
            case 5: return x.Shape.NumEl == 0 ? x : x.Flatten()[0];
            default: return x;
        }
    }

    private static Tensor Row0(Tensor x) => x.NDim == 0 || x.Shape[0] == 0 ? x : x.NDim == 1 ? x.Narrow(0, 0, 1) : x[0];

    private static Tensor Mixed(Tensor x, Tensor y)
    {
        Tensor wide = x.Detach().To(DType.Float64), mask = (wide * 2 - y.Detach()) > 0;
        return Tensor.Where(mask, x, (wide * wide).To(DType.Float32));
    }
}
