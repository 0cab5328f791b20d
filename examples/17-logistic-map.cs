#:project ../src/Adjoint.Symbolic/Adjoint.Symbolic.csproj
// Shows symbolic differentiation, and why it is not enough: the formula of a derivative swells, the cost of computing it need not.
// Why it matters: this is why libraries differentiate programs, operation by operation, instead of writing down formulas.
// Try: Swell.OfLogisticMap(12). Each n doubles the formula; the operations grow by the same few each time.
using Adjoint;
using Adjoint.Symbolic;

// The rules: a constant times, a sum, a product, and the chain. The table of the lecture comes from the operations themselves.
foreach (string f in (string[])["7", "x", "7x", "x^7", "exp(x)", "ln(x)", "sin(x)", "cos(x)", "tan(x)", "x*ln(x)", "sin(x^2)"])
    Console.WriteLine($"  ({Expr.Parse(f).ToText()})′ = {Expr.Parse(f).Differentiate("x").Simplify().ToText()}");
Console.WriteLine();

// One rule after the other, from the inside out.
Console.WriteLine("The derivation of (x²·sin x + 5x)′:");
foreach (DerivativeStep step in Expr.Parse("x^2*sin(x) + 5x").Derivation("x"))
    Console.WriteLine($"  {step.Formula.ToText()}:  {step.Derivative.ToText()}   by the rule: {step.Rule}");
Console.WriteLine();

// The logistic map, written once for any number type. Over Expr it yields its own formula.
static V Logistic<V>(V x, int n) where V : IAlgebra<V> => n == 1 ? x : Next(Logistic(x, n - 1));
static V Next<V>(V l) where V : IAlgebra<V> => 4 * l * (1 - l);

Console.WriteLine("The logistic map: l₁ = x, lₙ₊₁ = 4lₙ(1 − lₙ)");
for (int n = 1; n <= 4; n++)
{
    Expr l = Expr.Of(x => Logistic(x, n), "x").Factor();
    Expr derivative = l.Differentiate("x");
    Console.WriteLine($"  n = {n}");
    Console.WriteLine($"    lₙ          = {l.ToText()}");
    Console.WriteLine($"    lₙ′         = {derivative.Tidy().ToText()}");
    Console.WriteLine($"    simplified  = {derivative.Simplify().ToText()}");
}
Console.WriteLine();

// Expression swell. The operations of automatic differentiation are counted by running it over a number type that counts.
Console.WriteLine($"{"n",3}{"nodes of lₙ′",14}{"terms",9}{"simplified: nodes",19}{"terms",8}{"operations of lₙ",18}{"forward",9}{"reverse",9}");
foreach (Swell s in Swell.OfLogisticMap(10))
    Console.WriteLine($"{s.N,3}{s.DerivativeNodes,14}{s.DerivativeTerms,9}{s.SimplifiedNodes,19}{s.SimplifiedTerms,8}{s.Operations,18}{s.ForwardOperations,9}{s.ReverseOperations,9}");
Console.WriteLine("Seen: the derivatives of the slide, term by term; the formula doubles with every n, automatic differentiation adds a few operations.");
