using System.Runtime.CompilerServices;

namespace Adjoint.Formats;

/// <summary>Gives the tensors of an object of Python names by the way to them.</summary>
internal sealed class TorchNames(string file)
{
    private readonly OrderedDictionary<string, Tensor> _tensors = [];
    private readonly HashSet<object> _around = new(ReferenceEqualityComparer.Instance);
    private int _steps;

    // A small file can refer to the same list again and again, and so hold more paths than there is memory.
    private const int MostSteps = 1 << 22;

    internal OrderedDictionary<string, Tensor> Of(object? value)
    {
        Walk(value, "");
        return _tensors;
    }

    private void Walk(object? value, string name)
    {
        if (++_steps > MostSteps) throw Error("the file refers to the same objects so often that their names could not be held.");
        if (value is Tensor x)
        {
            if (!_tensors.TryAdd(name, x)) throw Error($"two tensors have the name '{name}'.");
            return;
        }
        if (value is not (OrderedDictionary<object, object?> or List<object?> or object?[])) return;
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Error("the file holds lists or dictionaries too deep in each other.");
        if (!_around.Add(value)) throw Error($"'{name}' contains itself.");
        if (value is OrderedDictionary<object, object?> dictionary)
        {
            foreach ((object key, object? item) in dictionary) Walk(item, Below(name, key));
        }
        else
        {
            int i = 0;
            foreach (object? item in (IEnumerable<object?>)value) Walk(item, Below(name, i++));
        }
        _around.Remove(value);
    }

    private static string Below(string name, object key) => name.Length == 0 ? $"{key}" : $"{name}.{key}";

    private DataFormatException Error(string problem) => new(file, 0, problem);
}
