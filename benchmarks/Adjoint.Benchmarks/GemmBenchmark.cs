using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using Adjoint.Benchmarks.Ops;
using Adjoint.Kernels;

namespace Adjoint.Benchmarks;

/// <summary>
/// Matrix products against OpenBLAS. Both run in turn, round after round, and the ratio is the median of the rounds' ratios:
/// on a busy machine a ratio is steady where a time is not. Each round also sees what the cores' multiply-adds reach, on as many
/// threads at once. A sample in which a thread had to leave its core is taken again, and so is a round in which the cores were not all
/// to be had: somebody else was at work.
/// </summary>
/// <remarks>Usage: <c>gemm [rounds] [filter...] [f32|f64] [1T|2T] [alone]</c>, in any order; <c>alone</c> leaves OpenBLAS out.</remarks>
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
        new(64, 784, 512, "NN"), new(512, 64, 10, "TN"), new(64, 1024, 1024, "NT"), new(512, 784, 512, "NT"), new(512, 512, 784, "TN"),
        new(512, 512, 512, "NT"), new(512, 512, 512, "TN"), new(256, 4096, 8192, "NT", "the lesson"), new(256, 8192, 8192, "NT", "the lesson"),
        new(32, 32, 32, "NN"), new(64, 64, 64, "NN"), new(64, 64, 64, "NT"), new(64, 64, 64, "TN"), new(96, 96, 96, "NN"),
        new(128, 128, 128, "NN"), new(128, 128, 128, "NT"), new(128, 128, 128, "TN"), new(256, 256, 256, "NN"), new(384, 384, 384, "NN"),
        new(512, 512, 512, "NN"), new(1024, 1024, 1024, "NN"), new(1024, 1024, 1024, "NT"), new(1024, 1024, 1024, "TN"),
        new(2048, 2048, 2048, "NN"), new(4096, 64, 64, "NN"),
        new(1, 784, 512, "NT", "gemv"), new(1, 1024, 1024, "NN", "gemv"), new(1024, 1024, 1, "NN", "gemv"),
        new(32, 32, 32, "NN", "", 256), new(64, 64, 64, "NN", "", 64), new(128, 128, 128, "NN", "", 16),
    ];

    public static int Run(string[] arguments)
    {
        bool alone = arguments.Contains("alone");
        if (!alone && !OpenBlas.IsInstalled)
        {
            Console.Error.WriteLine("gemm: OpenBLAS is not installed: `apt-get install libopenblas0-pthread`, or ask for `alone`.");
            return 1;
        }
        int rounds = arguments.Select(a => int.TryParse(a, out int n) ? n : 0).FirstOrDefault(n => n > 0, 15);
        string[] filters = [.. arguments.Where(a => a.Contains('x'))];
        int[] threads = arguments.Contains("1T") ? [1] : arguments.Contains("2T") ? [2] : [1, 2];
        if (!alone) Console.WriteLine(OpenBlas.Config);
        Console.WriteLine("of peak = GF/s of Adjoint / GF/s of multiply-adds that wait for nothing: median against median, and best against best");
        if (!alone) Console.WriteLine("ratio = time of OpenBLAS / time of Adjoint, above 1 Adjoint is faster: median of the rounds, and best against best");
        Shape[] shapes = [.. s_shapes.Where(s => filters.Length == 0 || filters.Any(f => $"{s}".Contains(f, StringComparison.Ordinal)))];
        if (!arguments.Contains("f64")) Table<float>(shapes, threads, rounds, alone);
        if (!arguments.Contains("f32")) Table<double>(shapes, threads, rounds, alone);
        return 0;
    }

    private static void Table<T>(Shape[] shapes, int[] threads, int rounds, bool alone) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string rest = alone ? "" : "  BLAS ratio  best ";
        Console.WriteLine($"{typeof(T).Name,-26}" + string.Concat(threads.Select(t => $"| {t}T GF/s of peak  best    peak " + rest)));
        var ratios = threads.ToDictionary(t => t, _ => new List<double>());
        foreach (Shape shape in shapes)
        {
            string line = $"{shape,-22}".PadRight(26);
            foreach (int t in threads)
            {
                Samples found = Measure<T>(shape, t, rounds, alone);
                double gf = shape.Flops / 1e9, own = gf / Median(found.Own), peak = 1 / Median(found.Peak), best = gf / found.Own.Min() * found.Peak.Min();
                line += string.Create(CultureInfo.InvariantCulture, $"|{own,8:f1}{own / peak,8:f3}{best,6:f2}{peak,8:f1} ");
                if (alone) continue;
                double ratio = Median([.. found.Own.Zip(found.Blas, (own, blas) => blas / own)]);
                ratios[t].Add(ratio);
                double bests = found.Blas.Min() / found.Own.Min();
                line += string.Create(CultureInfo.InvariantCulture, $"{gf / Median(found.Blas),6:f1}{ratio,6:f2}{bests,6:f2} ");
            }
            Console.WriteLine(line + shape.Use);
        }
        if (alone) return;
        string mean = "geometric mean".PadRight(26);
        foreach (int t in threads)
            mean += string.Create(CultureInfo.InvariantCulture, $"|{Math.Exp(ratios[t].Average(Math.Log)),36:f2}       ");
        Console.WriteLine(mean);
    }

    /// <summary>Seconds a call of each round; those of Peak are for 1e9 multiplications and additions.</summary>
    private sealed record Samples(double[] Own, double[] Blas, double[] Peak);

    private static Samples Measure<T>(Shape shape, int threads, int rounds, bool alone)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Threads.Count = threads;
        if (!alone) OpenBlas.SetThreads(threads);
        var (a, b, c) = (Random<T>(shape.Batch * shape.M * shape.K), Random<T>(shape.Batch * shape.K * shape.N), Random<T>(shape.Batch * shape.M * shape.N));
        // A sample lasts about a millisecond, at least one call: long enough for the clock, and short enough to lie between interruptions.
        int calls = (int)Math.Max(1, threads * 1e8 / shape.Flops);
        var samples = new Samples(new double[rounds], new double[rounds], new double[rounds]);
        var peak = new Peak { Steps = 1 << 18, Flops = new double[threads] };
        double alonePeak = 1 / PeakSeconds(1, ref peak, sizeof(T));
        for (int round = -2, disturbed = 0; round < rounds; round++)
        {
            // OpenBLAS's threads spin for a tenth of a second after a call, on the cores that ours would need.
            bool spinning = !alone && threads > 1;
            double own = Sample(threads, calls, spinning, () => Own(shape, (T*)a, (T*)b, (T*)c));
            double most = PeakSeconds(threads, ref peak, sizeof(T));
            if (1 / most < 0.93 * threads * alonePeak && disturbed++ < 4 * rounds)
            {
                // Somebody else had one of the cores.
                round--;
                continue;
            }
            double blas = alone ? 0 : Sample(threads, calls, spinning, () => Blas(shape, (T*)a, (T*)b, (T*)c));
            if (round >= 0) (samples.Own[round], samples.Peak[round], samples.Blas[round]) = (own, most, blas);
        }
        NativeMemory.AlignedFree((void*)a);
        NativeMemory.AlignedFree((void*)b);
        NativeMemory.AlignedFree((void*)c);
        return samples;
    }

    /// <summary>The seconds that 1e9 multiplications and additions take on so many cores.</summary>
    private static double PeakSeconds(int threads, ref Peak peak, int bytes)
    {
        Peak body = peak;
        double seconds = Sample(threads, 1, settle: false, () => Threads.Run(threads, ref body));
        return seconds / (peak.Flops.Take(threads).Sum() / (bytes / sizeof(float)) / 1e9);
    }

    private struct Peak : IChunkBody
    {
        public int Steps;
        public double[] Flops;

        public readonly void Run(int chunk) => Flops[chunk] = FmaPeak.Work(Steps);
    }

    /// <summary>Seconds a call: of this thread's processor time for one thread (a busy machine disturbs it less), of the clock for more.</summary>
    private static double Sample(int threads, int calls, bool settle, Action call)
    {
        if (settle) Thread.Sleep(150);
        // Cores that have just been idle are slow at first.
        long begin = Stopwatch.GetTimestamp();
        do call(); while (settle && Stopwatch.GetElapsedTime(begin).TotalMilliseconds < 5);
        if (threads == 1) return Seconds(calls, call, ThreadSeconds);
        double least = double.MaxValue;
        for (int attempt = 0; attempt < 8; attempt++)
        {
            long before = Interruptions();
            double seconds = Seconds(calls, call, static () => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency);
            least = Math.Min(least, seconds);
            if (Interruptions() == before) return seconds;
        }
        return least;
    }

    private static double Seconds(int calls, Action call, Func<double> clock)
    {
        double start = clock();
        for (int i = 0; i < calls; i++) call();
        return (clock() - start) / calls;
    }

    /// <summary>How often a thread of this process has had to leave its core to another.</summary>
    private static long Interruptions()
    {
        getrusage(0, out Usage usage);
        return usage.InvoluntarySwitches;
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

    [StructLayout(LayoutKind.Sequential)]
    private struct Usage
    {
        public Time User, System;
        public nint MaxRss, SharedText, Data, Stack, MinorFaults, MajorFaults, Swaps, BlocksIn, BlocksOut, Sent, Received, Signals;
        public nint VoluntarySwitches, InvoluntarySwitches;
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Time time);

    [LibraryImport("libc")]
    private static partial int getrusage(int who, out Usage usage);

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
