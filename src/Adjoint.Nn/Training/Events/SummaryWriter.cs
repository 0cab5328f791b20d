using System.Globalization;
using Adjoint.Plots;

namespace Adjoint.Training;

/// <summary>
/// Writes what TensorBoard shows: numbers, histograms, images and texts over the steps of a training. As PyTorch's
/// <c>torch.utils.tensorboard.SummaryWriter</c>.
/// <code>
/// using var board = new SummaryWriter(System.IO.Path.Combine(System.IO.Path.GetTempPath(), "adjoint-runs"));
/// board.AddScalar("loss/train", 0.5, step: 1);
/// board.AddHistogram("weights", Tensor.Randn(100), step: 1);
/// </code>
/// </summary>
/// <remarks>
/// A file of events is appended to as they come; a reader, and whoever continues after a crash, sees all whole records before the end.
/// Safe to use from several threads.
/// </remarks>
public sealed class SummaryWriter : IDisposable
{
    private static int s_files;

    private readonly Lock _writing = new();
    private readonly FileStream _file;
    private bool _isDisposed;

    /// <summary>Begins a file of events.</summary>
    /// <param name="directory">The folder of the run, which TensorBoard shows by its name; it is made if it is not there.</param>
    /// <param name="suffix">What is put behind the file's name.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public SummaryWriter(string directory, string suffix = "")
    {
        if (directory.Given().Length == 0) throw new ArgumentException("SummaryWriter: directory must not be empty.", nameof(directory));
        if (suffix.Given().AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
            throw new ArgumentException($"SummaryWriter: suffix is a part of a file's name, not '{suffix}'.", nameof(suffix));
        if (directory.Contains('\0')) throw new ArgumentException("SummaryWriter: directory holds a null character.", nameof(directory));
        Directory.CreateDirectory(directory);
        long seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string name = string.Create(CultureInfo.InvariantCulture,
            $"events.out.tfevents.{seconds:D10}.{Environment.MachineName}.{Environment.ProcessId}.{Interlocked.Increment(ref s_files) - 1}");
        Path = System.IO.Path.Combine(directory, name + suffix);
        _file = new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        Write(null, e => e.Text(3, "brain.Event:2"));
    }

    /// <summary>The file that is written.</summary>
    public string Path { get; }

    /// <summary>A number.</summary>
    /// <param name="tag">Its name; what stands before a <c>/</c> groups.</param>
    /// <param name="value">The number; it is kept in single precision.</param>
    /// <param name="step">The step it belongs to.</param>
    public void AddScalar(string tag, double value, long step) => Add(tag, step, v => v.Float(2, (float)value));

    /// <summary>How the elements of a tensor are distributed.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="values">Numbers of any shape and dtype.</param>
    /// <param name="step">The step they belong to.</param>
    /// <exception cref="ArgumentException">There are no numbers, or one is not finite.</exception>
    public void AddHistogram(string tag, Tensor values, long step)
    {
        tag.Given();
        double[] numbers = values.Given().Detach().To(DType.Float64).ToArray<double>();
        if (numbers.Length == 0) throw new ArgumentException($"AddHistogram: there are no values of '{tag}'.", nameof(values));
        int wrong = Array.FindIndex(numbers, x => !double.IsFinite(x));
        if (wrong >= 0)
            throw new ArgumentException($"AddHistogram: value {wrong} of '{tag}' is {numbers[wrong]}; all must be finite.", nameof(values));
        Add(tag, step, v => v.Message(5, h => EventHistogram.Of(numbers).WriteTo(h)));
    }

    /// <summary>An image.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="image">[1, rows, columns] in grey or [3, rows, columns] in red, green and blue: UInt8, or Float32 or Float64 from 0
    /// to 1 (what is outside is cut off).</param>
    /// <param name="step">The step it belongs to.</param>
    /// <exception cref="ShapeException">It is no image.</exception>
    /// <exception cref="DTypeException">It is of another dtype.</exception>
    public void AddImage(string tag, Tensor image, long step)
    {
        tag.Given();
        if (image.Given().NDim != 3 || image.Shape[0] is not (1 or 3) || image.NumEl == 0)
            throw new ShapeException($"AddImage: an image has shape [1 or 3, rows, columns], but this tensor has {image.Shape}.");
        if (!image.DType.Row.IsPixel)
            throw new DTypeException($"AddImage: an image is UInt8, Float32 or Float64, but this tensor is {image.DType}.");
        byte[] pixels = Bytes(image.Detach()).Permute(1, 2, 0).ToArray<byte>();
        (int channels, int height, int width) = (image.Shape[0], image.Shape[1], image.Shape[2]);
        byte[] png = PngImage.Encode(pixels, width, height, channels);
        Add(tag, step, v => v.Message(4, i =>
        {
            i.Int(1, height);
            i.Int(2, width);
            i.Int(3, channels);
            i.Raw(4, png);
        }));
    }

    /// <summary>A text, in Markdown.</summary>
    /// <param name="tag">Its name.</param>
    /// <param name="text">The text.</param>
    /// <param name="step">The step it belongs to.</param>
    public void AddText(string tag, string text, long step)
    {
        tag.Given();
        text.Given();
        const int dtString = 7;
        Add(tag + "/text_summary", step, v =>
        {
            v.Message(8, t =>
            {
                t.Int(1, dtString);
                t.Message(2, shape => shape.Message(2, dim => dim.Int(1, 1)));
                t.Text(8, text);
            });
            v.Message(9, metadata => metadata.Message(1, plugin => plugin.Text(1, "text")));
        });
    }

    /// <summary>How a result was computed: the operations that were recorded, from its leaves on.</summary>
    /// <param name="result">A loss, or a network's output; it was recorded, which <c>NoGrad</c> prevents.</param>
    /// <param name="net">The network whose parameters are named; null: they have no names.</param>
    /// <exception cref="AutogradException">Nothing was recorded of it.</exception>
    public void AddGraph(Tensor result, Nn.Module? net = null)
    {
        result.Given();
        (string Name, Tensor Tensor)[] named = net is null ? [] : [.. net.NamedParameters()];
        RecordedGraph graph = RecordedGraph.Of(result, named);
        var definition = new ProtoWriter();
        EventGraph.Write(definition, graph);
        byte[] bytes = definition.Bytes.ToArray();
        Write(null, e => e.Raw(4, bytes));
    }

    /// <summary>
    /// Writes the losses and metrics of a training: a callback for <see cref="Trainer.Callbacks"/>. Of each batch <c>loss/batch</c>, of
    /// each epoch <c>loss/train</c>, <c>loss/validation</c> and the metrics, by their names.
    /// </summary>
    public void Watch(TrainingEvent happened)
    {
        if (happened.Given() is StepDone step) AddScalar("loss/batch", step.Loss, step.Steps);
        if (happened is not EpochDone done) return;
        AddScalar("loss/train", done.Loss, done.Epoch);
        foreach ((string name, double value) in done.Metrics) AddScalar($"{name}/train", value, done.Epoch);
        if (done.Validation is not { } validation) return;
        AddScalar("loss/validation", validation.Loss, done.Epoch);
        foreach ((string name, double value) in validation.Metrics) AddScalar($"{name}/validation", value, done.Epoch);
    }

    /// <summary>Hands what was written to the system.</summary>
    public void Flush()
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _file.Flush();
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (_writing)
        {
            _isDisposed = true;
            _file.Dispose();
        }
    }

    // What is no number is black.
    private static Tensor Bytes(Tensor image) => !image.DType.IsFloatingPoint ? image
        : Tensor.Where(image.IsNaN(), image.ZerosLike(), image * 255).Round().Clamp(0, 255).To(DType.UInt8);

    private void Add(string tag, long step, Action<ProtoWriter> value)
    {
        tag.Given();
        Write(step, e => e.Message(5, summary => summary.Message(1, v =>
        {
            v.Text(1, tag);
            value(v);
        })));
    }

    private void Write(long? step, Action<ProtoWriter> what)
    {
        var message = new ProtoWriter();
        message.Double(1, (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds);
        if (step is { } at) message.Int(2, at);
        what(message);
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            EventRecords.Write(_file, message.Bytes);
        }
    }
}
