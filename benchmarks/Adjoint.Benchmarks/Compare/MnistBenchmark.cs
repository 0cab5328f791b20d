using System.Diagnostics;
using Adjoint.Data;
using Adjoint.Optim;

namespace Adjoint.Benchmarks.Compare;

using Adjoint.Nn; // here, before the internal Linear and Reduction of Adjoint are found

/// <summary>
/// An epoch of the MLP on MNIST, Adam 1e-3, batch 64, and the time until 97 % of the test images are right. Accuracy is looked at
/// every 100 steps and after each epoch; looking is not counted. It goes up and down by half a per cent, so the mean of the last five
/// looks decides.
/// </summary>
internal static class MnistBenchmark
{
    public static int Run(string[] arguments)
    {
        Rng.ManualSeed(1);
        Sequential model = MlpBenchmark.Model();
        var optimizer = new Adam(model.Parameters(), lr: 1e-3);
        var loader = new DataLoader(Mnist.Load(train: true), batchSize: 64, shuffle: true);
        (Tensor testImages, Tensor testLabels) = Mnist.Load(train: false).All();
        var spent = new Stopwatch();
        double? reached = null;
        var looks = new Queue<double>();

        double Accuracy()
        {
            using var _ = Autograd.NoGrad();
            return model.Call(testImages.Flatten(1)).ArgMax(1).Eq(testLabels).To(DType.Float32).Mean().Item();
        }

        return Rounds.Sample(arguments, () =>
        {
            double before = spent.Elapsed.TotalSeconds;
            int step = 0;
            spent.Start();
            foreach (var (images, labels) in loader)
            {
                Tensor loss = F.CrossEntropy(model.Call(images.Flatten(1)), labels);
                loss.Backward();
                optimizer.Step();
                optimizer.ZeroGrad();
                step++;
                if (reached is not null || (step % 100 != 0 && step != loader.Count)) continue;
                spent.Stop();
                looks.Enqueue(Accuracy());
                if (looks.Count > 5) looks.Dequeue();
                if (looks.Count == 5 && looks.Average() >= 0.97) reached = spent.Elapsed.TotalSeconds;
                spent.Start();
            }
            spent.Stop();

            var result = new Dictionary<string, double> { ["mnist epoch"] = spent.Elapsed.TotalSeconds - before, ["mnist test accuracy %"] = 100 * Accuracy() };
            if (reached is { } seconds) result["mnist to 97 %"] = seconds;
            return result;
        });
    }
}
