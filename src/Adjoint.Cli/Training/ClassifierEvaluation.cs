using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Training;

namespace Adjoint.Cli.Training;

/// <summary>How a network does on a dataset.</summary>
/// <param name="Loss">The mean cross entropy.</param>
/// <param name="Confusion">How often each class was taken for which.</param>
/// <param name="Mistakes">The images not recognised, the most confident error first; of a dataset of images.</param>
internal sealed record ClassifierEvaluation(double Loss, ConfusionMatrix Confusion, IReadOnlyList<Mistake> Mistakes)
{
    /// <summary>Enough to keep the matrix product busy, few enough for the activations to stay in the cache.</summary>
    private const int BatchSize = 500;

    /// <summary>The part that was recognised.</summary>
    public double Accuracy => Confusion.Accuracy;

    /// <summary>Evaluates <paramref name="net"/>, in evaluation mode and without recording; its mode is afterwards as before.</summary>
    /// <param name="net">The network.</param>
    /// <param name="examples">The dataset.</param>
    /// <param name="classes">How many classes.</param>
    /// <param name="generator">Of the data loader; by default <see cref="Rng.Default"/>.</param>
    public static ClassifierEvaluation Of(Module net, Dataset examples, int classes, Generator? generator = null)
    {
        bool training = net.Training;
        net.Eval();
        using GradScope _ = Autograd.InferenceMode();
        var pictures = examples as ImageDataset;
        double loss = 0;
        int index = 0;
        var confusion = new ConfusionMatrix(classes);
        var mistakes = new List<Mistake>();
        foreach ((Tensor x, Tensor y) in new DataLoader(examples, BatchSize, generator: generator))
        {
            using MemoryScope scope = Cpu.Memory.Scope();
            Tensor scores = net.Call(x);
            loss += F.CrossEntropy(scores, y, reduction: Nn.Reduction.Sum).Item();
            ReadOnlySpan<float> rows = scores.ToArray<float>();
            foreach (long label in y.ToArray<long>())
            {
                ReadOnlySpan<float> row = rows[..classes];
                rows = rows[classes..];
                int actual = (int)label, predicted = Classes.Best(row);
                confusion.Add(actual, predicted);
                if (predicted != actual && pictures is not null)
                    mistakes.Add(new Mistake(index, actual, predicted, Classes.Probability(row, predicted))
                    {
                        Pixels = Grey(pictures.Images, index),
                        Width = pictures.Images.Width,
                    });
                index++;
            }
        }
        net.Train(training);
        return new ClassifierEvaluation(loss / confusion.Total, confusion, [.. mistakes.OrderByDescending(mistake => mistake.Confidence)]);
    }

    // Of several channels their mean: what is drawn is small and grey.
    private static byte[] Grey(LabelledImages images, int index)
    {
        ReadOnlySpan<byte> image = images.Image(index);
        if (images.Channels == 1) return image.ToArray();
        byte[] grey = new byte[image.Length / images.Channels];
        for (int i = 0; i < grey.Length; i++)
        {
            int sum = 0;
            for (int c = 0; c < images.Channels; c++) sum += image[c * grey.Length + i];
            grey[i] = (byte)(sum / images.Channels);
        }
        return grey;
    }
}
