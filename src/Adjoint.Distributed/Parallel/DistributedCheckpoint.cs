using Adjoint.Formats;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Distributed;

/// <summary>Checkpoints of a run: one file, that rank 0 writes, for any number of ranks and for a program without them.</summary>
/// <remarks>
/// The file is one of PyTorch's form with a dictionary <c>module</c>, <c>optimizer</c> and <c>values</c>. It is written beside and
/// then put in place: whenever a run ends, the file is whole, either the new one or the one from before.
/// </remarks>
public static class DistributedCheckpoint
{
    private const long MostSent = 1L << 30;

    /// <summary>Saves a module, and what an optimizer remembers. All ranks call it, and go on when the file is there.</summary>
    /// <param name="path">The file, which is replaced; that of rank 0 counts.</param>
    /// <param name="group">The processes.</param>
    /// <param name="module">The module; of a <see cref="DistributedDataParallel"/> what is in it is saved.</param>
    /// <param name="optimizer">The optimizer, or null.</param>
    /// <param name="values">Numbers, texts and tensors to save besides, the number of the epoch for example; those of rank 0
    /// count.</param>
    /// <exception cref="IOException">The file could not be written; all ranks get it.</exception>
    /// <exception cref="DistributedException">The run has failed.</exception>
    public static void Save(
        string path, ProcessGroup group, Module module, Optimizer? optimizer = null, IReadOnlyDictionary<string, object?>? values = null) =>
        Write(path.Given(), group.Given(), module.Given(), group.Rank == 0 ? optimizer?.StateDict() : null, values);

    /// <inheritdoc cref="Save(string, ProcessGroup, Module, Optimizer, IReadOnlyDictionary{string, object})"/>
    public static void Save(
        string path, ProcessGroup group, Module module, ZeroRedundancyOptimizer optimizer,
        IReadOnlyDictionary<string, object?>? values = null)
    {
        path.Given();
        group.Given();
        module.Given();
        optimizer.Given().ConsolidateStateDict();
        Write(path, group, module, group.Rank == 0 ? optimizer.StateDict() : null, values);
    }

    /// <summary>Goes on from a file: takes over the parameters, and what the optimizer remembers. All ranks call it.</summary>
    /// <param name="path">The file; that of rank 0 counts, which sends it to the others if it has at most a gigabyte.</param>
    /// <param name="group">The processes.</param>
    /// <param name="module">The module, of the same form.</param>
    /// <param name="optimizer">The optimizer, of the same form, or null to leave its part out.</param>
    /// <returns>The values that were saved besides, by name.</returns>
    /// <exception cref="IOException">The file cannot be read; all ranks get it.</exception>
    /// <exception cref="DataFormatException">It is damaged, or no such file.</exception>
    /// <exception cref="StateDictException">It does not fit the module.</exception>
    /// <exception cref="DistributedException">The run has failed.</exception>
    public static IReadOnlyDictionary<string, object?> Load(string path, ProcessGroup group, Module module, Optimizer? optimizer = null) =>
        Read(path.Given(), group.Given(), module.Given(), optimizer is null ? null : optimizer.LoadStateDict);

    /// <inheritdoc cref="Load(string, ProcessGroup, Module, Optimizer)"/>
    public static IReadOnlyDictionary<string, object?> Load(
        string path, ProcessGroup group, Module module, ZeroRedundancyOptimizer optimizer) =>
        Read(path.Given(), group.Given(), module.Given(), optimizer.Given().LoadStateDict);

    private static Module Plain(Module module) => module is DistributedDataParallel parallel ? parallel.Module : module;

    private static void Write(
        string path, ProcessGroup group, Module module, OptimizerState? state, IReadOnlyDictionary<string, object?>? values)
    {
        string? problem = null;
        if (group.Rank == 0)
        {
            try
            {
                TorchFile.Save(path, new OrderedDictionary<string, object?>
                {
                    ["module"] = Plain(module).StateDict(),
                    ["optimizer"] = state?.ToTorch(),
                    ["values"] = new OrderedDictionary<string, object?>(values ?? new Dictionary<string, object?>()),
                });
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                problem = e.Message;
            }
        }
        if (Texts.Broadcast(group, problem) is { } failed) throw new IOException($"Save: rank 0 could not write '{path}': {failed}");
    }

    private static IReadOnlyDictionary<string, object?> Read(
        string path, ProcessGroup group, Module module, Action<OptimizerState>? optimizer)
    {
        byte[]? bytes = null;
        string? problem = null;
        long length = 0;
        if (group.Rank == 0)
        {
            try
            {
                length = new FileInfo(path).Length;
                if (length <= MostSent) bytes = File.ReadAllBytes(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                problem = e.Message;
            }
        }
        if (Texts.Broadcast(group, problem) is { } failed) throw new IOException($"Load: rank 0 could not read '{path}': {failed}");
        long[] size = [length];
        group.Broadcast(size.AsSpan());
        object? all;
        if (size[0] > MostSent)
        {
            all = TorchFile.Load(path);
        }
        else
        {
            bytes ??= new byte[size[0]];
            group.Broadcast(bytes.AsSpan());
            using var stream = new MemoryStream(bytes);
            all = TorchFile.Load(stream, path);
        }
        if (all is not OrderedDictionary<object, object?> parts || !parts.TryGetValue("module", out object? saved)
            || saved is not OrderedDictionary<object, object?> tensors)
            throw new DataFormatException(path, 0, "it is no checkpoint: there is no dictionary 'module' in it.");
        Plain(module).LoadStateDict(
            tensors.Where(entry => entry.Value is Tensor).ToDictionary(entry => $"{entry.Key}", entry => (Tensor)entry.Value!));
        if (optimizer is not null)
        {
            if (!parts.TryGetValue("optimizer", out object? state) || state is null)
                throw new DataFormatException(path, 0, "there is no state of an optimizer in it. Load it without one.");
            optimizer(OptimizerState.FromTorch(state));
        }
        return parts.TryGetValue("values", out object? values) && values is OrderedDictionary<object, object?> named
            ? named.ToDictionary(entry => $"{entry.Key}", entry => entry.Value) : new Dictionary<string, object?>();
    }
}
