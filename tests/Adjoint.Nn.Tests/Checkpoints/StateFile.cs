using System.Globalization;
using Adjoint.Formats;
using Adjoint.Optim;

namespace Adjoint.Tests.Nn.Checkpoints;

/// <summary>
/// States in a safetensors file, as a program keeps them: tensors as such, numbers as metadata with their type. Names are paths:
/// <c>optimizer.state.0.exp_avg</c>.
/// </summary>
internal sealed class StateFile
{
    private readonly OrderedDictionary<string, Tensor> _tensors;
    private readonly Dictionary<string, string> _words;

    public StateFile() => (_tensors, _words) = ([], []);

    public StateFile(string path)
    {
        using var reader = new SafeTensorsReader(path);
        _tensors = SafeTensors.Load(reader, path);
        _words = new(reader.Metadata);
    }

    public void Save(string path) => SafeTensors.Save(path, _tensors, _words);

    public object this[string name]
    {
        get => _tensors.TryGetValue(name, out Tensor? tensor) ? tensor : Read(_words[name]);
        set
        {
            if (value is Tensor tensor) _tensors.Add(name, tensor.Detach().Clone());
            else _words.Add(name, Written(value));
        }
    }

    public Tensor Tensor(string name) => _tensors[name];

    public bool Has(string name) => _tensors.ContainsKey(name) || _words.ContainsKey(name);

    /// <summary>The tensors below a path, by the rest of their names.</summary>
    public IReadOnlyDictionary<string, Tensor> TensorsOf(string path) =>
        _tensors.Where(t => t.Key.StartsWith(path + ".", StringComparison.Ordinal)).ToDictionary(t => t.Key[(path.Length + 1)..], t => t.Value);

    public void Put(string path, IEnumerable<KeyValuePair<string, Tensor>> state)
    {
        foreach ((string name, Tensor tensor) in state) this[$"{path}.{name}"] = tensor;
    }

    public void Put(string path, IReadOnlyDictionary<string, object?> state)
    {
        this[path] = string.Join(' ', state.Keys);
        foreach ((string name, object? value) in state)
        {
            if (value is not IReadOnlyDictionary<string, object?>[] several)
            {
                this[$"{path}.{name}"] = value!;
                continue;
            }
            this[$"{path}.{name}"] = $"states {several.Length}";
            for (int i = 0; i < several.Length; i++) Put($"{path}.{name}.{i}", several[i]);
        }
    }

    public IReadOnlyDictionary<string, object?> State(string path) => ((string)this[path])
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(name => name, name => Value($"{path}.{name}"));

    private object? Value(string path) => this[path] is not string word || !word.StartsWith("states ", StringComparison.Ordinal) ? this[path]
        : Enumerable.Range(0, int.Parse(word[7..], CultureInfo.InvariantCulture)).Select(i => State($"{path}.{i}")).ToArray();

    public void Put(string path, OptimizerState state)
    {
        foreach ((int number, IReadOnlyDictionary<string, object?> memory) in state.State) Put($"{path}.state.{number}", memory);
        for (int i = 0; i < state.ParamGroups.Count; i++)
        {
            Put($"{path}.group.{i}", state.ParamGroups[i].Options);
            this[$"{path}.params.{i}"] = state.ParamGroups[i].Parameters.ToArray();
        }
    }

    public OptimizerState Optimizer(string path)
    {
        var groups = new List<OptimizerState.Group>();
        for (int i = 0; Has($"{path}.params.{i}"); i++) groups.Add(new(State($"{path}.group.{i}"), (int[])this[$"{path}.params.{i}"]));
        return new OptimizerState(
            groups.SelectMany(g => g.Parameters).Where(n => Has($"{path}.state.{n}")).ToDictionary(n => n, n => State($"{path}.state.{n}")),
            groups);
    }

    private static string Written(object value) => value switch
    {
        string text => "text " + text,
        bool flag => flag ? "bool true" : "bool false",
        int number => string.Create(CultureInfo.InvariantCulture, $"int {number}"),
        double number => string.Create(CultureInfo.InvariantCulture, $"double {number:R}"),
        int[] numbers => "ints " + string.Join(' ', numbers.Select(n => n.ToString(CultureInfo.InvariantCulture))),
        double[] numbers => "doubles " + string.Join(' ', numbers.Select(n => n.ToString("R", CultureInfo.InvariantCulture))),
        _ => throw new NotSupportedException($"{value.GetType()} {value}"),
    };

    private static object Read(string word)
    {
        string[] parts = word.Split(' ', 2);
        string[] numbers = parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts[0] switch
        {
            "text" => parts[1],
            "bool" => parts[1] == "true",
            "int" => int.Parse(parts[1], CultureInfo.InvariantCulture),
            "double" => double.Parse(parts[1], CultureInfo.InvariantCulture),
            "ints" => numbers.Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray(),
            "doubles" => (object)numbers.Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray(),
            _ => throw new InvalidDataException(word),
        };
    }
}
