using System.Globalization;
using Adjoint;
using Adjoint.Benchmarks.Ops;

// Answers each line of standard input with one line: "list" with the names of all rows, "peak" with the GFLOP/s that fused
// multiply-adds reach, "row|layout|size|pass" with the seconds of processor time of one call (see benchmarks/ops), and "conv ..." with the
// seconds of one pass of a layer (see benchmarks/convolutions).
Cpu.Threads = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1;
while (Console.ReadLine() is { } line)
{
    string[] words = line.Split('|');
    double answer = words[0] switch
    {
        "list" => List(),
        "peak" => FmaPeak.Measure(),
        _ when line.StartsWith("conv ", StringComparison.Ordinal) => ConvolutionWork.Time(line),
        _ => Work.Time(words[0], words[1], int.Parse(words[2], CultureInfo.InvariantCulture), words[3] == "backward"),
    };
    if (words[0] != "list") Console.WriteLine(answer.ToString("R", CultureInfo.InvariantCulture));
}

static double List()
{
    Console.WriteLine(string.Join(' ', Rows.All.Select(row => $"{row.Name}:{row.Layouts}:{(row.HasGradient ? "forward,backward" : "forward")}")));
    return 0;
}
