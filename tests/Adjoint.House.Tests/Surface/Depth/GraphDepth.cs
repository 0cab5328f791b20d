using System.Text;
using Adjoint.Formats;
using Adjoint.Nn;

namespace Adjoint.Tests.Surface.Depth;

/// <summary>Long graphs, chains of views, nested scopes, many dimensions, files nested deep.</summary>
internal static class GraphDepth
{
    private const int Deep = 100_000;

    internal static IEnumerable<(string Name, Action Work)> Cases()
    {
        foreach ((string kind, Func<Tensor, Tensor> step) in Steps())
        {
            var made = new Lazy<(Tensor X, Tensor Y)>(() =>
            {
                Tensor x = Tensor.From([1.0, 0.5], requiresGrad: true), y = x * 1.0;
                for (int i = 0; i < Deep; i++) y = step(y);
                return (x, y);
            });
            foreach ((string what, Action<Tensor, Tensor> act) in Acts())
                yield return ($"chain of {kind}: {what}", () => act(made.Value.X, made.Value.Y));
            yield return ($"chain of {kind}: let go", () =>
            {
                made = null!;
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
            );
        }
        foreach ((string name, Action work) in Scopes()) yield return ($"scopes in scopes: {name}", work);
        foreach ((string name, Action work) in Others()) yield return (name, work);
    }

    private static IEnumerable<(string, Func<Tensor, Tensor>)> Steps() =>
    [
        ("products", y => y * 1.0), ("functions", y => y.Sin()), ("views", y => y.View(2)), ("changes in place", y => y.MulInPlace(1.0)),
            ("changes of a part", y => { y[0].MulInPlace(1.0); return y; }),
        ("forks", y => y + y * 0.0), ("custom functions", y => new Twice().Apply(y)), ("joins", y => Tensor.Cat([y[..1], y[1..]])),
    ];

    private static IEnumerable<(string, Action<Tensor, Tensor>)> Acts() =>
    [
        ("make", (_, y) => y.ToArray()), ("text", (_, y) => y.ToString()),
            ("gradient", (x, y) => Autograd.Grad(y.Sum(), x, retainGraph: true)),
        ("gradient in the anomaly mode", (x, y) => { using (Autograd.DetectAnomaly()) Autograd.Grad(y.Sum(), x, retainGraph: true); }),
        ("gradient of a gradient",
            (x, y) => Autograd.Grad(Autograd.Grad(y.Sum(), x, createGraph: true).Sum() + x.Sum(), x, retainGraph: true)),
        ("tree", (_, y) => RecordedGraph.Of(y).ToTree()), ("whole tree", (_, y) => RecordedGraph.Of(y).ToTree(most: 5_000)),
        ("dot", (_, y) => RecordedGraph.Of(y).ToDot()),
        ("number of paths", (x, y) => RecordedGraph.Of(y).CountPaths(x)), ("a path", (x, y) => RecordedGraph.Of(y).Paths(x).First()),
        ("along a path", (x, y) => { RecordedGraph g = RecordedGraph.Of(y); g.Along(g.Paths(x).First(), Tensor.From([1.0, 1.0])); }),
        ("copy", (x, _) => x.DeepCopy()), ("detach", (_, y) => y.Detach().ToArray()),
        ("backward", (_, y) => y.Sum().Backward()),
    ];

    private static IEnumerable<(string, Action)> Scopes()
    {
        static void Nest(Func<IDisposable> enter, Action inside, int deep = Deep)
        {
            var entered = new Stack<IDisposable>();
            for (int i = 0; i < deep; i++) entered.Push(enter());
            try
            {
                inside();
            }
            finally
            {
                while (entered.TryPop(out IDisposable? scope)) scope.Dispose();
            }
        }
        static void Work() => (Tensor.From([1.0], requiresGrad: true).Sin() * 2.0).Sum().ToString();
        static void Step()
        {
            Tensor x = Tensor.From([1.0], requiresGrad: true);
            x.Sin().Sum().Backward();
        }
        return
        [
            ("no grad", () => Nest(() => Autograd.NoGrad(), Work)), ("grad", () => Nest(() => Autograd.EnableGrad(), Step)),
                ("inference", () => Nest(() => Autograd.InferenceMode(), Work)),
            ("profile", () => Nest(Autograd.Profile, Step)), ("anomaly", () => Nest(() => Autograd.DetectAnomaly(), Step)),
            ("saved tensors", () => Nest(() => Autograd.SavedTensorsHooks(t => t, t => (Tensor)t), Step)),
            ("half the bytes", () => Nest(() => Autograd.SaveInHalfTheBytes(), Step)),
            ("forks of draws", () => Nest(() => Rng.Fork(), () => Tensor.Rand(2))),
            ("check for NaN", () => Nest(Autograd.CheckNaN, Step)),
            ("modes, the later ones further in",
                () => Nest(() => new Passes(ModeLayer.Check).Enter(), () => { using (new Passes(ModeLayer.Batch).Enter()) Step(); })),
            ("modes, the later ones further out",
                () => Nest(() => new Passes(ModeLayer.Batch).Enter(), () => { using (new Passes(ModeLayer.Check).Enter()) Step(); })),
            ("levels of forward mode", () => Nest(ForwardAD.EnterDualLevel, Work)),
            ("in another thread", () => Nest(() => Autograd.NoGrad(), () => Task.Run(Work).Wait())),
        ];
    }

    private static IEnumerable<(string, Action)> Others()
    {
        foreach (int rank in (int[])[64, 65, 1_000_000])
        {
            int[] ones = new int[rank];
            Array.Fill(ones, 1);
            ones[rank / 2] = 3;
            var made = new Lazy<Tensor>(() => Tensor.Arange(3).To(DType.Float64).View(ones));
            foreach ((string what, Action<Tensor> act) in OfManyDimensions().Take(rank > 64 ? 1 : int.MaxValue))
                yield return ($"{rank} dimensions: {what}", () => act(made.Value));
        }
        foreach ((string open, string close) in ((string, string)[])[("[", "]"), ("{\"a\":", "}"), ("{\"a\":[", "]}")])
            yield return (
                $"a header of {open}", () => SafeTensors.Load(Checkpoint($"{{\"a\":{{\"more\":{Repeat(open)}1{Repeat(close)}}}}}")));
        yield return ("a series of the highest order", () => Scalar.Derivatives(new Chain(), 0.5, 170));
    }

    private static IEnumerable<(string, Action<Tensor>)> OfManyDimensions() =>
    [
        ("text", x => x.ToString()), ("format", x => x.ToString("F2", null)), ("sum", x => x.Sum().Item<double>()),
            ("sum of one", x => x.Sum(0).ToArray()), ("add", x => (x + x).ToArray()),
            ("broadcast", x => (x + Tensor.From([1.0])).ToArray()),
        ("broadcast to more", x => (x + x.Unsqueeze(0).Expand([2, .. x.Shape])).ToArray()),
        ("expand", x => x.Expand([.. x.Shape.Select((n, i) => i == 1 ? 2 : n)]).Contiguous()),
        ("transpose", x => x.Transpose(0, x.NDim - 1).Contiguous()),
        ("permute", x => x.Permute([.. Enumerable.Range(0, x.NDim).Reverse()]).Contiguous()),
        ("index", x => _ = x[0]), ("reshape", x => x.Reshape(-1).ToArray()), ("squeeze", x => x.Squeeze().ToArray()),
        ("sort", x => x.Sort(x.NDim / 2)), ("cat", x => Tensor.Cat([x, x], 0)),
        ("stack", x => Tensor.Stack([x, x])), ("gradient", x => { Tensor a = x.Detach().RequiresGradInPlace(); (a * a).Sum().Backward(); }),
        ("softmax", x => x.Softmax(x.NDim / 2)),
        ("where", x => Tensor.Where(x > 1.0, x, x).ToArray()), ("cumsum", x => x.CumSum(x.NDim / 2)),
        ("gather", x => x.Gather(0, x.To(DType.Int64) * 0)), ("mask", x => x.MaskedSelect(x > 0.0)),
        ("unbind", x => x.Unbind(0)), ("flip", x => x.Flip(0)), ("norm", x => x.Norm()), ("clone", x => x.Clone()),
        ("save", x => SafeTensors.Save(Stream.Null, [new("a", x)])),
        ("round trip", x => { using var s = new MemoryStream(); SafeTensors.Save(s, [new("a", x)]); }),
        ("einsum", x => Tensor.Einsum("...i->...", x)), ("matmul", x => x.MatMul(x.Transpose(-1, -2))),
        ("fill", x => x.Detach().DeepCopy().FillInPlace(1.0)), ("draw", x => Tensor.Rand(x.Shape)),
    ];

    private static string Repeat(string text) => new StringBuilder().Insert(0, text, Deep).ToString();

    private static string Checkpoint(string header)
    {
        string path = Path.Combine(Environment.CurrentDirectory, $"{Guid.NewGuid():N}.safetensors");
        byte[] json = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)json.Length), .. json]);
        return path;
    }

    private sealed class Twice : Function
    {
        protected override Tensor Forward(Tensor x) => x * 1.0;

        protected override Tensor? Backward(Tensor g) => g;
    }

    private sealed class Passes(ModeLayer layer) : OpMode(layer)
    {
        protected override IReadOnlyList<Tensor?> Run(OpCall call) => call.Run();
    }

    private readonly struct Chain : IUnaryFunction
    {
        public V Invoke<V>(V x) where V : IAlgebra<V> => x.Exp().Sin().Tanh();
    }
}
