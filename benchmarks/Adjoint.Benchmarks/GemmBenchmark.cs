using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Adjoint.Kernels;

namespace Adjoint.Benchmarks;

/// <summary>
/// Matrix products against OpenBLAS. Both run in turn, round after round, and the ratio is the median of the rounds' ratios:
/// on a busy machine a ratio is steady where a time is not.
/// </summary>
/// <remarks>Usage: <c>gemm [rounds] [filter] [f32|f64] [1T|2T]</c>, in any order.</remarks>
internal static unsafe partial class GemmBenchmark
{
    private sealed record Shape(int M, int K, int N, string Layout, string Use = "", int Batch = 1)
    {
        public bool TransA => Layout[0] == 'T';
        public bool TransB => Layout[1] == 'T';
        public double Flops => 2.0 * Batch * M * K * N;
        public override string ToString() => (Batch > 1 ? $"{Batch} of " : "") + $"{M}x{K}x{N} {Layout}";
    }

    private static readonly Shape[] s_shapes =
    [
        new(64, 784, 512, "NT", "forward 1"), new(64, 512, 512, "NT", "forward 2"), new(64, 512, 10, "NT", "forward 3"),
        new(64, 10, 512, "NN", "input grad 3"), new(64, 512, 512, "NN", "input grad 2"),
        new(512, 64, 784, "TN", "weight grad 1"), new(512, 64, 512, "TN", "weight grad 2"), new(10, 64, 512, "TN", "weight grad 3"),
        new(64, 784, 512, "NN"), new(512, 64, 10, "TN"), new(512, 784, 512, "NT"), new(512, 512, 784, "TN"),
        new(32, 32, 32, "NN"), new(64, 64, 64, "NN"), new(64, 64, 64, "NT"), new(64, 64, 64, "TN"), new(96, 96, 96, "NN"),
        new(128, 128, 128, "NN"), new(128, 128, 128, "NT"), new(128, 128, 128, "TN"), new(256, 256, 256, "NN"), new(384, 384, 384, "NN"),
        new(512, 512, 512, "NN"), new(1024, 1024, 1024, "NN"), new(1024, 1024, 1024, "NT"), new(1024, 1024, 1024, "TN"),
        new(2048, 2048, 2048, "NN"), new(4096, 64, 64, "NN"),
        new(1, 784, 512, "NT", "gemv"), new(1, 1024, 1024, "NN", "gemv"), new(1024, 1024, 1, "NN", "gemv"),
        new(32, 32, 32, "NN", "", 256), new(64, 64, 64, "NN", "", 64), new(128, 128, 128, "NN", "", 16),
    ];

    public static int Run(string[] arguments)
    {
        if (!OpenBlas.IsInstalled)
        {
            Console.Error.WriteLine("gemm: OpenBLAS is not installed; `apt-get install libopenblas0-pthread`.");
            return 1;
        }
        int rounds = arguments.Select(a => int.TryParse(a, out int n) ? n : 0).FirstOrDefault(n => n > 0, 15);
        string filter = arguments.FirstOrDefault(a => a.Contains('x')) ?? "";
        int[] threads = arguments.Contains("1T") ? [1] : arguments.Contains("2T") ? [2] : [1, 2];
        Console.WriteLine(OpenBlas.Config);
        Console.WriteLine("ratio = time of OpenBLAS / time of Adjoint: above 1, Adjoint is faster");
        if (!arguments.Contains("f64")) Table<float>(threads, rounds, filter);
        if (!arguments.Contains("f32")) Table<double>(threads, rounds, filter);
        return 0;
    }

