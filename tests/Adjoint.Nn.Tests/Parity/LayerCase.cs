using System.Security.Cryptography;

namespace Adjoint.Tests.Parity;

using Adjoint.Nn;
using Adjoint.Optim;

/// <summary>A layer as tests/Parity/layers.py asked PyTorch about it.</summary>
internal sealed record LayerCase(
    string Name, string Text, Dictionary<string, string?> Bits, Dictionary<string, TensorValue> State, TensorValue[] Inputs, TensorValue[] Outputs,
    TensorValue?[] InputGrads, Dictionary<string, TensorValue?> Grads, TensorValue[] Evaluated, double[] Losses, Dictionary<string, TensorValue> Final,
    double Rate = 0.2)
{
    private const ulong Seed = 3, CallSeed = 5;
    private const double Tolerance = 1e-11;

    internal delegate Module Make(DType dtype);

    internal delegate Tensor?[] Run(Module layer, Tensor[] inputs);

    /// <summary>Everything in which a layer differs from PyTorch's, as text.</summary>
    internal IEnumerable<string> Differences(Make make, Run run)
    {
        List<string> found = [];
        Rng.ManualSeed(Seed);
        Module single = make(DType.Float32);
        OrderedDictionary<string, Tensor> bits = single.StateDict();
        if (!bits.Keys.SequenceEqual(Bits.Keys)) found.Add($"keys: {string.Join(", ", bits.Keys)} instead of {string.Join(", ", Bits.Keys)}");
        foreach ((string key, Tensor x) in bits)
            if (Bits.TryGetValue(key, out string? hash) && hash is not null && Hash(x) != hash) found.Add($"initial bits of {key}");
        Rng.ManualSeed(Seed);
        Module layer = make(DType.Float64);
        if (layer.ToString() != Text) found.Add($"text: {layer} instead of {Text}");
        CompareNamed("initial", layer.StateDict(), State);
        Tensor[] inputs = [.. Inputs.Select(x => x.ToTensor(requiresGrad: x.DType.IsFloatingPoint))];
        Tensor[] outputs = Called(layer, run, inputs);
        CompareAll("output", outputs, Outputs);
        Tensor[] roots = [.. outputs.Where(y => y.RequiresGrad)];
        Autograd.Backward(roots, [.. roots.Select(OpParity.Upstream)]);
        CompareAll("gradient of input", [.. inputs.Select(x => x.Grad)], InputGrads);
        foreach ((string key, Tensor parameter) in layer.NamedParameters()) CompareOne("gradient of " + key, parameter.Grad, Grads[key]);
        layer.Eval();
        using (Autograd.NoGrad()) CompareAll("evaluated", Called(layer, run, [.. inputs.Select(x => x.Detach())]), Evaluated);
        layer.Train();
        var optimizer = new SGD(layer.Parameters(), Rate, momentum: 0.9);
        for (int step = 0; step < Losses.Length; step++)
        {
            optimizer.ZeroGrad();
            Tensor loss = Loss(Called(layer, run, [.. inputs.Select(x => x.Detach())]));
            loss.Backward();
            optimizer.Step();
            if (!Close(loss.Item(), Losses[step])) found.Add($"loss {step}: {loss.Item()} instead of {Losses[step]}");
        }
        CompareNamed("final", layer.StateDict(), Final);
        return found.Select(text => $"{Name}: {text}");

        void CompareNamed(string what, IEnumerable<KeyValuePair<string, Tensor>> named, Dictionary<string, TensorValue> values)
        {
            foreach ((string key, Tensor x) in named) CompareOne($"{what} {key}", x, values.GetValueOrDefault(key));
        }

        void CompareAll(string what, Tensor?[] tensors, TensorValue?[] values)
        {
            if (tensors.Length != values.Length) found.Add($"{what}: {tensors.Length} instead of {values.Length}");
            for (int i = 0; i < Math.Min(tensors.Length, values.Length); i++) CompareOne($"{what} {i}", tensors[i], values[i]);
        }

        void CompareOne(string what, Tensor? x, TensorValue? expected)
        {
            if (x is null || expected is null)
            {
                if (x is not null || expected is not null) found.Add($"{what}: {(x is null ? "none" : "one")} instead of {(x is null ? "one" : "none")}");
                return;
            }
            if (!x.Shape.Sizes.SequenceEqual(expected.Shape))
            {
                found.Add($"{what}: shape {x.Shape} instead of [{string.Join(", ", expected.Shape)}]");
                return;
            }
            double[] actual = x.To(DType.Float64).ToArray<double>(), numbers = expected.Numbers;
            for (int i = 0; i < actual.Length; i++)
            {
                if (Close(actual[i], numbers[i])) continue;
                found.Add($"{what}: element {i} is {actual[i]} instead of {numbers[i]}");
                return;
            }
        }
    }

    /// <summary>In which outputs a layer that has the initial state differs.</summary>
    internal IEnumerable<string> DifferencesOfOutputs(Module layer, Run run)
    {
        Tensor[] outputs = Called(layer, run, [.. Inputs.Select(x => x.ToTensor())]);
        for (int i = 0; i < Outputs.Length; i++)
            if (!outputs[i].To(DType.Float64).ToArray<double>().Zip(Outputs[i].Numbers, Close).All(isClose => isClose)) yield return $"{Name}: output {i}";
    }

    /// <summary>In what a compiled step of training, a copy, and a layer that was loaded differ from the layer itself, to the bit.</summary>
    internal IEnumerable<string> DifferencesOfForms(Make make, Run run)
    {
        // A step that knew this case would be compared with all of its numbers before every run.
        double rate = Rate;
        Tensor[] inputs = [.. Inputs.Select(x => x.ToTensor())];
        Rng.ManualSeed(Seed);
        Module eager = make(DType.Float64), copied = eager.DeepCopy(), compiled = eager.DeepCopy();
        Module loaded = make(DType.Float64);
        loaded.LoadStateDict(eager.StateDict());
        Func<Tensor> Step(Module layer)
        {
            var optimizer = new SGD(layer.Parameters(), rate);
            return () =>
            {
                optimizer.ZeroGrad();
                Tensor loss = Loss([.. run(layer, inputs).OfType<Tensor>()]);
                loss.Backward();
                optimizer.Step();
                return loss;
            };
        }
        var form = Compiled.Step(Step(compiled));
        (string, Func<Tensor>)[] steps = [("eager", Step(eager)), ("compiled", form.Call), ("copied", Step(copied)), ("loaded", Step(loaded))];
        List<double[]> losses = [];
        foreach ((_, Func<Tensor> step) in steps)
        {
            Rng.ManualSeed(CallSeed);
            losses.Add([.. Enumerable.Range(0, 4).Select(_ => step().Item())]);
        }
        string[] states = [.. new[] { eager, compiled, copied, loaded }.Select(m => string.Join(", ", m.StateDict().Select(p => p.Key + Bytes(p.Value))))];
        for (int i = 1; i < steps.Length; i++)
        {
            if (!losses[i].SequenceEqual(losses[0])) yield return $"{Name}: {steps[i].Item1}: losses {string.Join(", ", losses[i])} instead of {string.Join(", ", losses[0])}";
            if (states[i] != states[0]) yield return $"{Name}: {steps[i].Item1}: another state";
        }
        if (!form.Explain().StartsWith("1 captured", StringComparison.Ordinal)) yield return $"{Name}: {form.Explain()}";

        static string Bytes(Tensor x) => Convert.ToHexString([.. x.To(DType.Float64).ToArray<double>().SelectMany(BitConverter.GetBytes)]);
    }

    internal static Tensor Loss(Tensor[] outputs)
    {
        Tensor[] floating = [.. outputs.Where(y => y.RequiresGrad)];
        Tensor sum = floating.Select(y => (OpParity.Upstream(y) * y).Sum()).Aggregate((a, b) => a + b);
        return sum / floating.Sum(y => y.NumEl);
    }

    private static Tensor[] Called(Module layer, Run run, Tensor[] inputs)
    {
        Rng.ManualSeed(CallSeed);
        return [.. run(layer, inputs).OfType<Tensor>()];
    }

    private static bool Close(double x, double y) => x.Equals(y) || Math.Abs(x - y) <= Tolerance * Math.Max(1, Math.Abs(y));

    private static string Hash(Tensor x)
    {
        byte[] bytes = x.DType == DType.Float32 ? [.. x.ToArray<float>().SelectMany(BitConverter.GetBytes)]
            : [.. x.ToArray<long>().SelectMany(BitConverter.GetBytes)];
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
