using System.Globalization;
using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Nn;

namespace Adjoint.Cli.Training.Language;

/// <summary>
/// Characters and their places as vectors, blocks of a transformer in which no character sees a later one, and scores of what follows.
/// </summary>
internal sealed class TextTransformer : TextModel
{
    private const string HeadsKey = "heads";
    private const int Wider = 4;

    private readonly Embedding _tokens, _places;
    private readonly Dropout _dropout;
    private readonly TransformerEncoder _encoder;
    private readonly Linear _fc;
    private readonly Tensor _mask, _order;
    private readonly int _heads;

    /// <summary>A new network.</summary>
    /// <param name="vocabulary">The characters.</param>
    /// <param name="context">Characters of a stretch.</param>
    /// <param name="width">Numbers of a character.</param>
    /// <param name="blocks">Blocks.</param>
    /// <param name="heads">Heads of each; a divisor of the width.</param>
    /// <param name="dropout">The probability that a number is dropped in training.</param>
    public TextTransformer(Vocabulary vocabulary, int context, int width, int blocks, int heads, double dropout) : base(vocabulary, context)
    {
        if (width % heads != 0)
            throw new ArgumentException($"--heads {heads}: each takes as many of the {width} numbers of a character, so it must divide them.");
        _tokens = new Embedding(vocabulary.Count, width);
        _places = new Embedding(context, width);
        _dropout = new Dropout(dropout);
        _encoder = new TransformerEncoder(
            new TransformerEncoderLayer(width, heads, Wider * width, dropout, x => F.Gelu(x), batchFirst: true, normFirst: true), blocks,
            new LayerNorm(width));
        _fc = new Linear(width, vocabulary.Count);
        _mask = Transformer.GenerateSquareSubsequentMask(context).AsBuffer(persistent: false);
        _order = Tensor.Arange(context, dtype: DType.Int64).AsBuffer(persistent: false);
        _heads = heads;
        Name = $"Transformer {vocabulary.Count}-{string.Join("-", Enumerable.Repeat(width, blocks))}-{vocabulary.Count}, {heads} heads";
        Spread();
    }

    public override string Name { get; }

    public override Dictionary<string, string> Metadata =>
        new(base.Metadata) { [HeadsKey] = _heads.ToString(CultureInfo.InvariantCulture) };

    /// <summary>One that was saved.</summary>
    /// <exception cref="DataFormatException">The file is damaged, or holds something else.</exception>
    public static TextModel Load(SafeTensorsReader reader, string path)
    {
        (Vocabulary vocabulary, int context) = Of(reader, path);
        int width = Size(reader, path, "tokens.weight", 1), heads = Number(reader, path, HeadsKey, width);
        int blocks = reader.Entries.Count(entry => entry.Name.EndsWith(".linear1.weight", StringComparison.Ordinal));
        if (width % heads != 0) throw new DataFormatException(path, 8, $"{heads} heads do not share {width} numbers.");
        return Filled(new TextTransformer(vocabulary, context, width, blocks, heads, 0), reader, path);
    }

    protected override Tensor Forward(Tensor x)
    {
        int length = x.Shape[1];
        Tensor at = _places.Call(_order.Narrow(0, 0, length)), mask = _mask.Narrow(0, 0, length).Narrow(1, 0, length);
        return _fc.Call(_encoder.Call(_dropout.Call(_tokens.Call(x) + at), mask)).Flatten(0, 1);
    }

    // The layers of an encoder are copies of one, and so begin alike; and vectors of size one are too long for a sum of two. GPT-2 begins
    // with small ones, each for itself.
    private void Spread()
    {
        const double std = 0.02;
        foreach (Tensor parameter in Parameters())
            if (parameter.NDim > 1) Init.Normal(parameter, 0, std);
    }
}
