using Adjoint.Benchmarks;
using Adjoint.Benchmarks.Compare;
using Adjoint.Benchmarks.Scalars;

string verb = args.FirstOrDefault("");
string[] rest = [.. args.Skip(1)];
switch (verb)
{
    case "neuron": return NeuronBenchmark.Run(rest);
    case "first": return FirstStepsBenchmark.Run(rest);
    case "chain": return ChainBenchmark.Run(rest);
    case "deep": return DeepBenchmark.Run(rest);
    case "mlp": return MlpBenchmark.Run(rest);
    case "sequences": return SequenceBenchmark.Run(rest);
    case "memory": return MemoryBenchmark.Run(rest);
    case "modes": return GradModesBenchmark.Run(rest);
    case "mnist": return MnistBenchmark.Run(rest);
    case "elementwise": return ElementwiseBenchmark.Run(rest);
    case "draws": return DrawsBenchmark.Run(rest);
    case "matmul": return MatMulBenchmark.Run(rest);
    case "train": return TrainingBenchmark.Run(rest);
    case "cold": return ColdBenchmark.Run(rest);
    case "gemm": return GemmBenchmark.Run(rest);
#if !EARLIER
    case "loading": return LoadingBenchmark.Run(rest);
    case "networks": return NetworkBenchmark.Run(rest);
    case "lifetimes": return LifetimeBenchmark.Run(rest);
    case "compiled": return CompiledBenchmark.Run(rest);
#endif
    case "threads": return ThreadsBenchmark.Run(rest);
    case "loops": return LoopBenchmark.Run(rest);
    case "scalar": return ScalarBenchmark.Run(rest);
    default:
        Console.Error.WriteLine("usage: Adjoint.Benchmarks neuron | first | chain | deep | mlp | sequences | networks | modes | memory | mnist | elementwise | matmul | draws   [--serve]");
        Console.Error.WriteLine("       Adjoint.Benchmarks gemm | cold | loading | loops | lifetimes | threads | train | scalar | compiled   (with options of their own)");
        return 2;
}
