using System.Globalization;
using Adjoint.Formats;

namespace Adjoint.Distributed;

/// <summary>What an optimizer remembers, on its way to another rank: the bytes of a safetensors file.</summary>
internal static class StateMessage
{
    private const string Number = "number:", Tensor = "tensor:";

    internal static void Send(ProcessGroup group, IReadOnlyDictionary<int, IReadOnlyDictionary<string, object?>> state, int to)
    {
        var tensors = new Dictionary<string, Tensor>();
        foreach ((int parameter, IReadOnlyDictionary<string, object?> memory) in state)
            foreach ((string name, object? value) in memory)
                tensors[$"{(value is Tensor ? Tensor : Number)}{parameter}.{name}"] = value as Tensor
                    ?? Adjoint.Tensor.Scalar(Convert.ToDouble(value, CultureInfo.InvariantCulture), DType.Float64);
        using var stream = new MemoryStream();
        SafeTensors.Save(stream, tensors);
        byte[] bytes = stream.ToArray();
        group.Send<int>([bytes.Length], to);
        group.Send<byte>(bytes, to);
    }

    internal static IEnumerable<(int Parameter, IReadOnlyDictionary<string, object?> Memory)> Receive(ProcessGroup group, int from)
    {
        int[] length = new int[1];
        group.Receive(length.AsSpan(), from);
        byte[] bytes = new byte[length[0]];
        group.Receive(bytes.AsSpan(), from);
        string source = $"the state of rank {from}";
        using var reader = new SafeTensorsReader(new MemoryStream(bytes), source);
        var memories = new Dictionary<int, Dictionary<string, object?>>();
        foreach ((string key, Tensor tensor) in SafeTensors.Load(reader, source))
        {
            bool isNumber = key.StartsWith(Number, StringComparison.Ordinal);
            string[] parts = key[(isNumber ? Number : Tensor).Length..].Split('.', 2);
            int parameter = int.Parse(parts[0], CultureInfo.InvariantCulture);
            if (!memories.TryGetValue(parameter, out Dictionary<string, object?>? memory)) memories[parameter] = memory = [];
            memory[parts[1]] = isNumber ? (object)tensor.Item() : tensor; // not a tensor of a number
        }
        return memories.Select(pair => (pair.Key, (IReadOnlyDictionary<string, object?>)pair.Value));
    }
}
