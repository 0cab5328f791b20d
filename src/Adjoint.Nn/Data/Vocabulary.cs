namespace Adjoint.Data;

/// <summary>
/// Numbers for words, or for characters, and back.
/// <code>
/// Vocabulary letters = Vocabulary.OfCharacters("hello");
/// Tensor numbers = letters.EncodeCharacters("hell");      // 1, 0, 2, 2
/// Console.WriteLine(letters.Decode(numbers));             // hell
/// </code>
/// </summary>
public sealed class Vocabulary
{
    private readonly string[] _tokens;
    private readonly Dictionary<string, int> _numbers = [];
    private readonly int? _unknown;
    private readonly string _between;

    /// <summary>The tokens, in the order of their numbers.</summary>
    /// <param name="tokens">The tokens, each once.</param>
    /// <param name="unknown">The token that stands for those that are not in the vocabulary, which must be in it; null: those are an
    /// error.</param>
    /// <param name="between">What <see cref="Decode"/> puts between two tokens.</param>
    /// <exception cref="ArgumentException">A token comes twice, or the one for the others is missing.</exception>
    public Vocabulary(IEnumerable<string> tokens, string? unknown = null, string between = " ")
    {
        _tokens = [.. tokens.Given()];
        _between = between.Given();
        for (int i = 0; i < _tokens.Length; i++)
        {
            if (_tokens[i] is null) throw new ArgumentException($"Vocabulary: token {i} is null.", nameof(tokens));
            if (!_numbers.TryAdd(_tokens[i], i))
                throw new ArgumentException(
                    $"Vocabulary: '{_tokens[i]}' is token {_numbers[_tokens[i]]} and token {i}; each may come once.", nameof(tokens));
        }
        if (unknown is null) return;
        _unknown = _numbers.TryGetValue(unknown, out int number) ? number
            : throw new ArgumentException($"Vocabulary: '{unknown}', which should stand for unknown tokens, is not among them.", nameof(unknown));
    }

    /// <summary>How many tokens.</summary>
    public int Count => _tokens.Length;

    /// <summary>The tokens, in the order of their numbers.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    /// <summary>The number of a token.</summary>
    /// <exception cref="KeyNotFoundException">It is not in the vocabulary, and no token stands for those.</exception>
    public int this[string token] => _numbers.TryGetValue(token.Given(), out int number) ? number
        : _unknown ?? throw new KeyNotFoundException($"Vocabulary: '{token}' is not one of the {Count} tokens, and none stands for unknown ones.");

    /// <summary>Whether a token is in the vocabulary.</summary>
    public bool Contains(string token) => _numbers.ContainsKey(token.Given());

    /// <summary>
    /// The characters of a text, in the order of their codes, as <c>sorted(set(text))</c>. Pairs of surrogates are one character.
    /// </summary>
    public static Vocabulary OfCharacters(string text) =>
        new(Characters(text.Given()).Distinct().Order(StringComparer.Ordinal), between: "");

    /// <summary>
    /// The tokens of a text: the most frequent first, and of equally frequent ones in alphabetical order, as torchtext's
    /// <c>build_vocab_from_iterator</c>.
    /// </summary>
    /// <param name="tokens">The tokens of the text, as often as they come.</param>
    /// <param name="minFrequency">How often a token must come to be taken; at least 1.</param>
    /// <param name="maxTokens">The most tokens, those of <paramref name="specials"/> included; at least 1. Null: all.</param>
    /// <param name="specials">Tokens before all others: padding, say.</param>
    /// <param name="unknown">The token that stands for those that were not taken; it is put first if it is not in
    /// <paramref name="specials"/>.</param>
    public static Vocabulary OfTokens(IEnumerable<string> tokens, int minFrequency = 1, int? maxTokens = null,
        IReadOnlyList<string>? specials = null, string? unknown = null)
    {
        tokens.Given();
        minFrequency.AtLeast(1);
        maxTokens?.AtLeast(1, nameof(maxTokens));
        List<string> first = [.. specials ?? []];
        if (unknown is not null && !first.Contains(unknown)) first.Insert(0, unknown);
        var counts = new Dictionary<string, int>();
        foreach (string token in tokens)
            counts[token ?? throw new ArgumentException("Vocabulary.OfTokens: a token is null.", nameof(tokens))] =
                counts.GetValueOrDefault(token) + 1;
        foreach (string special in first)
            counts.Remove(special ?? throw new ArgumentException("Vocabulary.OfTokens: a special token is null.", nameof(specials)));
        IEnumerable<string> others = counts.Where(pair => pair.Value >= minFrequency).OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key);
        return new Vocabulary(first.Concat(others.Take(Math.Max(0, (maxTokens ?? int.MaxValue) - first.Count))), unknown);
    }

    /// <summary>The numbers of some tokens, Int64 [n].</summary>
    /// <exception cref="KeyNotFoundException">A token is not in the vocabulary, and none stands for those.</exception>
    public Tensor Encode(IEnumerable<string> tokens) => Tensor.From([.. tokens.Given().Select(token =>
        (long)this[token ?? throw new ArgumentException("Vocabulary.Encode: a token is null.", nameof(tokens))])]);

    /// <summary>The numbers of the characters of a text, Int64 [n].</summary>
    /// <exception cref="KeyNotFoundException">A character is not in the vocabulary, and none stands for those.</exception>
    public Tensor EncodeCharacters(string text) => Encode(Characters(text.Given()));

    /// <summary>The text of some numbers: the tokens, with nothing between characters and a space between words.</summary>
    /// <param name="numbers">Int64 of any shape; each at least 0 and below <see cref="Count"/>.</param>
    /// <exception cref="ArgumentException">There is no token of a number.</exception>
    public string Decode(Tensor numbers) => string.Join(_between, numbers.Given().ToArray<long>().Select(number =>
        number >= 0 && number < Count ? _tokens[number]
            : throw new ArgumentException($"Vocabulary.Decode: there is no token {number}; the vocabulary has {Count}.", nameof(numbers))));

    // Unpaired surrogates are characters of their own: what was read must not be lost.
    private static IEnumerable<string> Characters(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            yield return isPair ? text.Substring(i++, 2) : text[i].ToString();
        }
    }
}
