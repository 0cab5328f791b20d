using System.Reflection;
using System.Text.RegularExpressions;
using Adjoint.Nn;
using Adjoint.Symbolic;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Ops;

/// <summary>What operations say of themselves is true.</summary>
public class OpInfoTests
{
    private static readonly Dictionary<string, Op> Rows = OpTable.All.ToDictionary(op => op.Name);

    private static readonly double[] Points = [.. Enumerable.Range(-60, 121).Select(i => i / 8.0), 1e-5, -1e-5, 40, -40, 1e5, -1e5];

    public static TheoryData<string> ElementWise => [.. OpTable.ElementWise.Select(op => op.Name)];

    public static TheoryData<string> Unaries => [.. OpTable.ElementWise.OfType<UnaryRow>().Select(op => op.Name)];

    [Fact]
    public void Every_row_says_how_it_is_written_and_what_PyTorch_is_asked() =>
        OpTable.All.Where(op => op.Info.Formula.Length == 0 || op.Info.Torch.Length == 0).Select(op => op.Name).ShouldBeEmpty();

    /// <summary>The kind tells what follows for the others: a transpose, the parts, or nothing.</summary>
    [Fact]
    public void Every_rule_that_is_written_by_hand_says_its_gradient() =>
        OpTable.All.Where(op => op.Kind == OpKind.Other != op.Info.Gradient.Length > 0).Select(op => op.Name).ShouldBeEmpty();

