using System.Text.Json;

namespace Adjoint.Tests.Parity;

/// <summary>One call of an operation as tests/Parity/cases.py wrote it: inputs, arguments, outputs, gradients of the leaves.</summary>
internal sealed record OpCase(string Op, InputValue[] Inputs, JsonElement[] Args, TensorValue[] Outputs, TensorValue?[]? Grads)
{
    /// <summary>Whether this is the call of <paramref name="other"/> with its numbers of double precision rounded to single.</summary>
    public bool IsRoundingOf(OpCase other) =>
        other.Op == Op && Outputs.Length == other.Outputs.Length && Inputs.Length == other.Inputs.Length
        && Args.Select(x => x.GetRawText()).SequenceEqual(other.Args.Select(x => x.GetRawText()))
        && Inputs.Zip(other.Inputs).All(pair => pair.First.IsRoundingOf(pair.Second))
        && (Inputs.Length > 0 ? Inputs.Any(input => input.DType == DType.Float32) : Outputs[0].DType == DType.Float32);

    public override string ToString() =>
        $"{Op}({string.Join(", ", Inputs.Select(x => x.ToString()))}{string.Concat(Args.Select(a => ", " + a.GetRawText()))})";
}

/// <summary>Dtype, shape and the elements in row-major order.</summary>
internal record TensorValue(string Dtype, int[] Shape, JsonElement[] Data)
{
    public DType DType => Enum.GetValues<DType>().Single(dtype => dtype.TorchName == Dtype);

    public double[] Numbers => [.. Data.Select(Number)];

    public Tensor ToTensor(bool requiresGrad = false)
    {
        Shape shape = Adjoint.Shape.Of(Shape);
        return DType switch
        {
            DType.Float32 => Tensor.From(Numbers.Select(x => (float)x).ToArray(), shape, requiresGrad),
            DType.Float64 => Tensor.From(Numbers, shape, requiresGrad),
            DType.Int32 => Tensor.From(Data.Select(x => x.GetInt32()).ToArray(), shape),
            DType.Int64 => Tensor.From(Data.Select(x => x.GetInt64()).ToArray(), shape),
            DType.UInt8 => Tensor.From(Data.Select(x => x.GetByte()).ToArray(), shape),
            _ => Tensor.From(Data.Select(x => x.GetBoolean()).ToArray(), shape),
        };
    }

    private static double Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => double.Parse(element.GetString()!),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => element.GetDouble(),
    };

    public override string ToString() => $"{Dtype} [{string.Join(", ", Shape)}]";
}

/// <summary>A leaf and, if it is not the leaf itself, the view of it that the operation sees.</summary>
internal sealed record InputValue(string Dtype, int[] Shape, JsonElement[] Data, JsonElement[]? View) : TensorValue(Dtype, Shape, Data)
{
    private string? Kind => View?[0].GetString();

    /// <summary>
    /// Whether this is <paramref name="other"/> with its numbers of double precision, if it has such, rounded to single.
    /// </summary>
    public bool IsRoundingOf(InputValue other) =>
        other.DType == (DType == DType.Float32 ? DType.Float64 : DType) && Shape.SequenceEqual(other.Shape)
        && (View ?? []).Select(x => x.GetRawText()).SequenceEqual((other.View ?? []).Select(x => x.GetRawText()))
        && Numbers.Zip(other.Numbers).All(pair => pair.First.Equals(DType == DType.Float32 ? (double)(float)pair.Second : pair.Second));

    public Tensor Leaf() => ToTensor(requiresGrad: DType.IsFloatingPoint && Kind != "constant");

    public Tensor SeenOf(Tensor leaf)
    {
        int[] numbers = [.. (View ?? []).Skip(1).Select(x => x.GetInt32())];
        return Kind switch
        {
            null or "constant" => leaf,
            "transpose" => leaf.Transpose(numbers[0], numbers[1]),
            "expand" => leaf.Expand(numbers),
            "slice" => leaf.Slice(numbers[0], numbers[1], numbers[2], numbers[3]),
            _ => throw new InvalidDataException($"A view of kind '{Kind}' is not known."),
        };
    }

    public override string ToString() => base.ToString() + (Kind is null ? "" : " " + Kind);
}

/// <summary>The arguments of a call that are not tensors.</summary>
internal readonly struct Arguments(JsonElement[] values)
{
    public int Count => values.Length;

    public double Number(int i) => values[i].GetDouble();

    public double? NumberOrNull(int i) => values[i].ValueKind == JsonValueKind.Null ? null : values[i].GetDouble();

    public int Int(int i) => values[i].GetInt32();

    public bool Flag(int i) => values[i].GetBoolean();

    public bool IsText(int i) => values[i].ValueKind == JsonValueKind.String;

    public string Text(int i) => values[i].GetString()!;

    public double[] Numbers(int i) => [.. values[i].EnumerateArray().Select(x => x.GetDouble())];

    /// <summary>A list of integers, also where PyTorch was given one integer.</summary>
    public int[] Ints(int i) =>
        values[i].ValueKind == JsonValueKind.Array ? [.. values[i].EnumerateArray().Select(x => x.GetInt32())] : [values[i].GetInt32()];
}
