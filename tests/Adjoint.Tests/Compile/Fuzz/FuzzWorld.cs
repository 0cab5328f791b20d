using Adjoint.Nn;
using Adjoint.Optim;
using Adjoint.Tests.Graphs;

namespace Adjoint.Tests.Compile.Fuzz;

/// <summary>A base whose private field a function reads through a method of it.</summary>
internal class FuzzBase
{
    private double _hidden = 0.5;

    internal double Hidden() => _hidden;

    internal void Hide(double value) => _hidden = value;
}

internal record FuzzRecord(double Rate, string Name);

internal struct FuzzStruct
{
    internal double Rate;
    internal (int Count, float Part) Pair;
    internal Tensor? Held;
}

internal sealed class FuzzLink
{
    internal FuzzLink? Next;
    internal double Value = 1;
}

/// <summary>A module of the user's, with fields that no property of ours knows.</summary>
internal sealed class FuzzModule : Module
{
    internal double Scale = 1.5;
    internal Tensor Shift;
    internal readonly Tensor Weight;
    internal Module? Inner;

    internal FuzzModule(Shape shape)
    {
        Weight = Tensor.Full(shape, 0.75f).AsParameter();
        Shift = Tensor.Full(shape, 0.25f).AsBuffer();
    }

    protected override Tensor Forward(Tensor input)
    {
        Tensor y = input * Weight * Scale + Shift;
        if (Training) y = y.Tanh();
        return Inner is null ? y : Inner.Call(y);
    }
}

/// <summary>All that a random function reads and writes: there are two of each, one whose function is compiled.</summary>
internal sealed partial class FuzzWorld : FuzzBase
{
    internal static double Common = 1;

    private readonly FuzzProgram _program;

    internal readonly Shape Shape;
    internal readonly Tensor[] T = new Tensor[4];
    internal readonly Tensor[] P = new Tensor[3];
    internal readonly List<Tensor> Row = [];
    internal readonly Dictionary<string, Tensor> Named = [];
    internal Module Net;
    internal FuzzModule Own;
    internal Optimizer Opt, Other;
    internal Generator Drawn = new(7);
    internal double A = 0.5;
    internal float B = 0.25f;
    internal int K = 2, Count;
    internal bool Flag;
    internal decimal Dec = 0.5m;
    internal double? Maybe;
    internal (double X, int Y) Pair = (0.5, 2);
    internal FuzzRecord Record = new(0.5, "a");
    internal FuzzStruct Struct;
    internal FuzzLink Link = new() { Next = new() { Next = new() { Next = new() { Next = new() { Next = new() } } } } };
    internal float[] Numbers = [0.5f, 2f];
    internal List<double> Rates = [0.5, 0.25];
    internal Func<Tensor, Tensor> Function;
    internal object Boxed = 0.5;
    internal int HookCalls;
    internal readonly List<HookHandle> Hooks = [];
    internal readonly List<Tensor> Results = [];
    internal OptimizerState? Saved;

    internal FuzzWorld(FuzzProgram program, Shape shape)
    {
        (_program, Shape) = (program, shape);
        var random = new Random(program.Seed);
        for (int i = 0; i < T.Length; i++) T[i] = Make(random);
        for (int i = 0; i < P.Length; i++) P[i] = Make(random).RequiresGradInPlace();
        Row.AddRange([Make(random), T[0]]);
        Named["a"] = Make(random);
        Rng.ManualSeed(program.Seed);
        Own = new FuzzModule(shape);
        Net = shape.NDim == 2 && shape[1] == 3
            ? new Sequential(
                new Adjoint.Nn.Linear(3, 3), program.Seed % 3 == 0 ? new BatchNorm1d(3) : new ReLU(), new Adjoint.Nn.Linear(3, 3))
            : new FuzzModule(shape);
        Opt = NewOptimizer(program.Seed);
        Other = new SGD([P[2]], 0.1, momentum: 0.9);
        double factor = 2;
        Function = x => x * factor;
        Struct.Rate = 0.5;
        Struct.Held = T[1];
    }

    internal Tensor Make(Random random)
    {
        var numbers = new float[Shape.NumEl];
        for (int i = 0; i < numbers.Length; i++) numbers[i] = (float)(random.NextDouble() * 2 - 1);
        return Shape.NDim == 0 ? Tensor.Scalar(numbers[0]) : Tensor.From(numbers).Reshape(Shape).Clone();
    }

