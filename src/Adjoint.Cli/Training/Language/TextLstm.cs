using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Nn;

namespace Adjoint.Cli.Training.Language;

/// <summary>Characters as vectors, an LSTM of one or more layers, and scores from its states.</summary>
internal sealed class TextLstm : TextModel
{
    private readonly Embedding _embedding;
    private readonly LSTM _lstm;
    private readonly Dropout _dropout;
    private readonly Linear _fc;

    /// <summary>A new network.</summary>
    /// <param name="vocabulary">The characters.</param>
    /// <param name="context">Characters of a stretch.</param>
    /// <param name="width">Numbers of a state.</param>
    /// <param name="layers">Layers of the LSTM.</param>
    /// <param name="dropout">The probability that a number between layers is dropped in training.</param>
    public TextLstm(Vocabulary vocabulary, int context, int width, int layers, double dropout) : base(vocabulary, context)
    {
        _embedding = new Embedding(vocabulary.Count, width);
        _lstm = new LSTM(width, width, layers, batchFirst: true, dropout: layers > 1 ? dropout : 0);
        _dropout = new Dropout(dropout);
        _fc = new Linear(width, vocabulary.Count);
        Name = $"LSTM {vocabulary.Count}-{string.Join("-", Enumerable.Repeat(width, layers))}-{vocabulary.Count}";
    }

    public override string Name { get; }

    /// <summary>One that was saved.</summary>
    /// <exception cref="DataFormatException">The file is damaged, or holds something else.</exception>
    public static TextModel Load(SafeTensorsReader reader, string path)
    {
        (Vocabulary vocabulary, int context) = Of(reader, path);
        int layers = reader.Entries.Count(entry => entry.Name.StartsWith("lstm.weight_hh_l", StringComparison.Ordinal));
        return Filled(new TextLstm(vocabulary, context, Size(reader, path, "lstm.weight_hh_l0", 1), layers, 0), reader, path);
    }

    protected override Tensor Forward(Tensor x) => _fc.Call(_dropout.Call(_lstm.Call(_embedding.Call(x)).Output)).Flatten(0, 1);
}
