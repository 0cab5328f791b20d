using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Adjoint.Tests.Kernels;

namespace Adjoint.Tests.Surface.Words;

/// <summary>
/// What people write by the habit of PyTorch and of .NET, compiled and run against the library: each line beside another that means the
/// same, or a value. What is not to be written stands in <see cref="NotWords"/>, with the reason.
/// </summary>
[Collection(ThreadCount.Collection)] // alone, because of the program's random numbers
public class GuessedWordsTests
{
    private const string Usings =
        "using Adjoint.Nn; using Adjoint.Optim; using Adjoint.Data; using System.IO; using Shape = Adjoint.Shape;";

    /// <summary>What the lines may use, new for each.</summary>
    private const string Preamble = """
        static Tensor x => Tensor.From(new[,] { { 1f, 2f }, { 3f, 4f } });
        static Tensor y => Tensor.From(new[,] { { 5f, 6f }, { 7f, 8f } });
        static Tensor v => Tensor.From([3f, -1f, 2f]);
        static Tensor n => Tensor.From([-7L, 7L, 5L]);
        static Tensor mask => Tensor.From([true, false, true]);
        static Tensor w => Tensor.From([1f, 2f, 3f], requiresGrad: true);
        static Tensor images => Tensor.Zeros([8, 3, 5, 6]);
        static List<Tensor> list => [x, y];
        static Linear fc { get { Rng.ManualSeed(3); return new Linear(2, 3); } }
        static Sequential net { get { Rng.ManualSeed(3); return new Sequential(new Linear(2, 3), new ReLU(), new Linear(3, 1)); } }
        static TensorDataset data => new(x, Tensor.From([0L, 1L]));
        static object Do(Func<object> f) => f();
        static object Seeded(Func<object> f) { Rng.ManualSeed(7); return f(); }
        static Tensor Row(int i) => x[i];
        static string File(Func<string, object> f) { string p = Path.GetTempFileName(); try { return $"{f(p)}"; } finally { System.IO.File.Delete(p); } }
        sealed class Net : Module { public readonly Linear fc1 = new(2, 3); protected override Tensor Forward(Tensor x) => fc1.Forward(x).Relu(); }

        """;

    private static readonly (string Guess, string Same)[] s_lines =
        [
            .. TensorGuesses.Lines, .. OperationGuesses.Lines, .. StaticGuesses.Lines, .. ModuleGuesses.Lines, .. TrainingGuesses.Lines,
            .. FurtherGuesses.Lines,
        ];

    // All in one test: they are compiled together, and what is read is the list of those that fail.
    [Fact]
    public void What_is_guessed_means_what_was_meant()
    {
        MethodInfo[] compiled = Snippets.Compile([.. s_lines.SelectMany(line => new[] { line.Guess, line.Same })], "", Preamble, Usings);
        List<string> wrong = [];
        for (int i = 0; i < s_lines.Length; i++)
        {
            string guessed = Value(compiled[2 * i]), meant = Value(compiled[2 * i + 1]);
            if (guessed != meant) wrong.Add($"{s_lines[i].Guess}   is\n{guessed}\nand not {s_lines[i].Same}, which is\n{meant}");
        }
        string.Join("\n\n", wrong).ShouldBeEmpty();
    }

    private static string Value(MethodInfo line)
    {
        try
        {
            return Shown(line.Invoke(null, null));
        }
        catch (TargetInvocationException e)
        {
            return e.InnerException!.ToString();
        }
    }

    [Fact]
    public void There_are_more_than_six_hundred_of_them() =>
        (s_lines.Select(line => line.Guess).Distinct().Count() + NotWords.Lines.Length).ShouldBeGreaterThan(600);

    /// <summary>A line that compiles some day has to be looked at: it may mean something else than was guessed.</summary>
    [Fact]
    public void What_was_decided_against_does_not_compile()
    {
        string[][] errors =
            Snippets.Objections(
                [.. NotWords.Lines.Select(line => $"object o = {line.Guess}")], "", Preamble.ReplaceLineEndings(" "), Usings);
        NotWords.Lines.Where((_, i) => errors[i].Length == 0).Select(line => line.Guess).ShouldBeEmpty();
    }

