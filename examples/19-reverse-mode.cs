#:project ../src/Adjoint.Symbolic/Adjoint.Symbolic.csproj
// Shows reverse mode: first the values, from the inputs to the result; then the adjoints, back again. The lecture's tables.
// Why it matters: one pass gives the whole gradient, however many inputs there are. This is what Backward() does.
// Try: multiply the function by x[1]. How many of the adjoint lines add to one that is there already? (Three.)
using Adjoint;
using Adjoint.Symbolic;

Trace trace = Trace.Of(Expr.Of(new Lecture(), "x1", "x2"), ("x1", 2), ("x2", 5));
Console.WriteLine("f(x1, x2) = ln(x1) + x1·x2 − sin(x2) at (2, 5)");
Console.WriteLine();
Console.WriteLine("The primal trace, forward:");
Console.WriteLine(trace.ToTable());
Console.WriteLine("The adjoint trace, backward (v̄ is the derivative of the result by v; what is used twice is added up):");
Console.WriteLine(trace.ToAdjointTable());

// The same by the tape of the library, to all digits; and by the formula of the derivative.
double[] gradient = Scalar.Reverse.Gradient(new Lecture(), [2, 5]);
Console.WriteLine($"∂f/∂x1 = {gradient[0]:R}, ∂f/∂x2 = {gradient[1]:R}");
Expr f = Expr.Of(new Lecture(), "x1", "x2");
foreach (string x in f.Variables)
    Console.WriteLine($"∂f/∂{x} = {f.Differentiate(x).Simplify().ToText()} = {f.Differentiate(x).Evaluate(("x1", 2), ("x2", 5)):R}");
// A slide of the lecture writes v̄₀ = v̄₀ + v̄₂·∂v₁/∂v₀. But v₁ = ln(v₋₁) does not depend on v₀, so that would add nothing and give −0.284.
Console.WriteLine("Seen: ∂f/∂x1 = 5.5 and ∂f/∂x2 = 1.716 by one pass back; a value that is used twice gets the sum of two contributions.");

/// <summary>The function of the lecture, written once and read by every method of differentiation.</summary>
readonly struct Lecture : IFunction
{
    public V Invoke<V>(ReadOnlySpan<V> x) where V : IAlgebra<V> => x[0].Log() + x[0] * x[1] - x[1].Sin();
}
