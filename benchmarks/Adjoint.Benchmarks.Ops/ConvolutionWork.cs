using System.Diagnostics;
using System.Globalization;
using Adjoint.Nn;

namespace Adjoint.Benchmarks.Ops;

/// <summary>One layer of a convolution by the clock: "conv batch channels size outs kernel stride padding groups pass".</summary>
internal static class ConvolutionWork
{
    private const double WarmUp = 0.1, Sample = 0.03;

    private static readonly Dictionary<string, (Action Call, int Count)> s_prepared = [];

    /// <summary>The seconds of one pass of a layer.</summary>
    public static double Time(string line)
    {
        if (!s_prepared.TryGetValue(line, out (Action Call, int Count) work))
        {
            work.Call = Call(line.Split(' '));
            work.Call();
            Thread.Sleep(150);
            work.Count = (int)Math.Max(1, Calls(work.Call) * Sample / WarmUp);
            s_prepared[line] = work;
        }
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < work.Count; i++) work.Call();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / work.Count;
    }

    private static int Calls(Action call)
    {
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        for (; Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUp; calls++) call();
        return calls;
    }

    private static Action Call(string[] words)
    {
        int[] n = [.. words[1..9].Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
        bool backward = words[9] == "backward";
        Tensor x = Tensor.Randn([n[0], n[1], n[2], n[2]], requiresGrad: backward);
        Tensor w = (Tensor.Randn([n[3], n[1] / n[7], n[4], n[4]]) * 0.1).Detach(), b = Tensor.Randn([n[3]], requiresGrad: backward);
        if (backward) w.RequiresGradInPlace();
        Tensor g = Tensor.Ones(F.Conv2d(x, w, b, n[5], n[6], 1, n[7]).Shape);
        if (!backward) return () => F.Conv2d(x, w, b, n[5], n[6], 1, n[7]);
        return () =>
        {
            F.Conv2d(x, w, b, n[5], n[6], 1, n[7]).Backward(g);
            x.Grad = w.Grad = b.Grad = null;
        };
    }
}
