using System.Diagnostics;
using Adjoint.Formats;
using Adjoint.Training;

namespace Adjoint.Cli.Training;

/// <summary>
/// The file in a run's folder from which a run that was killed goes on, to the same bits as one that was not. It is there from the first
/// time that enough seconds went by until the run is finished.
/// </summary>
internal sealed class RunCheckpoint
{
    /// <summary>What the file is called.</summary>
    public const string FileName = "checkpoint.pt";

    private readonly string _path, _title;
    private readonly TrainOptions _options;
    private Checkpoint? _parts;
    private RunProgress? _progress;
    private long _saved = Stopwatch.GetTimestamp();

    /// <summary>That of a run.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="title">What is trained on what.</param>
    /// <param name="options">What the run was asked to do.</param>
    /// <param name="resume">Whether to go on with the run in the folder, where one was interrupted; otherwise it is forgotten.</param>
    /// <exception cref="ArgumentException">To go on is impossible: the run was another, or is finished.</exception>
    public RunCheckpoint(string folder, string title, TrainOptions options, bool resume)
    {
        (_path, _title, _options) = (Path.Combine(folder, FileName), title, options);
        if (!resume)
        {
            File.Delete(_path);
            return;
        }
        IsThere = File.Exists(_path);
        if (IsThere) CheckSame();
        else if (File.Exists(Path.Combine(folder, "metrics.json")))
            throw new ArgumentException(
                $"--resume: the run in {folder} has left its results and no {FileName}, so there is nothing to go on with; without --resume it is "
                + "made anew.");
    }

    /// <summary>Whether there is something to go on from.</summary>
    public bool IsThere { get; }

    /// <summary>Takes the parts of a run, and has them go on from the file if there is one.</summary>
    public void Continue(Checkpoint parts, RunProgress progress)
    {
        (_parts, _progress) = (parts, progress);
        parts["options"] = Texts(_options);
        parts["title"] = _title;
        parts["progress"] = progress;
        if (IsThere) parts.Load(_path);
    }

    /// <summary>Saves where the run is, if it is time to.</summary>
    /// <param name="now">Seconds until now: of the run, and of the epoch.</param>
    public void Step((double All, double Epoch) now)
    {
        if (Stopwatch.GetElapsedTime(_saved).TotalSeconds >= _options.SaveEvery) Save(now);
    }

    /// <summary>Saves where the run is.</summary>
    public void Save((double All, double Epoch) now)
    {
        _progress!.Now = now;
        _parts!.Save(_path);
        _saved = Stopwatch.GetTimestamp();
    }

    /// <summary>Forgets a run that is finished.</summary>
    public void Remove() => File.Delete(_path);

    private static Dictionary<string, string> Texts(TrainOptions options) => new(options.ByName());

    private void CheckSame()
    {
        var saved = new Checkpoint();
        try
        {
            saved.Load(_path, strict: false);
        }
        catch (Exception e) when (e is DataFormatException or ArgumentException)
        {
            throw new ArgumentException($"--resume: {e.Message}", e);
        }
        IReadOnlyDictionary<string, object?> before = saved.Names.Contains("options") && States.Named(saved["options"]) is { } named ? named
            : throw new ArgumentException($"--resume: {_path} is no checkpoint of this command.");
        foreach ((string name, string value) in Texts(_options))
            if (before.GetValueOrDefault(name) as string != value)
                throw new ArgumentException(
                    $"--resume: the run was begun with {name} {before.GetValueOrDefault(name) ?? "not set"}, but now it is {value}; a run goes on "
                    + "with the options that it was begun with.");
        foreach (string name in before.Keys)
            if (!Texts(_options).ContainsKey(name))
                throw new ArgumentException($"--resume: the run was begun with {name} {before[name]}, which is not asked for now.");
        if (!saved.Names.Contains("title") || saved["title"] as string != _title)
            throw new ArgumentException($"--resume: the run is of {(saved.Names.Contains("title") ? saved["title"] : "?")}, not of {_title}.");
    }
}
