namespace Adjoint.Formats;

/// <summary>Loads and saves named tensors in any of the formats that are known.</summary>
/// <example><code>
/// TensorFile.Save("state.pt", new Dictionary&lt;string, Tensor&gt; { ["w"] = Tensor.Ones(2) });
/// Tensor w = TensorFile.Load("state.pt")["w"];       // .safetensors, .pt, .pth, .npz, .npy, .dat, .gguf
/// </code></example>
public static class TensorFile
{
    /// <summary>Loads the tensors of the file at <paramref name="path"/> by name; its content says which format it has.</summary>
    /// <param name="path">A file of safetensors, PyTorch, NumPy (one array has the empty name), llama.cpp (GGUF), or, if it ends in
    /// <c>.dat</c>, TorchSharp.</param>
    /// <exception cref="DataFormatException">It is none of them, or is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static OrderedDictionary<string, Tensor> Load(string path) => TensorFormat.Of(path.Given()).Load(path);

    /// <summary>Saves <paramref name="tensors"/> by name, whole or not at all, in the format of the file's ending: <c>.pt</c> and
    /// <c>.pth</c> as PyTorch does, <c>.npz</c> as NumPy, <c>.dat</c> as TorchSharp, any other as safetensors.</summary>
    /// <param name="path">The file; one of that name is replaced.</param>
    /// <param name="tensors">The tensors; history is not saved.</param>
    /// <param name="metadata">Strings to keep with them, which only safetensors files have.</param>
    /// <exception cref="ArgumentException">Two tensors have the same name; or there is metadata, and no place for it.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        tensors.Given();
        string ending = Path.GetExtension(path.Given()).ToLowerInvariant();
        if (ending is not (".pt" or ".pth" or ".npz" or ".dat"))
        {
            SafeTensors.Save(path, tensors, metadata);
            return;
        }
        if (metadata is { Count: > 0 })
            throw new ArgumentException($"A {ending} file has no place for metadata; a .safetensors file has.", nameof(metadata));
        if (ending == ".npz") Npz.Save(path, tensors);
        else if (ending == ".dat") TorchSharpFile.Save(path, tensors);
        else TorchFile.Save(path, Named(tensors));
    }

    private static OrderedDictionary<string, Tensor> Named(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var named = new OrderedDictionary<string, Tensor>();
        foreach ((string name, Tensor tensor) in tensors)
            if (!named.TryAdd(name.Given(nameof(tensors)), tensor.Given(nameof(tensors)).Detach()))
                throw new ArgumentException($"The name '{name}' is taken; every tensor needs a name of its own.", nameof(tensors));
        return named;
    }
}
