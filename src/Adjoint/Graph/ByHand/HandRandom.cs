using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Writes draws: a generator is a field with the state that it has now, and draws move it on as they move ours.</summary>
internal static class HandRandom
{
    /// <summary>The field of a generator.</summary>
    /// <param name="hand">Writes.</param>
    /// <param name="generator">The generator; null for the default one.</param>
    internal static string Source(Hand hand, Generator? generator)
    {
        Generator source = Draw.Source(generator);
        return hand.Fields.Of(source, "generator", () =>
        {
            hand.Needs(HandRandomText.Twister, "");
            string name = hand.Names.Free(ReferenceEquals(source, Rng.Default) ? "rng" : "generator");
            (uint[] words, int position, double? waiting) = source.Now;
            string state = Convert.ToBase64String(System.Runtime.InteropServices.MemoryMarshal.AsBytes<uint>(words));
            string rest = waiting is { } w ? $", {CodeWriter.Number(w, "double", isTyped: true)}" : "";
            return (name, $"public static MersenneTwister {name} = new(\"{state}\", {position}{rest});");
        });
    }

    /// <summary>A draw to all elements of a tensor, in the order of memory: see Note [Order of drawing].</summary>
    internal static void Write<TOp>(Hand hand, TOp op, HandTensor x, bool contiguous, Generator? generator) where TOp : struct, IDrawOp
    {
        string source = Source(hand, generator);
        HandTensor inMemory = contiguous ? x : x.Permuted(Layout.MemoryOrder(x.Shape, x.Strides));
        if (x.Shape.NumEl > 0) op.Write(hand, source, inMemory, contiguous);
    }

    /// <summary>Each element in turn.</summary>
    internal static void Each(Hand hand, HandTensor x, Func<string, string> element) =>
        hand.Each(e => hand.Store(e[0], element(x.Word)), x);

    /// <summary>The next number from 0 to 1, of a precision.</summary>
    internal static string Uniform(string source, string word) => $"{source}.{(word == "float" ? "NextSingle" : "NextDouble")}()";

    /// <summary>Normal numbers: few, or of a tensor that is not contiguous, one after the other, otherwise in blocks.</summary>
    internal static void Normal(Hand hand, string source, HandTensor x, bool contiguous, double mean, double std)
    {
        string word = x.Word;
        if (x.Shape.NumEl < 16 || !contiguous)
        {
            hand.Needs(HandRandomText.OneNormal, "");
            string of = $"NextNormal({source}, {CodeWriter.Number(mean, "double")}, {CodeWriter.Number(std, "double")})";
            Each(hand, x, _ => Hand.Converted(of, "double", word));
            return;
        }
        hand.Methods.Add(word == "float" ? PointOfFloats() : CodeMethod.Of(HandRandomText.Point, "double"));
        hand.Needs(HandRandomText.NormalBlock.Replace("NextReal", word == "float" ? "NextSingle" : "NextDouble", StringComparison.Ordinal), word);
        hand.Needs(HandRandomText.Normals.Replace("NextReal", word == "float" ? "NextSingle" : "NextDouble", StringComparison.Ordinal), word);
        hand.Line($"FillNormal({source}, {hand.Whole(x)}, {x.Offset}, {x.Shape.NumEl}, {Rounded(mean, word)}, {Rounded(std, word)});");
    }

    private static string Rounded(double value, string word) => CodeWriter.Number(word == "float" ? (float)value : value, word);

    // The steps of the kernel, read as text.
    private static CodeMethod PointOfFloats() => new("Point float", methods =>
    {
        var writer = new CodeWriter("float", methods);
        Code<float> x = CephesFunctions.Point(Code<float>.Named("distance"), Code<float>.Named("angle"), out Code<float> y);
        string[] values = writer.Texts(x.Node, y.Node);
        return
        [
            "// Two normal numbers of two uniform ones (Box and Muller 1958): r·cos a and r·sin a with r = √(−2·ln(1 − u)) and a = 2π·v.",
            "// Logarithm, sine and cosine are those of the Cephes library, since the numbers are to be PyTorch's.",
            "static (float X, float Y) Point(float distance, float angle)",
            "{",
            .. writer.Lines.Select(line => "    " + line),
            $"    return ({values[0]}, {values[1]});",
            "}",
        ];
    });
}
