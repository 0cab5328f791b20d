#:project ../src/Adjoint.Symbolic/Adjoint.Symbolic.csproj
// Shows forward mode: every value carries its derivative along one direction, from the inputs to the result. The lecture's tables.
// Why it matters: it needs no graph and no memory; but each input takes a pass of its own.
// Try: seed both inputs, Variable(new(2)) and Variable(new(5)). The result is the derivative along (1, 1): the sum of the two.
using Adjoint;
using Adjoint.Symbolic;

// The function of the lecture, written once for any number type.
static V F<V>(V x1, V x2) where V : IAlgebra<V> => x1.Log() + x1 * x2 - x2.Sin();

Trace trace = Trace.Of(Expr.Of(F, "x1", "x2"), ("x1", 2), ("x2", 5));
Console.WriteLine("f(x1, x2) = ln(x1) + x1·x2 − sin(x2) at (2, 5)");
Console.WriteLine();
Console.WriteLine("The primal trace:");
Console.WriteLine(trace.ToTable());
Console.WriteLine("The tangent trace along x1:");
Console.WriteLine(trace.ToTangentTable("x1"));
Console.WriteLine("The tangent trace along x2:");
Console.WriteLine(trace.ToTangentTable("x2"));

// The same without writing anything down: a dual number is a value and its tangent. One pass for each column of the Jacobian.
Dual<Real<double>> x1 = Dual<Real<double>>.Variable(new(2)), x2 = Dual<Real<double>>.Constant(5);
Console.WriteLine($"f(2 + ε, 5) = {F(x1, x2)}");
x1 = Dual<Real<double>>.Constant(2);
x2 = Dual<Real<double>>.Variable(new(5));
Console.WriteLine($"f(2, 5 + ε) = {F(x1, x2)}");
// A slide of the lecture has v₃ = 0.959. It is −0.959: 5 lies between π and 2π, where the sine is negative.
Console.WriteLine($"sin(5) = {Math.Sin(5):F3}");
Console.WriteLine("Seen: one pass along x1 gives 5.5, one along x2 gives 1.716; a gradient of n entries takes n passes.");
