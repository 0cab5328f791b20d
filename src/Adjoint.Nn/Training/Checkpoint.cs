using System.Collections;
using Adjoint.Data;
using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Training;

/// <summary>
/// All that a training needs to go on after it was interrupted, as one file: modules, optimizers, schedules, the place of loaders in their
/// epoch, generators, and values of one's own such as the epoch. A training that goes on ends with the same bits as one that was never
/// interrupted.
/// </summary>
/// <remarks>
/// <para>
/// What is given by name is of two kinds. A <b>part</b> is an object that goes on itself: a <see cref="Module"/>, an
/// <see cref="Optimizer"/>, anything <see cref="IStateful"/> (an <see cref="LRScheduler"/>, a <see cref="ReduceLROnPlateau"/>, a
/// <see cref="DataLoader"/>, what the program writes), a <see cref="Generator"/>, a <see cref="Tensor"/> or a list of tensors: loading changes
/// it in place. Anything else is a <b>value</b> (null, truth values, numbers, texts, bytes, and lists and dictionaries of these), which
/// loading replaces. Kept besides are <see cref="Rng.Default"/> and the generators that modules hold in fields (that of a dropout layer).
/// </para>
/// <para>
/// A file is written whole or not at all: beside the one that is there, forced to the disk, then renamed. A process that is killed while it
/// saves leaves the file before. It is a file of PyTorch: <c>torch.load</c> gives a dictionary by the same names, with
/// <c>rng_state</c> for <c>torch.set_rng_state</c>; and a file that <c>torch.save</c> wrote of such a dictionary is loaded here.
/// </para>
/// </remarks>
/// <example><code>
/// var net = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 1));
/// var optimizer = new Adam(net.Parameters());
/// var schedule = new StepLR(optimizer, stepSize: 2);
/// var loader = new DataLoader(new TensorDataset(Tensor.Randn(32, 4), Tensor.Randn(32, 1)), batchSize: 8, shuffle: true);
///
/// var checkpoint = new Checkpoint {
///     ["model"] = net, ["optimizer"] = optimizer, ["schedule"] = schedule, ["loader"] = loader, ["epoch"] = 0,
/// };
/// checkpoint.Resume("run.pt");                            // false the first time
/// for (int epoch = checkpoint.Get&lt;int&gt;("epoch"); epoch &lt; 3; epoch++)
/// {
///     checkpoint["epoch"] = epoch;
///     foreach ((Tensor x, Tensor y) in loader)            // goes on after the batch that was the last
///     {
///         optimizer.ZeroGrad();
///         F.MseLoss(net.Call(x), y).Backward();
///         optimizer.Step();
///         checkpoint.Save("run.pt");
///     }
///     schedule.Step();
///     checkpoint["epoch"] = epoch + 1;
///     checkpoint.Save("run.pt");
/// }
/// </code></example>
public sealed class Checkpoint : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly OrderedDictionary<string, object?> _entries = [];

    /// <summary>The names, in the order in which they were given.</summary>
    public IReadOnlyList<string> Names => [.. _entries.Keys];

    /// <summary>A part, or a value: as it was given, or as it was loaded.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    /// <exception cref="ArgumentException">Set to what cannot be saved, or under a name that the file needs itself
    /// (<c>adjoint</c>, <c>rng_state</c>, <c>generators</c>).</exception>
    public object? this[string name]
    {
        get => _entries.TryGetValue(name.Given(), out object? value) ? value
            : throw new KeyNotFoundException($"Checkpoint: there is no \"{name}\"; there are {Quoted(_entries.Keys)}.");
        set
        {
            if (CheckpointFile.IsReserved(name.Given()))
                throw new ArgumentException($"Checkpoint: the file has an entry \"{name}\" of its own; take another name.", nameof(name));
            if (CheckpointPart.Of(name, value) is null) CheckpointValue.Check(name, value);
            _entries[name] = value;
        }
    }

    /// <summary>A value as the type that it is wanted as: <c>checkpoint.Get&lt;int&gt;("epoch")</c>.</summary>
    /// <typeparam name="T">Of numbers, any that holds the value; or <c>string</c>, <c>bool</c>, <c>double[]</c>, <c>int[]</c>, the type
    /// of a part, …</typeparam>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    /// <exception cref="ArgumentException">It is of another type.</exception>
    public T Get<T>(string name)
    {
        object? value = this[name];
        return CheckpointValue.Converted(value, typeof(T)) is T converted ? converted
            : value is null && default(T) is null ? default!
            : throw new ArgumentException(
                $"Checkpoint: \"{name}\" is {(value is null ? "null" : TypeText.Of(value.GetType()))}, which is no {TypeText.Of(typeof(T))}.",
                nameof(name));
    }

    /// <summary>Saves everything to the file at <paramref name="path"/>, whole or not at all.</summary>
    /// <param name="path">The file, which is replaced.</param>
    /// <exception cref="ArgumentException">A part has a state that cannot be saved.</exception>
    /// <exception cref="IOException">It cannot be written; a file that was there is as it was.</exception>
    public void Save(string path) => TorchFile.Save(path.Given(), CheckpointFile.Written(_entries));

    /// <summary>Continues from the file at <paramref name="path"/>.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote, or <c>torch.save</c> of a dictionary.</param>
    /// <param name="strict">Whether a name that only the file or only this has is an error. (A value that only the file has is
    /// taken.)</param>
    /// <returns>The names that the file does not have, and those of parts that it has too much.</returns>
    /// <exception cref="ArgumentException">Something does not fit; nothing has been changed.</exception>
    /// <exception cref="StateDictException">A module or tensor does not fit; nothing has been changed.</exception>
    /// <exception cref="DataFormatException">The file is damaged, or is none of a checkpoint.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public LoadReport Load(string path, bool strict = true) => CheckpointFile.Read(path.Given()).Into(_entries, strict);

    /// <summary>Continues from the file at <paramref name="path"/>, if there is one: how a program begins that may have been
    /// interrupted.</summary>
    /// <returns>Whether there was one.</returns>
    /// <inheritdoc cref="Load"/>
    public bool Resume(string path)
    {
        if (!File.Exists(path.Given())) return false;
        Load(path);
        return true;
    }

    /// <summary>The parts and values by name.</summary>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal static string Quoted(IEnumerable<string> names) =>
        names.Any() ? string.Join(", ", names.Select(name => $"\"{name}\"")) : "none";
}
