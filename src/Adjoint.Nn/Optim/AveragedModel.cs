using Adjoint.Data;
using Adjoint.Nn;

namespace Adjoint.Optim;

/// <summary>
/// A copy of a module whose parameters are an average of those that the module had: the equal average of stochastic weight averaging
/// (Izmailov et al. 2018), or one that forgets (<see cref="Ema"/>). <c>torch.optim.swa_utils.AveragedModel</c>.
/// </summary>
/// <remarks>
/// Its state dictionary has the module's under <c>module.</c>, and <c>n_averaged</c>. Buffers are those of the module that was averaged
/// last, unless they are averaged too. The averages of normalisations are then those of other weights: see <see cref="UpdateBn"/>.
/// </remarks>
/// <example><code>
/// var net = new Sequential(new Linear(2, 4), new Tanh(), new Linear(4, 1));
/// var optimizer = new SGD(net.Parameters(), lr: 0.1);
/// var average = new AveragedModel(net, AveragedModel.Ema(0.99));
/// for (int step = 0; step &lt; 3; step++)
/// {
///     optimizer.ZeroGrad();
///     net.Call(Tensor.Randn(8, 2)).Pow(2).Mean().Backward();
///     optimizer.Step();
///     average.UpdateParameters(net);
/// }
/// Tensor y = average.Eval().Call(Tensor.Randn(1, 2));
/// </code></example>
public sealed class AveragedModel : Module
{
    private readonly Func<Tensor, Tensor, long, Tensor> _average;
    private readonly bool _useBuffers;
    private readonly Tensor _nAveraged = Tensor.Scalar(0L, DType.Int64).AsBuffer();

    /// <summary>Copies a module; nothing is averaged yet.</summary>
    /// <param name="module">The module.</param>
    /// <param name="average">The next average of the present one, the module's value, and how many were averaged. By default all count
    /// alike.</param>
    /// <param name="useBuffers">Whether buffers are averaged as parameters are, and not copied.</param>
    public AveragedModel(Module module, Func<Tensor, Tensor, long, Tensor>? average = null, bool useBuffers = false)
    {
        Module = module.Given().DeepCopy();
        (_average, _useBuffers) = (average ?? ((mean, value, count) => mean + (value - mean) / (count + 1.0)), useBuffers);
    }

    /// <summary>How many times parameters were averaged; it is saved with the module as <c>n_averaged</c>.</summary>
    public long NAveraged => _nAveraged.Item<long>();

    /// <summary>The copy, with averages as its parameters; it is called with whatever the module takes.</summary>
    public Module Module { get; }

    /// <summary>The average that forgets: m ← decay·m + (1 − decay)·p.</summary>
    /// <param name="decay">How much of the average is kept; in [0, 1].</param>
    public static Func<Tensor, Tensor, long, Tensor> Ema(double decay = 0.999)
    {
        decay.In(Interval.Unit);
        return (mean, value, _) => mean.Lerp(value, 1 - decay);
    }

    /// <summary>Averages the present parameters of the module in. The first time they are the average.</summary>
    /// <param name="module">The module that was copied.</param>
    /// <exception cref="StateDictException">It has other parameters or buffers; nothing is changed then.</exception>
    public void UpdateParameters(Module module)
    {
        (string Name, Tensor Tensor)[] own = [.. Module.NamedParameters(), .. Module.NamedBuffers()];
        (string Name, Tensor Tensor)[] other = [.. module.Given().NamedParameters(), .. module.NamedBuffers()];
        if (!own.Select(x => (x.Name, x.Tensor.Shape)).SequenceEqual(other.Select(x => (x.Name, x.Tensor.Shape))))
            throw new StateDictException(
                "AveragedModel.UpdateParameters: the module has other parameters or buffers than the one that was copied.");
        long count = NAveraged;
        int parameters = Module.NamedParameters().Count();
        using GradScope _ = Autograd.NoGrad();
        for (int i = 0; i < own.Length; i++)
        {
            (Tensor mean, Tensor value) = (own[i].Tensor.Detach(), other[i].Tensor.Detach());
            bool isAveraged = count > 0 && (i < parameters || _useBuffers);
            Tensor next = !isAveraged ? value : _average(mean, value, count)
                ?? throw new InvalidOperationException("AveragedModel: the function that averages gave null.");
            mean.CopyInPlace(next);
        }
        _nAveraged.AddInPlace(Tensor.Scalar(1L, DType.Int64));
    }

    /// <summary>
    /// Computes the averages of all batch normalisations of a module anew, by one pass over batches: after parameters were averaged they
    /// are those of other weights. <c>torch.optim.swa_utils.update_bn</c>.
    /// </summary>
    /// <param name="loader">The batches; a module is called with the first tensor of each.</param>
    /// <param name="module">The module, which is in training mode meanwhile.</param>
    public static void UpdateBn(IEnumerable<Batch> loader, Module module)
    {
        loader.Given();
        BatchNorm[] norms = [.. module.Given().Modules().OfType<BatchNorm>().Where(norm => norm.RunningMean is not null)];
        if (norms.Length == 0) return;
        using GradScope _ = Autograd.NoGrad();
        double?[] momenta = [.. norms.Select(norm => norm.Momentum)];
        (Module Module, bool Training)[] modes = [.. module.Modules().Select(m => (m, m.Training))];
        try
        {
            module.Train();
            foreach (BatchNorm norm in norms)
            {
                norm.RunningMean?.ZeroInPlace();
                norm.RunningVar?.FillInPlace(1);
                norm.NumBatchesTracked?.ZeroInPlace();
                norm.Momentum = null;
            }
            foreach (Batch batch in loader)
                module.Call(batch.Tensors.Count > 0 ? batch[0]
                    : throw new ArgumentException("UpdateBn: a batch has no tensors.", nameof(loader)));
        }
        finally
        {
            for (int i = 0; i < norms.Length; i++) norms[i].Momentum = momenta[i];
            // Each is set with all below it, which come after it.
            foreach ((Module m, bool training) in modes) m.SetTraining(training);
        }
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input) => Module.Call(input);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor other) => Module.Call(input, other);
}
