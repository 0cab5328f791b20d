using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

// The peer of benchmarks/convolutions: answers "conv batch channels size outs kernel stride padding groups pass" with seconds.
internal static class Convolutions
{
    private const double WarmUp = 0.1, Sample = 0.03;

    private static readonly Dictionary<string, (Action Call, int Count)> s_prepared = [];

    public static int Serve()
    {
        while (Console.ReadLine() is { } line) Console.WriteLine(Time(line).ToString("R", CultureInfo.InvariantCulture));
        return 0;
    }

    private static double Time(string line)
    {
        if (!s_prepared.TryGetValue(line, out (Action Call, int Count) work))
        {
            work.Call = Call(line.Split(' '));
            work.Call();
            Thread.Sleep(150);
            long begun = Stopwatch.GetTimestamp();
            int calls = 0;
            for (; Stopwatch.GetElapsedTime(begun).TotalSeconds < WarmUp; calls++) work.Call();
            work.Count = (int)Math.Max(1, calls * Sample / WarmUp);
            s_prepared[line] = work;
        }
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < work.Count; i++) work.Call();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / work.Count;
    }

    private static Action Call(string[] words)
    {
        long[] n = [.. words[1..9].Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
        bool backward = words[9] == "backward";
        Tensor x = torch.randn(n[0], n[1], n[2], n[2]), w = torch.randn(n[3], n[1] / n[7], n[4], n[4]) * 0.1, b = torch.randn(n[3]);
        Tensor Forward() => nn.functional.conv2d(x, w, b, [n[5], n[5]], [n[6], n[6]], [1, 1], n[7]);
        Tensor g = torch.ones_like(Forward());
        if (!backward)
        {
            return () =>
            {
                using var scope = torch.NewDisposeScope();
                Forward();
            };
        }
        foreach (Tensor leaf in (Tensor[])[x, w, b]) leaf.requires_grad_();
        return () =>
        {
            using var scope = torch.NewDisposeScope();
            Forward().backward([g]);
            x.grad = w.grad = b.grad = null;
        };
    }
}