    [Fact]
    public void No_two_operations_have_one_name_in_formulas()
    {
        string[] names = [.. OpTable.ElementWise.SelectMany(op => op.Info.FormulaNames.Concat(op.Info.NamesElsewhere))];
        names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(ElementWise))]
    public void The_formula_as_it_is_typed_has_the_value_and_the_slopes_of_the_rule(string name)
    {
        Op op = Rows[name];
        OpFormula formula = OpFormula.Of(op);
        double[] xs = op.Inputs[0].Sample(1).ToArray<double>(), ys = op.Inputs[^1].Sample(2).ToArray<double>();
        for (int i = 0; i < xs.Length; i++)
        {
            Real<double> x = new(xs[i]), y = new(ys[i]);
            (string, double)[] at = [("x", xs[i]), ("y", ys[i]), .. formula.Parameters];
            switch (op)
            {
                case UnaryRow unary:
                    Real<double> value = unary.Value(x);
                    Same(formula.Typed, value, at);
                    Same(formula.Typed.Differentiate("x"), unary.Slope(x, value), at);
                    break;
                case BinaryRow binary:
                    Real<double> z = binary.Value(x, y);
                    Same(formula.Typed, z, at);
                    Same(formula.Typed.Differentiate("x"), binary.SlopeX(x, y, z), at);
                    Same(formula.Typed.Differentiate("y"), binary.SlopeY(x, y, z), at);
                    break;
            }
        }

        void Same(Expr typed, Real<double> expected, (string, double)[] at) =>
            typed.Evaluate([.. at.Where(p => typed.Variables.Contains(p.Item1))])
            .ShouldBe(expected.Value, 1e-11 * (1 + Math.Abs(expected.Value)), $"{name} at {xs.Length}: {typed}");
    }

    /// <summary>What is printed is what is computed, at kinks too.</summary>
    [Theory, MemberData(nameof(Unaries))]
    public void The_slope_as_it_is_printed_is_that_of_the_rule_at_every_point(string name)
    {
        var op = (UnaryRow)Rows[name];
        OpFormula formula = OpFormula.Of(op);
        foreach (
            double point in (double[])[
                .. op.Inputs[0].Sample(2).ToArray<double>(), .. op.Inputs[0].Domain.Kinks, .. formula.Parameters.Select(p => p.Value)])
        {
            Real<double> x = new(point), y = op.Value(x), slope = op.Slope(x, y);
            (string, double)[] at = [("x", point), ("y", y.Value), .. formula.Parameters];
            double printed = formula.Slopes[0].Evaluate([.. at.Where(p => formula.Slopes[0].Variables.Contains(p.Item1))]);
            if (!slope.Value.Equals(printed))
                printed.ShouldBe(slope.Value, 1e-11 * (1 + Math.Abs(slope.Value)), $"{name} at {point}: {formula.Slopes[0]}");
        }
    }

    [Theory, MemberData(nameof(Unaries))]
    public void Facts_hold_at_every_point(string name)
    {
        var op = (UnaryRow)Rows[name];
        foreach (double point in Points)
        {
            double value = F(point), mirrored = F(-point);
            if (op.Info.Is(OpFacts.Odd)) mirrored.ShouldBe(-value, $"{name}({-point})");
            if (op.Info.Is(OpFacts.Even)) mirrored.ShouldBe(value, $"{name}({-point})");
            if (op.Info.Is(OpFacts.NotNegative)) (value < 0).ShouldBeFalse($"{name}({point})");
            if (op.Info.Is(OpFacts.Total)) double.IsNaN(value).ShouldBeFalse($"{name}({point})");
        }

        double F(double x) => op.Called(new Real<double>(x)).Value;
    }

    /// <summary>A rule without a choice between cases, read over formulas, of smooth functions only.</summary>
    [Theory, MemberData(nameof(Unaries))]
    public void What_is_smooth_has_a_slope_without_cases(string name)
    {
        var op = (UnaryRow)Rows[name];
        if (!op.Info.Is(OpFacts.Smooth)) return;
        op.Inputs[0].Domain.Kinks.ShouldBeEmpty();
        var x = new Variable("x");
        for (var open = new Stack<Expr>([op.Slope<Expr>(x, op.Value<Expr>(x))]); open.TryPop(out Expr? e);)
        {
            e.ShouldNotBeOfType<Conditional>();
            if (e is UnaryCall call) call.Function.Info.Is(OpFacts.Smooth).ShouldBeTrue($"{call.Function} in {name}");
            foreach (Expr operand in e.Operands) open.Push(operand);
        }
    }

    [Theory, MemberData(nameof(Unaries))]
    public void What_is_said_to_be_the_inverse_is(string name)
    {
        var op = (UnaryRow)Rows[name];
        if (op.Info.Inverse is null) { op.Info.Is(OpFacts.Cancels).ShouldBeFalse(); return; }
        var inverse = (UnaryRow)Rows[op.Info.Inverse];
        foreach (double point in op.Inputs[0].Sample().ToArray<double>())
        {
            // One of the arguments with that value: the inverse of the cosine gives the one from 0 to π.
            Real<double> value = op.Value(new Real<double>(point));
            op.Value(inverse.Value(value)).Value.ShouldBe(
                value.Value, 1e-12 * (1 + Math.Abs(value.Value)), $"{name}({inverse.Name}({value.Value}))");
        }
        if (!op.Info.Is(OpFacts.Cancels)) return;
        // Further away from 0 the value between has lost the digits that tell the argument.
        foreach (double point in Points.Where(point => Math.Abs(point) < 4))
            if (inverse.Value(new Real<double>(point)) is { Value: var between } && double.IsFinite(between))
                op.Value(new Real<double>(between)).Value.ShouldBe(point, 1e-9 * (1 + Math.Abs(point)), $"{name}({inverse.Name}({point}))");
    }

    [Fact]
    public void Two_arguments_have_a_value_wherever_that_is_said()
    {
        foreach (BinaryRow op in OpTable.ElementWise.OfType<BinaryRow>())
            foreach (double x in Points)
                foreach (double y in Points)
                {
                    if (op.Info.Is(OpFacts.Total))
                        double.IsNaN(op.Value(new Real<double>(x), new Real<double>(y)).Value).ShouldBeFalse($"{op}({x}, {y})");
                    double passed = op.Value(new Real<double>(double.NaN), new Real<double>(y)).Value;
                    double.IsNaN(passed).ShouldBe(!op.Info.Is(OpFacts.PassesOverNaN) && !(op.Name == "pow" && y == 0), $"{op}(NaN, {y})");
                }
    }

    /// <summary>Every method of .NET that is named exists and gives the same number.</summary>
    [Theory, MemberData(nameof(ElementWise))]
    public void The_method_of_NET_gives_the_same(string name)
    {
        Op op = Rows[name];
        if (op.Info.DotNet is not { } dotNet) return;
        Type type = dotNet.Split('.')[0] == "Math" ? typeof(Math) : typeof(double);
        var method = type.GetMethod(dotNet.Split('.')[1], [.. op.Inputs.Select(_ => typeof(double))]);
        method.ShouldNotBeNull(dotNet);
        double[] xs = op.Inputs[0].Sample(1).ToArray<double>(), ys = op.Inputs[^1].Sample(2).ToArray<double>();
        for (int i = 0; i < xs.Length; i++)
        {
            Real<double> ours = op is UnaryRow unary
                ? unary.Value(new Real<double>(xs[i])) : ((BinaryRow)op).Value(new Real<double>(xs[i]), new Real<double>(ys[i]));
            Convert.ToDouble(method.Invoke(null, op is UnaryRow ? [xs[i]] : [xs[i], ys[i]]))
                .ShouldBe(ours.Value, 1e-14 * (1 + Math.Abs(ours.Value)), dotNet);
        }
    }

    /// <summary>The word of generic code is a method of tensors too, or of a group of functions of them.</summary>
    [Theory, MemberData(nameof(ElementWise))]
    public void The_word_is_a_method_of_tensors(string name) =>
        typeof(Tensor).GetMethods().Concat(typeof(Special).GetMethods()).Select(method => method.Name)
            .ShouldContain(Notation.Word(name, Rows[name].Info));

    public static TheoryData<string> Modules => [.. OpTable.All.Where(op => op.Info.Module is not null).Select(op => op.Name)];

    /// <summary>What the compiler made of it: the module prints it, and does what the function and the method do.</summary>
    [Theory, MemberData(nameof(Modules))]
    public void A_module_that_is_said_is_there_and_prints_so(string name)
    {
        // What changes its input has tests of its own (InPlaceLayerTests).
        string said = Regex.Replace(Rows[name].Info.Module!, @"\{inplace[^}]*\}", ""), type = said.Split('(')[0];
        ConstructorInfo constructor =
            typeof(Module).Assembly.GetType("Adjoint.Nn." + type).ShouldNotBeNull(said).GetConstructors().ShouldHaveSingleItem();
        object?[] options = [.. constructor.GetParameters().Select(Option)];
        var module = (Module)constructor.Invoke(options);
        string printed = string.Concat(said.Split('{', '}').Select((part, i) => i % 2 == 0 ? Regex.Escape(part) : "[^ ,()]+"));
        module.ToString().ShouldMatch($"^{printed}$");

        MethodInfo function = typeof(F).GetMethods().Where(method => method.Name.Equals(type, StringComparison.OrdinalIgnoreCase))
            .MinBy(method => method.GetParameters().Length)!;
        MethodInfo method = typeof(Tensor).GetMethod(function.Name)!;
        function.GetParameters().Skip(1).Where(p => p.Name != "inplace").Select(Told).ShouldBe(method.GetParameters().Select(Told));
        Tensor x = Rows[name].Inputs[0].Sample();
        object?[] told = [.. method.GetParameters().Select((parameter, i) => i < options.Length && parameter.Name != "inplace" ? options[i] : parameter.DefaultValue)];
        double[] expected = ((Tensor)method.Invoke(x, told)!).ToArray<double>();
        module.Call(x).ToArray<double>().ShouldBe(expected);
        object?[] all = [x, .. told, .. function.GetParameters().Skip(1 + told.Length).Select(p => p.DefaultValue)];
        ((Tensor)function.Invoke(null, all)!).ToArray<double>().ShouldBe(expected);

        object? Option(ParameterInfo parameter) => !parameter.HasDefaultValue ? Convert.ChangeType(1, parameter.ParameterType)
            : parameter.ParameterType.IsEnum ? Enum.ToObject(parameter.ParameterType, parameter.DefaultValue!) : parameter.DefaultValue;

        string Told(ParameterInfo parameter) => $"{parameter.ParameterType} {parameter.Name} = {parameter.DefaultValue}";
    }

    private readonly struct Silent : IUnaryOp
    {
        public static string Name => "silent";
        public static Saves Saves => Saves.None;
        public V Value<V>(V x) where V : IAlgebra<V> => x;
        public V Slope<V>(V x, V y) where V : IAlgebra<V> => V.Constant(1);
    }

    [Fact]
    public void An_operation_of_a_user_need_not_say_anything()
    {
        Op row = Op.Unary<Silent>();
        row.Info.ShouldBeSameAs(OpInfo.None);
        row.Info.FormulaNames.ShouldBeEmpty();
    }
}
