using Adjoint.Benchmarks;

string verb = args.FirstOrDefault("");
string[] rest = [.. args.Skip(1)];
switch (verb)
{
    case "gemm": return GemmBenchmark.Run(rest);
    default:
        Console.Error.WriteLine("usage: dotnet run -c Release --project benchmarks/Adjoint.Benchmarks -- gemm");
        return 2;
}
