using Adjoint.Benchmarks;
using Adjoint.Benchmarks.Scalars;

string verb = args.FirstOrDefault("");
string[] rest = [.. args.Skip(1)];
switch (verb)
{
    case "train": return TrainingBenchmark.Run(rest);
    case "gemm": return GemmBenchmark.Run(rest);
    case "scalar": return ScalarBenchmark.Run(rest);
    default:
        Console.Error.WriteLine("usage: dotnet run -c Release --project benchmarks/Adjoint.Benchmarks -- gemm | train [steps] [sgd|adam] | scalar");
        return 2;
}
