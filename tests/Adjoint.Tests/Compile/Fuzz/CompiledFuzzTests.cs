using System.Globalization;

namespace Adjoint.Tests.Compile.Fuzz;

/// <summary>
/// Random functions, with random changes of what they reach between calls: what is compiled leaves what the function leaves, to the bit.
/// ADJOINT_COMPILED=5000@100 takes so many programs, from a seed on; 500@100@200 calls each so often, and changes and verifies less often
/// between, so that code is generated and calls are measured in turns.
/// </summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class CompiledFuzzTests
{
    private const int Few = 10;

    [Fact]
    public void Random_functions_and_changes_between_their_calls()
    {
        (int count, int first, int most) = (150, 1, Few);
        bool isAsked = Environment.GetEnvironmentVariable("ADJOINT_COMPILED") is { Length: > 0 };
        if (isAsked)
        {
            string[] asked = Environment.GetEnvironmentVariable("ADJOINT_COMPILED")!.Split('@');
            int Asked(int i, int otherwise) => asked.Length > i ? int.Parse(asked[i], CultureInfo.InvariantCulture) : otherwise;
            (count, first, most) = (Asked(0, count), Asked(1, first), Asked(2, most));
        }
        List<string> wrong = [];
        int runs = 0, calls = 0;
        for (int seed = first; seed < first + count && wrong.Count < 12; seed++)
            if (Difference(new FuzzProgram(seed), most, ref runs, ref calls) is { } text) wrong.Add($"{seed}: {text}");
        if (wrong.Count > 0) Assert.Fail(string.Join("\n", wrong));
        // A good part of the calls must be runs, or nothing was tested; one program may be one that never runs.
        if (count < 100) return;
        runs.ShouldBeGreaterThan(calls / 10, $"{runs} runs in {calls} calls");
    }

    private static string? Difference(FuzzProgram program, int most, ref int runs, ref int calls)
    {
        Shape shape = (program.Seed % 9) switch
        {
            0 => [],
            1 => [1],
            2 => [2, 3],
            3 => [3, 3],
            4 => [7, 33],
            5 => [0, 3],
            6 => [40, 40],
            7 => [2, 1037],
            _ => [4099],
        };
        FuzzWorld eager = new(program, shape), compiled = new(program, shape);
        int seldom = Math.Max(1, most / Few);
        bool keepsGrads = !program.IsStep || program.Seed % 5 > 1;
        var all = program.IsStep ? Compiled.StepOfList(compiled.Run, verify: 3 * seldom, fallback: true, keepGrads: keepsGrads)
            : Compiled.FunctionOfList(compiled.Run, verify: 2 * seldom, fallback: true);
        var choices = new Random(program.Seed * 31 + 5);
        FuzzWorld.Common = 1;
        string changed = "";
        try
        {
            for (int call = 0; call < most; call++)
            {
                int changes = choices.Next(3 * seldom) == 0 ? choices.Next(1, 3) : 0;
                for (int i = 0; i < changes; i++)
                {
                    (int kind, int seed) = (choices.Next(FuzzWorld.Mutations), choices.Next());
                    string? one = Thrown(() => eager.Change(kind, new Random(seed)));
                    string? other = Thrown(() => compiled.Change(kind, new Random(seed)));
                    if (one != other) return $"call {call}: change {kind} throws {one ?? "nothing"}, but {other ?? "nothing"}";
                    if (one is not null) return null;
                    changed += $" {call}:{kind}";
                }
                (int arguments, int mode, int start) = (choices.Next(), choices.Next(12), choices.Next());
                calls++;
                (string first, bool threw) = Call(eager, eager.Run, arguments, mode, start, keepsGrads);
                (string second, bool _) = Call(compiled, all.Call, arguments, mode, start, keepsGrads);
                if (!keepsGrads && !threw)
                {
                    eager.LetGo();
                    compiled.LetGo();
                    (first, second) = (first + eager.State(), second + compiled.State());
                }
                if (first != second)
                    return $"call {call}: {first.Split((char)10)[0]}, mode {mode}, "
                        + $"{string.Join(" ", program.Lines.Select(l => $"{l.Kind}/{l.A}/{l.B}"))} {changed}: {Where(first, second)}\n"
                        + all.Explain();
                if (threw) return null;
            }
        }
        finally
        {
            string text = all.Explain();
            foreach (string line in text.Split('\n'))
                if (line.StartsWith("for ", StringComparison.Ordinal))
                    runs += int.Parse(line[(line.LastIndexOf(": ", StringComparison.Ordinal) + 2)..].Split(' ')[0], CultureInfo.InvariantCulture);
            foreach (HookHandle hook in (HookHandle[])[.. eager.Hooks, .. compiled.Hooks]) hook.Remove();
        }
        return null;
    }

    // What a call gives, and what it leaves.
    private static (string Text, bool Threw) Call(
        FuzzWorld world, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, int arguments, int mode, int start,
        bool keepsGrads)
    {
        Rng.ManualSeed(start);
        Tensor[] x = world.ArgumentsOf(new Random(arguments));
        IReadOnlyList<Tensor> results = [];
        string? thrown = Thrown(() =>
        {
            switch (mode)
            {
                case 0:
                    using (Autograd.NoGrad()) results = f(x);
                    break;
                case 1:
                    results = Cpu.Memory.Scope(() => (Tensor[])[.. f(x).Select(y => y.Clone())]);
                    break;
                case 2:
                    Exception? error = null;
                    var thread = new Thread(() =>
                    {
                        try
                        {
                            results = f(x);
                        }
                        catch (Exception e)
                        {
                            error = e;
                        }
                    });
                    thread.Start();
                    thread.Join();
                    if (error is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
                    break;
                default: results = f(x); break;
            }
        });
        if (thrown is not null) return (thrown, true);
        string text = string.Join(" ", x.Select(a => $"{world.NameOf(a)} {a.RequiresGrad} {a.IsLeaf}")) + "\n";
        text += string.Join("\n", results.Select((y, i) =>
            $"result {i} {y.Shape} {Array.FindIndex(x, a => ReferenceEquals(a, y))} "
            + $"{Array.FindIndex(world.T, a => ReferenceEquals(a, y))} "
            + $"{Array.FindIndex(x, a => a.SharesStorageWith(y))} {Array.FindIndex(world.T, a => a.SharesStorageWith(y))} "
            + FuzzWorld.Bits(y)));
        text += "\n" + string.Join("\n", x.Select(a =>
            $"argument {FuzzWorld.Bits(a)} {(a.IsLeaf && a.Grad is { } g ? FuzzWorld.Bits(g) : "none")}"));
        // What was given before stays what it was.
        text += "\n" + string.Join("\n", world.Results.Select(FuzzWorld.Bits));
        world.Results.AddRange(results.Where(y => y.IsLeaf && !y.RequiresGrad).Select(y => y.Detach()));
        if (world.Results.Count > 6) world.Results.RemoveRange(0, world.Results.Count - 6);
        return (keepsGrads ? text + "\n" + world.State() : text, false);
    }

    private static string? Thrown(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e.GetType().Name + ": " + (e is GraphException ? e.Message : "");
        }
    }

    private static string Where(string first, string second)
    {
        string[] a = first.Split('\n'), b = second.Split('\n');
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
            if (a[i] != b[i]) return $"line {i}:\n    eager    {a[i]}\n    compiled {b[i]}";
        return $"{a.Length} lines and {b.Length}: {first[..Math.Min(300, first.Length)]} and {second[..Math.Min(300, second.Length)]}";
    }
}
