using System.Globalization;
using System.Text;
using System.Text.Json;
using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Nn;

namespace Adjoint.Cli.Training.Language;

/// <summary>
/// A network that gives for each character of a stretch [n, length] the scores of the one that follows, [n · length, characters].
/// </summary>
internal abstract class TextModel : Module
{
    private const string VocabularyKey = "vocabulary", ContextKey = "context";

    protected TextModel(Vocabulary vocabulary, int context) => (Vocabulary, Context) = (vocabulary, context);

    /// <summary>The characters that it knows.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>How many characters it sees at once.</summary>
    public int Context { get; }

    /// <summary>What it is called: <c>LSTM 97-128-97</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What is saved beside the weights, so that it can be made again.</summary>
    public virtual Dictionary<string, string> Metadata => new()
    {
        [VocabularyKey] = JsonSerializer.Serialize(Vocabulary.Tokens),
        [ContextKey] = Context.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>What it was made with, of a file.</summary>
    /// <exception cref="DataFormatException">The file does not say it.</exception>
    public static (Vocabulary Vocabulary, int Context) Of(SafeTensorsReader reader, string path)
    {
        int context = Number(reader, path, ContextKey, Mlp.MaxLayer);
        try
        {
            string[]? tokens = reader.Metadata.TryGetValue(VocabularyKey, out string? json)
                ? JsonSerializer.Deserialize<string[]>(json) : null;
            if (tokens is { Length: >= 1 and <= Mlp.MaxLayer }) return (new Vocabulary(tokens, between: ""), context);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new DataFormatException(path, 8, $"its characters cannot be read: {e.Message}", e);
        }
        throw new DataFormatException(path, 8, "it does not say what its characters are, so this is not a model saved by train.");
    }

    /// <summary>A whole number of at least 1 that is saved beside the weights.</summary>
    /// <exception cref="DataFormatException">There is none.</exception>
    protected static int Number(SafeTensorsReader reader, string path, string key, int most) =>
        reader.Metadata.TryGetValue(key, out string? text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= 1 && number <= most ? number
        : throw new DataFormatException(path, 8, $"it does not say its {key}, so this is not a model saved by train.");

    /// <summary>The size of a tensor along a dimension, of a file.</summary>
    /// <exception cref="DataFormatException">There is no such tensor, or it has other dimensions.</exception>
    protected static int Size(SafeTensorsReader reader, string path, string name, int dim)
    {
        SafeTensorsEntry tensor = reader.Entries.FirstOrDefault(entry => entry.Name == name)
            ?? throw new DataFormatException(path, 8, $"there is no tensor '{name}', so this is not a model saved by train.");
        return tensor.Shape.Length == 2 && tensor.Shape.All(size => size is >= 1 and <= 4 * Mlp.MaxLayer) ? (int)tensor.Shape[dim]
            : throw new DataFormatException(path, reader.PositionOf(tensor),
                $"tensor '{name}' has shape [{string.Join(", ", tensor.Shape)}], but a matrix is needed.");
    }

    /// <summary>Gives a new network the weights of a file.</summary>
    /// <exception cref="DataFormatException">They are of another network.</exception>
    protected static TextModel Filled(TextModel model, SafeTensorsReader reader, string path)
    {
        try
        {
            model.LoadStateDict(SafeTensors.Load(reader, path));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or KeyNotFoundException or ShapeException)
        {
            throw new DataFormatException(path, 8, $"this is not a model saved by train: {e.Message}", e);
        }
        return model;
    }

    /// <summary>
    /// A text that it writes: each next character is drawn among the likeliest. The program's random numbers go on undisturbed.
    /// </summary>
    /// <param name="length">Characters to write.</param>
    /// <param name="top">Among how many of the likeliest.</param>
    /// <param name="temperature">What scores are divided by: below 1 the likely become likelier.</param>
    public string Write(int length, int top = 10, double temperature = 0.8)
    {
        bool training = Training;
        this.Eval();
        using GradScope _ = Autograd.InferenceMode();
        var generator = new Generator(1);
        var text = new StringBuilder();
        List<long> seen = [Vocabulary.Contains("\n") ? Vocabulary["\n"] : 0];
        for (int i = 0; i < length; i++)
        {
            using MemoryScope scope = Cpu.Memory.Scope();
            Tensor scores = Call(Tensor.From([.. seen.TakeLast(Context)]).Unsqueeze(0)).Select(0, -1) / temperature;
            (Tensor best, Tensor which) = scores.TopK(Math.Min(top, Vocabulary.Count));
            // Weights that diverged have no probabilities; there is nothing to write then.
            if (!best.IsFinite().All().Item<bool>()) break;
            int drawn = (int)best.Softmax(-1).Multinomial(1, generator: generator).Item<long>();
            seen.Add(which[drawn].Item<long>());
            text.Append(Vocabulary.Tokens[(int)seen[^1]]);
        }
        this.Train(training);
        return text.ToString();
    }
}
