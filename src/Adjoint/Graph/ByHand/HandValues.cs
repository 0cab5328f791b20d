using System.Globalization;
using System.Runtime.InteropServices;

namespace Adjoint;

/// <summary>Fields with the numbers that they have when the program is written: few as they are, many as the text of their bytes.</summary>
internal static class HandValues
{
    private const int Few = 64, Width = 110;

    internal static IEnumerable<string> Field(GraphMemory memory, Hand hand)
    {
        string name = hand.Name(memory), word = memory.Role == GraphRole.Asked ? "double" : memory.DType.Row.CSharp;
        string shape = memory.Role == GraphRole.Result || memory.Tensor is not { } t || t.NumEl != memory.Length ? "" : $"   // {t.Shape}";
        if (memory.Role == GraphRole.Asked)
            return [$"public static double {name} = {CodeWriter.Number(memory.Ask!(), "double")};   // asked for in every run"];
        if (memory.Role == GraphRole.Result)
            return [hand.IsVariable(memory) ? $"public static {word} {name};" : $"public static {word}[] {name} = [];"];
        Tensor? value = memory.Role == GraphRole.State && !hand.IsRemembered(memory) ? null : memory.Tensor;
        if (value is null && hand.BeginOf(memory) is not 0 and double begin)
            value = Tensor.Full([memory.Length], begin, memory.DType);
        if (hand.IsVariable(memory)) return [$"public static {word} {name} = {(value is null ? "0" : Numbers(value, word)[0])};{shape}"];
        if (value is null) return [$"public static {word}[] {name} = new {word}[{memory.Length}];{shape}"];
        if (memory.Length > Few) return [Bytes(value, hand, name, word) + shape];
        List<string> lines = [.. Lines($"public static {word}[] {name} = [{string.Join(", ", Numbers(value, word))}];")];
        lines[^1] += shape;
        return lines;
    }

    /// <summary>Gives a new array numbers that are always the same.</summary>
    internal static void Constant(Hand hand, HandTensor target, Tensor value)
    {
        string name = hand.Name(target.Memory), word = target.Word;
        if (hand.IsVariable(target.Memory)) hand.Line($"{name} = {Numbers(value, word)[0]};");
        else if (target.Memory.Length > Few) hand.Line($"{name} = {Encoded(value, hand, word)};");
        else
            foreach (string line in Lines($"{name} = [{string.Join(", ", Numbers(value, word))}];")) hand.Line(line);
    }

    /// <summary>The elements of a memory, each as C# writes it.</summary>
    private static string[] Numbers(Tensor of, string word)
    {
        using Unrecorded _ = Unrecorded.Begin();
        Tensor all = of.WholeMemory().Detach();
        if (all.DType.IsFloatingPoint)
            return [.. Elements.ToArray<double>(all).Select(v => CodeWriter.Number(v, word, isTyped: false))];
        return [.. Elements.ToArray<long>(all).Select(v => all.DType.IsBool ? v != 0 ? "true" : "false"
            : v.ToString(CultureInfo.InvariantCulture))];
    }

    private static string Bytes(Tensor of, Hand hand, string name, string word) =>
        $"public static {word}[] {name} = {Encoded(of, hand, word)};";

    private static string Encoded(Tensor of, Hand hand, string word)
    {
        using Unrecorded _ = Unrecorded.Begin();
        var work = new Encode(of.WholeMemory().Detach().Clone());
        Dispatch.Moving(of.DType, ref work);
        string reader = char.ToUpperInvariant(word[0]) + word[1..] + "s";
        // A text of bytes may be of any length, while all texts of an assembly together have but 16 MB.
        hand.Methods.Add(new CodeMethod($"{reader}(text)", _ =>
        [
            "// The numbers of an array from the text of their bytes, least significant first (Base64).",
            $"static {word}[] {reader}(ReadOnlySpan<byte> text)",
            "{",
            "    byte[] bytes = new byte[text.Length];",
            "    System.Buffers.Text.Base64.DecodeFromUtf8(text, bytes, out _, out int count);",
            $"    {word}[] numbers = new {word}[count / sizeof({word})];",
            "    Buffer.BlockCopy(bytes, 0, numbers, 0, count);",
            "    return numbers;",
            "}",
        ]));
        return $"{reader}(\"{work.Text}\"u8)";
    }

    /// <summary>A long line as several.</summary>
    internal static IEnumerable<string> Lines(string line)
    {
        while (line.Length > Width && line.LastIndexOf(", ", Width, StringComparison.Ordinal) is var cut && cut > 0)
        {
            yield return line[..(cut + 1)];
            line = "    " + line[(cut + 2)..];
        }
        yield return line;
    }

    private struct Encode(Tensor x) : IMovingWork
    {
        internal string Text { get; private set; } = "";

        public void Run<T>() where T : unmanaged
        {
            using var memory = new Loan();
            Text = Convert.ToBase64String(MemoryMarshal.AsBytes(memory.Of<T>(x)));
        }
    }
}