    private static void Table<T>(int[] threads, int rounds, string filter) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Console.WriteLine($"{typeof(T).Name,-26}" + string.Concat(threads.Select(t => $"| {t}T GF/s  BLAS ratio  best ")));
        var ratios = threads.ToDictionary(t => t, _ => new List<double>());
        foreach (Shape shape in s_shapes.Where(s => s.ToString().Contains(filter, StringComparison.Ordinal)))
        {
            string line = $"{shape,-22}".PadRight(26);
            foreach (int t in threads)
            {
                (double own, double blas, double ratio, double best) = Measure<T>(shape, t, rounds);
                ratios[t].Add(ratio);
                line += string.Create(CultureInfo.InvariantCulture, $"|{shape.Flops / own / 1e9,8:f1}{shape.Flops / blas / 1e9,7:f1}{ratio,6:f2}{best,6:f2} ");
            }
            Console.WriteLine(line + shape.Use);
        }
        string mean = "geometric mean".PadRight(26);
        foreach (int t in threads)
            mean += string.Create(CultureInfo.InvariantCulture, $"|{Math.Exp(ratios[t].Average(Math.Log)),21:f2}       ");
        Console.WriteLine(mean);
    }

    private static (double Own, double Blas, double Ratio, double Best) Measure<T>(Shape shape, int threads, int rounds)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Threads.Count = threads;
        OpenBlas.SetThreads(threads);
        var (a, b, c) = (Random<T>(shape.Batch * shape.M * shape.K), Random<T>(shape.Batch * shape.K * shape.N), Random<T>(shape.Batch * shape.M * shape.N));
        // A sample lasts about half a millisecond at 50 GF/s, at least one call.
        int calls = (int)Math.Max(1, 25e6 / shape.Flops);
        var own = new double[rounds];
        var blas = new double[rounds];
        for (int round = -2; round < rounds; round++)
        {
            double o = Sample(threads, calls, () => Own(shape, (T*)a, (T*)b, (T*)c));
            double r = Sample(threads, calls, () => Blas(shape, (T*)a, (T*)b, (T*)c));
            if (round >= 0) (own[round], blas[round]) = (o, r);
        }
        NativeMemory.AlignedFree((void*)a);
        NativeMemory.AlignedFree((void*)b);
        NativeMemory.AlignedFree((void*)c);
        double ratio = Median([.. own.Zip(blas, (o, r) => r / o)]), best = blas.Min() / own.Min();
        return (Median(own), Median(blas), ratio, best);
    }

    /// <summary>Seconds a call: of this thread's processor time for one thread (a busy machine disturbs it less), of the clock for more.</summary>
    private static double Sample(int threads, int calls, Action call)
    {
        // OpenBLAS's threads spin for tens of milliseconds after a call, on the cores that ours would need.
        if (threads > 1) Thread.Sleep(50);
        call();
        double start = threads == 1 ? ThreadSeconds() : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        for (int i = 0; i < calls; i++) call();
        double end = threads == 1 ? ThreadSeconds() : Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
        return (end - start) / calls;
    }

    private static double ThreadSeconds()
    {
        const int threadCpuTime = 3;
        clock_gettime(threadCpuTime, out Time time);
        return time.Seconds + time.Nanoseconds * 1e-9;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds, Nanoseconds;
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Time time);

    private static void Own<T>(Shape s, T* a, T* b, T* c) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Gemm.MultiplyBatched(
            s.Batch, s.TransA ? Trans.Yes : Trans.No, s.TransB ? Trans.Yes : Trans.No, s.M, s.N, s.K,
            new ReadOnlySpan<T>(a, s.Batch * s.M * s.K), s.TransA ? s.M : s.K, s.M * s.K,
            new ReadOnlySpan<T>(b, s.Batch * s.K * s.N), s.TransB ? s.K : s.N, s.K * s.N,
            new Span<T>(c, s.Batch * s.M * s.N), s.N, s.M * s.N);
    }

    private static void Blas<T>(Shape s, T* a, T* b, T* c) where T : unmanaged
    {
        int lda = s.TransA ? s.M : s.K, ldb = s.TransB ? s.K : s.N;
        for (int i = 0; i < s.Batch; i++)
        {
            T* pa = a + i * s.M * s.K, pb = b + i * s.K * s.N, pc = c + i * s.M * s.N;
            if (typeof(T) == typeof(float))
                OpenBlas.Multiply(s.TransA, s.TransB, s.M, s.N, s.K, (float*)pa, lda, (float*)pb, ldb, (float*)pc, s.N);
            else
                OpenBlas.Multiply(s.TransA, s.TransB, s.M, s.N, s.K, (double*)pa, lda, (double*)pb, ldb, (double*)pc, s.N);
        }
    }

    private static nint Random<T>(int count) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* p = (T*)NativeMemory.AlignedAlloc((nuint)count * (nuint)sizeof(T), 64);
        var random = new Random(1);
        for (int i = 0; i < count; i++) p[i] = T.CreateTruncating(random.NextDouble() - 0.5);
        return (nint)p;
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