    /// <summary>What compiles and is not what was meant says so.</summary>
    [Fact]
    public void What_compiles_and_means_nothing_is_refused()
    {
        Tensor x = Tensor.Zeros(2, 3);
        Should.Throw<ShapeException>(() => Tensor.Cat(x, x, 1)).Message.ShouldContain("Cat([a, b], 1)");
        Should.Throw<ShapeException>(() => Tensor.Stack(x, x, 1)).Message.ShouldContain("Stack([a, b], 1)");
        Should.Throw<ShapeException>(() => { var (_, _, _) = x.Shape; }).Message.ShouldContain("[2, 3] has 2 dimensions, but 3 were named");
        Should.Throw<ShapeException>(() => x.Shape is (2, 3, 4));
        Should.Throw<ShapeException>(() => x.Shape[1..5]);
        Should.Throw<ShapeException>(() => { var (_, _, _) = x; }).Message.ShouldContain("[2, 3] is taken apart");
        Should.Throw<ShapeException>(() => x.Contains(Tensor.Zeros(2))).Message.ShouldContain("a row of the shape [3]");
        Should.Throw<ShapeException>(() => x.Stride(2));
        Should.Throw<ShapeException>(() => Tensor.Scalar(1).Stride(0)).Message.ShouldContain("no stride 0");
        Should.Throw<ShapeException>(() => x.Size(2)).Message.ShouldContain("got 2");
        Should.Throw<ShapeException>(() => Tensor.Scalar(1).Size(0)).Message.ShouldContain("no size 0");
        Should.Throw<ShapeException>(() => Tensor.From(new[] { new[] { 1, 2 }, [3] })).Message.ShouldContain("row 1 has 1");
        Should.Throw<ShapeException>(() => Tensor.From(new[] { new[] { new[] { 1, 2 } }, [] })).Message.ShouldContain("part 1 has 0");
        Should.Throw<ShapeException>(() => (int)x).Message.ShouldContain("one element");
        Should.Throw<DTypeException>(() => ~x).Message.ShouldContain("Float32");
        Should.Throw<DTypeException>(() => x.To<char>()).Message.ShouldContain("Char");
        Should.Throw<DTypeException>(() => Tensor.From("ab")).Message.ShouldContain("Char");
        Should.Throw<ArgumentException>(() => Tensor.From([1L]) % 0).Message.ShouldContain("c is 0");
        Should.Throw<InvalidOperationException>(() => new List<Tensor>().Average()).Message.ShouldContain("no tensors");
        Should.Throw<ArgumentNullException>(() => new Tensor[] { x, null! }.Sum()).Message.ShouldContain("Element 1");
        Should.Throw<ArgumentNullException>(() => { Tensor t = (int[])null!; });
        Should.Throw<KeyNotFoundException>(() => new Adjoint.Nn.Linear(2, 3).GetParameter("wieght")).Message.ShouldContain(
            "there are weight, bias");
    }

    /// <summary>A tensor is also the sequence of its rows: whoever takes a list of tensors refuses one, or has a form for it.</summary>
    [Fact]
    public void One_tensor_is_not_taken_for_a_list_of_its_rows()
    {
        List<string> silent = [];
        int tried = 0;
        foreach (Type type in PublicSurface.Types.Where(t => !t.IsAbstract || t.IsSealed))
        {
            IEnumerable<MethodBase> callable = type.GetConstructors().Cast<MethodBase>()
                .Concat(type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
                    .Where(m => !m.ContainsGenericParameters && !m.IsSpecialName));
            foreach (MethodBase method in callable.Where(m => m.GetParameters().Any(p => p.ParameterType == typeof(IEnumerable<Tensor>))))
            {
                tried++;
                try
                {
                    object?[] arguments =
                        [.. method.GetParameters()
                            .Select(p => p.ParameterType == typeof(IEnumerable<Tensor>) ? Tensor.Ones(4, requiresGrad: true)
                        : p.ParameterType == typeof(Tensor) ? Tensor.Ones(4) : p.HasDefaultValue ? p.DefaultValue
                        : p.ParameterType == typeof(double) ? 1.0 : null)];
                    _ = method is ConstructorInfo made ? made.Invoke(arguments) : method.Invoke(null, arguments);
                    silent.Add($"{type.Name}.{method.Name}");
                }
                catch (TargetInvocationException e)
                {
                    e.InnerException!.Message.ShouldContain("tensor", Case.Insensitive, $"{type.Name}.{method.Name}: {e.InnerException}");
                }
            }
        }
        tried.ShouldBeGreaterThan(12);
        // As PyTorch's do, these take one tensor as the list of it.
        silent.ShouldBe(["ParameterList..ctor", "Gradients.ClipNorm", "Gradients.ClipValue"]);
        Tensor leaf = Tensor.Ones(4, requiresGrad: true);
        leaf.Grad = Tensor.Ones(4);
        Adjoint.Nn.Gradients.ClipNorm(leaf, 1).Item().ShouldBe(2);
        new Adjoint.Nn.ParameterList(Tensor.Ones(4)).Count.ShouldBe(1);
    }

    private static string Shown(object? value) => value switch
    {
        null => "null",
        Tensor t => $"{t.DType} {t.Shape}{(t.RequiresGrad ? " grad" : "")} {t.Detach()}",
        string s => s,
        Module m => m.ToString(),
        ITuple tuple => $"({string.Join(", ", Enumerable.Range(0, tuple.Length).Select(i => Shown(tuple[i])))})",
        Array { Rank: > 1 } grid => string.Join(", ", grid.Cast<object>().Select(Shown)),
        IEnumerable all => $"[{string.Join(", ", all.Cast<object>().Select(Shown))}]",
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