    internal Optimizer NewOptimizer(int kind)
    {
        Tensor[] all = [P[0], P[1], .. Net.Parameters()];
        return (kind % 4) switch
        {
            0 => new SGD(all, 0.05, momentum: 0.9),
            1 => new Adam(all, 0.01),
            2 => new SGD(all, 0.05),
            _ => new AdamW(all, 0.01),
        };
    }

    internal IReadOnlyList<Tensor> Run(IReadOnlyList<Tensor> arguments)
    {
        List<Tensor> r = [.. arguments];
        foreach (FuzzLine line in _program.Lines) Do(line, r, arguments);
        return [.. _program.Results.Select(k => k switch
        {
            < 0 => T[-k % T.Length],
            < 100 => Pick(r, k).Detach(),
            < 110 => arguments[k % arguments.Count],
            < 120 => P[k % P.Length],
            < 130 => Pick(r, k) is var y && y.GradFn is null && !y.RequiresGrad ? y : y.Detach(),
            _ => Pick(r, k).Detach()[..],
        })];
    }

    /// <summary>All that can be seen of the world, to the bit.</summary>
    /// <summary>Lets go of all gradients: where they are not kept, none is left that a later call adds to.</summary>
    internal void LetGo()
    {
        foreach (Tensor x in (Tensor[])[.. T, .. P, .. Row, .. Named.Values, .. Net.Parameters(), .. Own.Parameters(), Own.Shift])
            if (x.IsLeaf) x.Grad = null;
    }

    internal string State()
    {
        var text = new System.Text.StringBuilder();
        Show("T", T);
        Show("P", P);
        Show("Row", Row);
        Show("Named", Named.Values);
        Show("Net", Net.Parameters());
        Show("Own", [.. Own.Parameters(), Own.Shift]);
        foreach ((string name, Tensor x) in Net.StateDict()) text.Append(name).Append(Bits(x)).AppendLine();
        foreach (Optimizer optimizer in (Optimizer[])[Opt, Other])
            foreach ((int p, IReadOnlyDictionary<string, object?> state) in optimizer.StateDict().State)
                foreach ((string name, object? value) in state.OrderBy(s => s.Key, StringComparer.Ordinal))
                    text.Append(p).Append(name).Append(value is Tensor t ? Bits(t) : $"{value}").AppendLine();
        foreach (Optimizer optimizer in (Optimizer[])[Opt, Other])
            text.AppendLine(string.Join(" ", optimizer.ParamGroups.Select(g => $"{g.Lr} {g.Parameters.Count}")));
        text.Append(Convert.ToHexString(Drawn.GetState())).Append(Convert.ToHexString(Rng.Default.GetState())).AppendLine();
        text.Append($"{A} {B} {K} {Count} {Flag} {Dec} {Maybe} {Pair} {Record} {Rates.Count} {Numbers[0]} ");
        text.Append($"{Own.Training} {Net.Training} {HookCalls}");
        return text.ToString();

        void Show(string name, IEnumerable<Tensor> all)
        {
            foreach (Tensor x in all) ShowOne(name, x);
        }

        void ShowOne(string name, Tensor x)
        {
            int same = Array.FindIndex(T, y => y.SharesStorageWith(x));
            text.Append($"{name} {x.Shape} {x.RequiresGrad} {x.IsLeaf} {same} {Bits(x)} | ");
            text.AppendLine(x.IsLeaf && x.Grad is { } g ? Bits(g) : "none");
        }
    }

    internal string NameOf(Tensor x) => Array.FindIndex(T, y => y.SharesStorageWith(x)) is >= 0 and var t ? $"T{t}"
        : Array.FindIndex(P, y => y.SharesStorageWith(x)) is >= 0 and var p ? $"P{p}"
        : Array.FindIndex(P, y => y.Grad is { } g && g.SharesStorageWith(x)) is >= 0 and var d ? $"P{d}.Grad" : "other";

    internal static string Bits(Tensor x)
    {
        try
        {
            return string.Join(",", GraphRunTests.Bits(x).Select(b => b.ToString("x")));
        }
        catch (ObjectDisposedException)
        {
            // What a function stores in a field inside a memory scope has ended with it, compiled or not.
            return "gone";
        }
    }

    private static Tensor Pick(List<Tensor> r, int k) => r[k % r.Count];
}
