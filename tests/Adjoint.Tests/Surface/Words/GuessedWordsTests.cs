using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Adjoint.Tests.Surface.Words;

/// <summary>
/// What people write by the habit of PyTorch and of .NET, compiled and run against the library: each line beside another that means the
/// same, or a value. What is not to be written stands in <see cref="NotWords"/>, with the reason.
/// </summary>
public class GuessedWordsTests
{
    private const string Usings = "using Adjoint.Nn; using Adjoint.Optim; using Adjoint.Data; using System.IO; using Shape = Adjoint.Shape;";

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
        [.. TensorGuesses.Lines, .. OperationGuesses.Lines, .. StaticGuesses.Lines, .. ModuleGuesses.Lines, .. TrainingGuesses.Lines];

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
    public void There_are_three_hundred_of_them() => (s_lines.Select(line => line.Guess).Distinct().Count() + NotWords.Lines.Length).ShouldBeGreaterThan(300);

    /// <summary>A line that compiles some day has to be looked at: it may mean something else than was guessed.</summary>
    [Fact]
    public void What_was_decided_against_does_not_compile()
    {
        string[][] errors = Snippets.Objections([.. NotWords.Lines.Select(line => $"object o = {line.Guess}")], "", Preamble, Usings);
        NotWords.Lines.Where((_, i) => errors[i].Length == 0).Select(line => line.Guess).ShouldBeEmpty();
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
