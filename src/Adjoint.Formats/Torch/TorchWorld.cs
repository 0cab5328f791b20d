using System.Text;

namespace Adjoint.Formats;

/// <summary>What the pickle of a PyTorch file may name: tensors and how they lie, dictionaries, sets, numbers of NumPy.</summary>
/// <remarks>Source: what <c>torch.load(weights_only=True)</c> allows.</remarks>
internal sealed class TorchWorld(ITorchMemory memory) : IPickleWorld
{
    private static readonly Dictionary<string, Func<TorchWorld, object?[], object?>> s_calls = new()
    {
        ["torch._utils._rebuild_tensor"] = (world, a) => world.Rebuild(a, 4),
        ["torch._utils._rebuild_tensor_v2"] = (world, a) => world.Rebuild(a, 6),
        ["torch._utils._rebuild_tensor_v3"] = (world, a) => world.Rebuild(a, 7),
        ["torch._utils._rebuild_parameter"] = (_, a) => Parameter(a),
        ["torch._utils._rebuild_parameter_with_state"] = (_, a) => Parameter(a),
        ["torch.Size"] = (_, a) => a is [object?[] sizes] ? sizes : throw Wrong("torch.Size"),
        ["torch.device"] = (_, a) => string.Join(':', a),
        ["torch.serialization._get_layout"] = (_, a) => a is [string layout] ? layout : throw Wrong("_get_layout"),
        ["collections.OrderedDict"] = (_, a) => Dictionary(a),
        ["builtins.set"] = (_, a) => Set(a),
        ["__builtin__.set"] = (_, a) => Set(a),
        ["builtins.frozenset"] = (_, a) => Set(a),
        ["_codecs.encode"] = (_, a) => a is [string text, "latin1"] ? Encoding.Latin1.GetBytes(text) : throw Wrong("_codecs.encode"),
        ["numpy.dtype"] = (_, a) => a is [string type, ..] ? NumpyType(type) : throw Wrong("numpy.dtype"),
        ["numpy.core.multiarray.scalar"] = (_, a) => Number(a),
        ["numpy._core.multiarray.scalar"] = (_, a) => Number(a),
    };

    /// <inheritdoc/>
    public object? Named(PickleGlobal name)
    {
        if (s_calls.ContainsKey(name.ToString()) || StorageType(name) is not null || IsUntyped(name)) return name;
        if (name.Module != "torch" || StoredTypes.OfTorchDType(name.Name) is not { } type) return null;
        // One that no tensor has is known by its name.
        return type.Widen is null ? type.DType : name.Name;
    }

    /// <inheritdoc/>
    public object? Call(PickleGlobal name, object?[] arguments) =>
        s_calls.TryGetValue(name.ToString(), out Func<TorchWorld, object?[], object?>? call) ? call(this, arguments)
        : throw new FormatException($"'{name}' is called, which only names a type.");

    /// <inheritdoc/>
    public object? Persistent(object? id)
    {
        if ((id as object?[]) is not ["storage", PickleGlobal type, string key, _, long count, .. var more] || count < 0)
            throw new FormatException("the pickle refers to something outside of it that is no storage");
        if (more is [not null, ..]) throw new FormatException("a storage is a part of another");
        return new TorchStorage(
            IsUntyped(type) ? null : StorageType(type) ?? throw new FormatException($"'{type}' is no type of storage"), key, count);
    }

    private static StoredType? StorageType(PickleGlobal name) =>
        name.Module is "torch" or "torch.storage" or "torch.cuda" ? StoredTypes.OfTorchStorage(name.Name) : null;

    private static bool IsUntyped(PickleGlobal name) =>
        name.Module is "torch" or "torch.storage" && name.Name is "UntypedStorage" or "_UntypedStorage";

