using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Adjoint.Data;
using Adjoint.Optim;

namespace Adjoint.Tests.Parity;

using Adjoint.Nn; // here, before the internal Linear and Reduction of Adjoint are found

/// <summary>The same seed gives PyTorch's training: initial weights to the bit, the order of the images, the losses.</summary>
[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class TrainingParityTests
{
    internal sealed record Run(Dictionary<string, string> Weights, int[][] Order, double[] Losses);

    private static readonly Run Expected = Fixtures.Read<Run>("training").Single();

    private static Sequential Model() => new(new Linear(784, 512), new ReLU(), new Linear(512, 512), new ReLU(), new Linear(512, 10));

    /// <summary>Knows its images by number, as the batches of the fixture do.</summary>
    private sealed class Numbered(Dataset images) : Dataset
    {
        public List<int[]> Batches { get; } = [];

        public override int Count => images.Count;

        public override Tensor[] this[int index] => images[index];

        public override Batch GetBatch(ReadOnlySpan<int> indices)
        {
            Batches.Add(indices.ToArray());
            return images.GetBatch(indices);
        }
    }

    [Fact]
    public void Initial_weights_have_PyTorchs_bits()
    {
        Rng.ManualSeed(1);
        var sums = Model().NamedParameters().ToDictionary(
            named => named.Name,
            named => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(named.Parameter.Detach().ToArray<float>()))));

        sums.ShouldBe(Expected.Weights, ignoreOrder: true);
    }

    [Fact]
    public void First_hundred_losses_on_MNIST_are_PyTorchs()
    {
        var images = new Numbered(Mnist.Load(train: true));
        Rng.ManualSeed(1);
        Sequential model = Model();
        var loader = new DataLoader(images, batchSize: 64, shuffle: true);
        var optimizer = new SGD(model.Parameters(), lr: 0.1);

        var losses = new List<double>();
        foreach (var (x, y) in loader)
        {
            Tensor loss = F.CrossEntropy(model.Call(x.Flatten(1)), y);
            optimizer.ZeroGrad();
            loss.Backward();
            optimizer.Step();
            losses.Add(loss.Item());
            if (losses.Count == Expected.Losses.Length) break;
        }

        images.Batches.Take(Expected.Order.Length).ShouldBe(Expected.Order);
        double worst = losses.Zip(Expected.Losses, (ours, theirs) => Math.Abs(ours - theirs) / theirs).Max();
        worst.ShouldBeLessThan(1e-5);
    }
}
