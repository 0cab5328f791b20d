namespace Adjoint.Symbolic;

/// <summary>Products of sine and cosine: quotients and the double angle.</summary>
internal static class Trigonometric
{
    public static IEnumerable<(string, Expr)> Quotients(Product product)
    {
        var powers = product.Operands.Select(f => (Factor: f, Split: Power.Split(f)))
            .Where(f => f.Split.Base is UnaryCall && f.Split.Exponent is Numeral { Exact.IsInteger: true })
            .Select(f => (f.Factor, Call: (UnaryCall)f.Split.Base, Power: ((Numeral)f.Split.Exponent).Exact!.Value)).ToList();
        foreach (var a in powers)
            foreach (var b in powers)
            {
                if (!a.Call.Argument.Equals(b.Call.Argument)) continue;
                var u = a.Call.Argument;
                Expr Without(Expr instead) => Tidying.ProductOf([.. product.Operands.Where(f => f != a.Factor && f != b.Factor), instead]);
                switch (a.Call.Function.Name, b.Call.Function.Name)
                {
                    case ("sin", "cos") when a.Power == 1 && b.Power == 1:
                        yield return ("2 sin u cos u = sin 2u", Without(new Numeral(new Rational(1, 2)) * (2 * u).Tidy().Sin()));
                        break;
                    case ("sin", "cos") when a.Power == -b.Power:
                        yield return ("sin u / cos u = tan u", Without(Power.Of(u.Tan(), new Numeral(a.Power))));
                        break;
                    case ("tan", "cos") when a.Power.Sign == b.Power.Sign:
                        yield return ("tan u · cos u = sin u",
                            Without(Power.Of(u.Sin(), new Numeral(a.Power)) * Power.Of(u.Cos(), new Numeral(b.Power - a.Power))));
                        break;
                    case ("sinh", "cosh") when a.Power == -b.Power:
                        yield return ("sinh u / cosh u = tanh u", Without(Power.Of(u.Tanh(), new Numeral(a.Power))));
                        break;
                    case ("tanh", "cosh") when a.Power.Sign == b.Power.Sign:
                        yield return ("tanh u · cosh u = sinh u",
                            Without(Power.Of(u.Sinh(), new Numeral(a.Power)) * Power.Of(u.Cosh(), new Numeral(b.Power - a.Power))));
                        break;
                }
            }
    }
}