    private Tensor Rebuild(object?[] arguments, int least)
    {
        if (arguments.Length < least || arguments is not [TorchStorage storage, long offset, object?[] sizes, object?[] strides, ..])
            throw Wrong("_rebuild_tensor");
        StoredType? type = storage.Type;
        long count = storage.Count;
        if (type is null)
        {
            type = least < 7 ? null : arguments[6] is DType dtype ? StoredTypes.Of(dtype)
                : arguments[6] is string name ? StoredTypes.OfTorchDType(name) : null;
            if (type is null) throw new FormatException("a tensor has memory without a type");
            count /= type.Size;
        }
        (Shape shape, int[] steps) = Laid(sizes, strides, offset, count);
        Tensor x = memory.Of(storage, type, count).Alias(shape, steps, (int)offset);
        return least > 4 && arguments[4] is true ? Recorded(x) : x;
    }

    // What is read must lie in the memory, however it is strided.
    private static (Shape Shape, int[] Strides) Laid(object?[] sizes, object?[] strides, long offset, long count)
    {
        if (sizes.Length != strides.Length || sizes.Length > ElementReader.MostDims)
            throw new FormatException($"a tensor has {sizes.Length} dimensions and {strides.Length} strides");
        if (offset < 0 || offset > count) throw new FormatException($"a tensor begins at element {offset} of memory with {count}");
        long last = offset, elements = 1;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] is not long size || strides[i] is not long stride
                || size is < 0 or > int.MaxValue || stride is < 0 or > int.MaxValue)
                throw new FormatException("a tensor has a size or stride that is negative, too large, or no number");
            // No tensor has a shape whose other sizes are too large, even if one is 0.
            elements = elements > int.MaxValue / Math.Max(1, size)
                ? throw new FormatException($"a tensor of shape [{string.Join(", ", sizes)}] is too large") : elements * Math.Max(1, size);
            // Nothing overflows: sizes and strides are below 2³¹, and the sum is compared each time.
            last += size == 0 ? 0 : (size - 1) * stride;
            if (last > int.MaxValue) throw new FormatException("a tensor reaches beyond what memory can hold");
        }
        if (!Array.Exists(sizes, size => size is 0L) && last >= count)
            throw new FormatException($"a tensor of shape [{string.Join(", ", sizes)}] reaches to element {last} of memory with {count}");
        return (Shape.Of([.. sizes.Select(size => (int)(long)size!)]), [.. strides.Select(stride => (int)(long)stride!)]);
    }

    private static Tensor Parameter(object?[] arguments) =>
        arguments is not [Tensor x, bool isRecorded, ..] ? throw Wrong("_rebuild_parameter") : isRecorded ? Recorded(x) : x;

    private static Tensor Recorded(Tensor x) =>
        x.DType.IsFloatingPoint ? x.RequiresGradInPlace() : throw new FormatException("a tensor of whole numbers requires grad");

    private static OrderedDictionary<object, object?> Dictionary(object?[] arguments)
    {
        var dictionary = new OrderedDictionary<object, object?>();
        if (arguments.Length == 0) return dictionary;
        if (arguments is not [List<object?> pairs]) throw Wrong("OrderedDict");
        foreach (object? pair in pairs)
        {
            if ((pair as object?[]) is not [{ } key, var value]) throw Wrong("OrderedDict");
            dictionary[key] = value;
        }
        return dictionary;
    }

    private static HashSet<object?> Set(object?[] arguments) => arguments switch
    {
        [] => [],
        [List<object?> items] => [.. items],
        [object?[] items] => [.. items],
        _ => throw Wrong("set"),
    };

    private static StoredType NumpyType(string type) =>
        StoredTypes.OfNumpy(type.TrimStart('<', '|', '=')) ?? throw new FormatException($"a number of NumPy has the type '{type}'");

    private static object Number(object?[] arguments)
    {
        if (arguments is not [StoredType type, byte[] bytes] || bytes.Length != type.Size) throw Wrong("numpy scalar");
        Tensor x = new ElementReader(new MemoryStream(bytes), "").Read(type, [], "a number of NumPy", 0);
        return x.DType.IsFloatingPoint ? x.Item() : x.DType.IsBool ? x.Item<bool>() : x.Item<long>();
    }

    private static FormatException Wrong(string name) => new($"{name} is called with other arguments than PyTorch writes");
}
