using System.Diagnostics;
using Adjoint.Formats;

namespace Adjoint.Benchmarks;

/// <summary>
/// Loading 500 MB of tensors beside reading the file, in turns: into new memory (<c>File.ReadAllBytes</c>), and into a buffer that is used again.
/// The first load of the process is apart. The file is in the system's memory.
/// </summary>
internal static class LoadingBenchmark
{
    private const int Tensors = 100, Rows = 1280, Columns = 1024, Rounds = 9;

    public static int Run(string[] args)
    {
        string ending = args.FirstOrDefault(".safetensors"), path = Path.Combine(Path.GetTempPath(), $"adjoint-loading-{Environment.ProcessId}{ending}");
        try
        {
            Tensor x = Tensor.Randn(Rows, Columns);
            TensorFile.Save(path, Enumerable.Range(0, Tensors).Select(i => KeyValuePair.Create($"layer{i}.weight", x * 1)));
            var reused = new byte[1 << 20];
            Read(path, reused);
            Console.WriteLine($"{new FileInfo(path).Length >> 20} MB, first load {Time(() => TensorFile.Load(path)):F3} s");
            List<double> loads = [], wholes = [], reads = [];
            for (int i = 0; i < Rounds; i++)
            {
                wholes.Add(Time(() => File.ReadAllBytes(path)));
                loads.Add(Time(() => TensorFile.Load(path)));
                reads.Add(Time(() => Read(path, reused)));
            }
            double load = Middle(loads), whole = Middle(wholes), read = Middle(reads);
            Console.WriteLine($"load {load:F3} s, read whole {whole:F3} s, read by pieces into one buffer {read:F3} s: {load / whole:F2}, {load / read:F2}");
        }
        finally
        {
            File.Delete(path);
        }
        return 0;
    }

    private static void Read(string path, byte[] buffer)
    {
        using FileStream file = File.OpenRead(path);
        while (file.Read(buffer) > 0) { }
    }

    private static double Time(Action work)
    {
        GC.Collect();
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Middle(List<double> seconds) => seconds.Order().ElementAt(seconds.Count / 2);
}
