#:project ../../src/Adjoint.Nn/Adjoint.Nn.csproj
// Newton's method on Rosenbrock's function; the direction by conjugate gradients, which need products with the Hessian and not the matrix.
// tests/Parity/programs/newton_cg.py is the same program.
using Adjoint;

static Tensor Rosenbrock(Tensor x) => (100 * (x[1..] - x[..^1].Pow(2)).Pow(2) + (1 - x[..^1]).Pow(2)).Sum();

Tensor x = Tensor.From([1.3, 0.7, 0.8, 1.9, 1.2, 1.5], requiresGrad: true);
int iteration = 1;
for (; iteration < 60; iteration++)
{
    Tensor f = Rosenbrock(x);
    Tensor g = Autograd.Grad(f, x, createGraph: true);
    if (g.Norm().Item() < 1e-8) break;
    Tensor Product(Tensor v) => Autograd.Grad(g, x, v, retainGraph: true);

    Tensor p = x.Detach().ZerosLike(), r = -g.Detach();
    Tensor d = r.Clone(), rr = r.Dot(r);
    for (int i = 0; i < 12; i++)
    {
        Tensor hd = Product(d), curvature = d.Dot(hd);
        if (curvature.Item() <= 0)
        {
            p = p.Norm().Item() > 0 ? p : r;
            break;
        }
        Tensor a = rr / curvature;
        (p, r) = (p + a * d, r - a * hd);
        Tensor next = r.Dot(r);
        if (next.Sqrt().Item() < 1e-10) break;
        (d, rr) = (r + next / rr * d, next);
    }
    double step = 1;
    using (Autograd.NoGrad())
    {
        while ((Rosenbrock(x + step * p) - (f + 1e-4 * step * g.Dot(p))).Item() > 0 && step > 1e-10) step /= 2;
        x.AddInPlace(step * p);
    }
    Console.WriteLine(FormattableString.Invariant(
        $"iteration {iteration}: f = {f.Item():0.000000e+00}, |g| = {g.Norm().Item():0.000e+00}, step {step:0.0###}"));
}
Console.WriteLine($"after {iteration - 1} iterations x = "
    + string.Join(" ", x.Detach().ToArray<double>().Select(v => v.ToString("F6", System.Globalization.CultureInfo.InvariantCulture))));
