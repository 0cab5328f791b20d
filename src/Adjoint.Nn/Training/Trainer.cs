using System.Diagnostics;
using System.Runtime.CompilerServices;
using Adjoint.Data;
using Adjoint.Nn;
using Adjoint.Optim;

namespace Adjoint.Training;

/// <summary>
/// The training loop: batches forward, backward and a step, and an evaluation after each epoch.
/// <code>
/// var net = new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 2));
/// var examples = new DataLoader(new TensorDataset(Tensor.Randn(64, 2), Tensor.RandInt(0, 2, [64])), batchSize: 16, shuffle: true);
/// var trainer = new Trainer(net, new Adam(net.Parameters()), (s, y) => F.CrossEntropy(s, y)) { Metrics = [new Accuracy()] };
/// TrainingHistory history = trainer.Fit(examples, epochs: 3);
/// Console.WriteLine(history.Epochs[^1].Metrics["accuracy"]);
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// <see cref="Run"/> is the loop itself: it gives what happens, and each step is computed when the next event is asked for, so that a
/// program between two events can look at everything, change the learning rate, save a checkpoint, or leave the loop.
/// <see cref="Fit"/> goes through all of it, and <see cref="RunAsync"/> does so in the background.
/// </para>
/// <para>
/// What it does is told to whoever listens by the <c>Meter</c> and the <c>ActivitySource</c> of the name <c>Adjoint</c>, as OpenTelemetry's
/// libraries do; nobody listening costs nothing.
/// </para>
/// </remarks>
public sealed class Trainer : IStateful
{
    private readonly Module _net;
    private readonly Optimizer _optimizer;
    private readonly Func<Batch, (Tensor Output, Tensor Loss)> _forward;
    private TrainingStep? _step;
    private EpochSums? _sums;
    private IReadOnlyDictionary<string, object?>? _interrupted;
    private int _batches;

    /// <summary>A loop for examples of an input and a target.</summary>
    /// <param name="net">What is trained.</param>
    /// <param name="optimizer">What steps.</param>
    /// <param name="loss">The mean loss of a batch, given the network's output and the target.</param>
    public Trainer(Module net, Optimizer optimizer, Func<Tensor, Tensor, Tensor> loss)
        : this(net, optimizer, OfPairs(net.Given(), loss.Given()))
    {
    }

    /// <summary>A loop for examples of any kind.</summary>
    /// <param name="net">What is trained.</param>
    /// <param name="optimizer">What steps.</param>
    /// <param name="forward">What is computed for a batch: what metrics compare with the second tensor of an example, and the mean
    /// loss.</param>
    public Trainer(Module net, Optimizer optimizer, Func<Batch, (Tensor Output, Tensor Loss)> forward) =>
        (_net, _optimizer, _forward) = (net.Given(), optimizer.Given(), forward.Given());

    /// <summary>What is measured beside the loss.</summary>
    public IReadOnlyList<Metric> Metrics { get; init => field = value.AllGiven(); } = [];

    /// <summary>Over how many batches gradients are gathered before a step; at least 1. The loss is divided by it.</summary>
    public int Accumulate { get; init => field = value.AtLeast(1); } = 1;

    /// <summary>The largest norm of all gradients together; above that they are scaled down. At least 0; null: any.</summary>
    public double? ClipNorm { get; init => field = NotNegative(value, nameof(ClipNorm)); }

    /// <summary>The largest absolute value of an element of a gradient. At least 0; null: any.</summary>
    public double? ClipValue { get; init => field = NotNegative(value, nameof(ClipValue)); }

    /// <summary>What is called after each step of the optimizer: a schedule's <c>Step</c>, say.</summary>
    public Action? AfterStep { get; init; }

    /// <summary>
    /// What is called after each epoch with the loss by which it is judged, that of the validation if there is one: the <c>Step</c> of a
    /// schedule.
    /// </summary>
    public Action<double>? AfterEpoch { get; init; }

    /// <summary>When to stop before the last epoch; null: never.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>Is told everything that happens.</summary>
    public IReadOnlyList<Action<TrainingEvent>> Callbacks { get; init => field = value.AllGiven(); } = [];

    /// <summary>
    /// Whether a step is captured once and then run as a plan: the same bits, faster for small networks. Not with
    /// <see cref="Accumulate"/> above 1.
    /// </summary>
    public bool IsCompiled { get; init; }

    /// <summary>How many epochs were finished.</summary>
    public int Epoch { get; private set; }

    /// <summary>How many steps the optimizer has made.</summary>
    public long Steps { get; private set; }

    /// <summary>
    /// Says that some epochs were done before, by a run whose network, optimizer and generators were loaded from a checkpoint: the next
    /// one has the number after them.
    /// </summary>
    /// <param name="epoch">Epochs that were finished; at least 0.</param>
    /// <param name="steps">Steps that were made; at least 0.</param>
    public void ContinueAfter(int epoch, long steps)
    {
        if (steps < 0) throw new ArgumentOutOfRangeException(nameof(steps), steps, $"steps must be at least 0, but is {steps}.");
        (Epoch, Steps) = (epoch.AtLeast(0), steps);
        (_interrupted, _sums) = (null, null);
    }

    /// <summary>
    /// Where the training is: how many epochs and steps were made, and in the middle of an epoch its batches, sums and metrics. Network,
    /// optimizer and loader are parts of a <see cref="Checkpoint"/> of their own; one that holds all of them, saved at any
    /// <see cref="StepDone"/> or <see cref="EpochDone"/>, goes on with the same bits.
    /// </summary>
    /// <exception cref="NotSupportedException">A metric cannot be kept in the middle of an epoch, or gradients are gathered for the next
    /// step.</exception>
    public IReadOnlyDictionary<string, object?> StateDict()
    {
        if (_step?.IsGathering == true)
            throw new NotSupportedException("Trainer: gradients are gathered for the next step, which a state does not hold; save after a step.");
        var state = new OrderedDictionary<string, object?> { ["epoch"] = Epoch, ["steps"] = Steps };
        if ((_interrupted ?? _sums?.State()) is not { } within) return state;
        state["batches"] = _batches;
        state["within"] = within;
        return state;
    }

    /// <summary>Continues from what <see cref="StateDict"/> of a trainer with the same metrics gave: the next <see cref="Run"/> begins where that
    /// one was, and in the middle of an epoch with the batch after.</summary>
    /// <exception cref="ArgumentException">It does not fit; nothing is changed then but metrics.</exception>
    public void LoadStateDict(IReadOnlyDictionary<string, object?> state)
    {
        (int epoch, int steps) = (States.Whole(state.Given(), "epoch", nameof(Trainer)), States.Whole(state, "steps", nameof(Trainer)));
        IReadOnlyDictionary<string, object?>? within = null;
        if (state.TryGetValue("within", out object? saved))
        {
            within = States.Named(saved)
                ?? throw new ArgumentException("Trainer: \"within\" of the state is no dictionary.", nameof(state));
            _batches = States.Whole(state, "batches", nameof(Trainer));
            _ = new EpochSums(Metrics, within);
        }
        (Epoch, Steps, _interrupted, _sums) = (epoch, steps, within, null);
    }

    /// <summary>Trains, and gives how it went.</summary>
    /// <param name="train">The examples to learn.</param>
    /// <param name="epochs">How often to go through them; at least 1.</param>
    /// <param name="validation">Examples to evaluate after each epoch; null for none.</param>
    /// <param name="cancellationToken">A wish to stop: the step at hand is finished, and the history says so; it is no exception.</param>
    public TrainingHistory Fit(DataLoader train, int epochs, DataLoader? validation = null, CancellationToken cancellationToken = default)
    {
        var done = new List<EpochDone>();
        TrainingEnded? ended = null;
        foreach (TrainingEvent happened in Run(train, epochs, validation, cancellationToken))
        {
            if (happened is EpochDone epoch) done.Add(epoch);
            if (happened is TrainingEnded end) ended = end;
        }
        return new TrainingHistory(done, ended!.Reason, ended.BestEpoch);
    }

    /// <summary>The loop: what happens, one after the other. Leaving it early ends the training.</summary>
    /// <param name="train">The examples to learn.</param>
    /// <param name="epochs">How often to go through them; at least 1. The rest of an epoch that was loaded counts as one.</param>
    /// <param name="validation">Examples to evaluate after each epoch; null for none.</param>
    /// <param name="cancellationToken">A wish to stop: the step at hand is finished, and then the training ends.</param>
    public IEnumerable<TrainingEvent> Run(
        DataLoader train, int epochs, DataLoader? validation = null, CancellationToken cancellationToken = default)
    {
        train.Given();
        epochs.AtLeast(1);
        if (IsCompiled && Accumulate > 1)
            throw new InvalidOperationException(
                $"Trainer: a step that gathers gradients over {Accumulate} batches cannot be compiled; leave out IsCompiled or Accumulate.");
        return Told(Loop(train, epochs, validation, cancellationToken));
    }

    /// <summary>The loop in the background.</summary>
    /// <param name="train">The examples to learn.</param>
    /// <param name="epochs">How often to go through them; at least 1.</param>
    /// <param name="validation">Examples to evaluate after each epoch; null for none.</param>
    /// <param name="cancellationToken">A wish to stop: the step at hand is finished, and then the training ends. So it does when the
    /// enumeration is left.</param>
    public IAsyncEnumerable<TrainingEvent> RunAsync(
        DataLoader train, int epochs, DataLoader? validation = null, CancellationToken cancellationToken = default) =>
        Background.Of(stop => Run(train, epochs, validation, stop), cancellationToken);

    /// <summary>The mean loss and the metrics on some examples, in evaluation mode and without recording; the mode is afterwards as
    /// before.</summary>
    /// <param name="examples">The examples.</param>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public EvaluationResult Evaluate(DataLoader examples)
    {
        examples.Given();
        using Activity? activity = Telemetry.Begin("adjoint.evaluate");
        bool training = _net.Training;
        _net.Eval();
        try
        {
            using GradScope _ = Autograd.InferenceMode();
            var sums = new EpochSums(Metrics);
            foreach (Batch batch in examples)
            {
                using MemoryScope scope = Cpu.Memory.Scope();
                (Tensor output, Tensor loss) = _forward(batch);
                sums.Add(batch, output, TrainingStep.Checked(loss).Item());
            }
            if (sums.Examples == 0) throw new InvalidOperationException("Trainer.Evaluate: there are no examples.");
            return new EvaluationResult(sums.Loss, sums.Metrics(), sums.Examples);
        }
        finally
        {
            _net.Train(training);
        }
    }

    private static Func<Batch, (Tensor, Tensor)> OfPairs(Module net, Func<Tensor, Tensor, Tensor> loss) => batch =>
    {
        if (batch.Tensors.Count < 2)
            throw new InvalidOperationException(
                $"Trainer: an example needs an input and a target, but the loader gives {batch.Tensors.Count} tensors; say by forward what to do.");
        Tensor output = net.Call(batch[0]);
        return (output, loss(output, batch[1]));
    };

    private static double? NotNegative(double? value, string name) =>
        value is not { } number || Interval.NotNegative.Contains(number) ? value
        : throw new ArgumentOutOfRangeException(
            nameof(value), value, $"Trainer: {name} must be {Interval.NotNegative}, but is {number}.");

    private IEnumerable<TrainingEvent> Told(IEnumerable<TrainingEvent> events)
    {
        foreach (TrainingEvent happened in events)
        {
            foreach (Action<TrainingEvent> callback in Callbacks) callback(happened);
            yield return happened;
        }
    }

    private IEnumerable<TrainingEvent> Loop(DataLoader train, int epochs, DataLoader? validation, CancellationToken stop)
    {
        using Activity? activity = Telemetry.Begin("adjoint.train");
        _step ??= new TrainingStep(_net, _optimizer, _forward, Accumulate, ClipNorm, ClipValue, IsCompiled);
        for (int last = Epoch + epochs; Epoch < last;)
        {
            int epoch = Epoch + 1;
            using Activity? ofEpoch = Telemetry.Begin("adjoint.epoch");
            ofEpoch?.SetTag("adjoint.epoch", epoch);
            yield return new EpochBegins(epoch);
            long begun = Stopwatch.GetTimestamp();
            EpochSums sums = _interrupted is { } before ? new EpochSums(Metrics, before) : new EpochSums(Metrics);
            int number = _interrupted is null ? 0 : _batches;
            (_interrupted, _sums) = (null, sums);
            _net.Train();
            foreach (Batch batch in train)
            {
                double loss = Learn(batch, sums);
                _batches = ++number;
                yield return new StepDone(epoch, number - 1, Steps, sums.Examples, loss);
                if (!stop.IsCancellationRequested) continue;
                // While the loader is still in its epoch: a checkpoint that is saved now goes on with the next batch.
                yield return new TrainingEnded(epoch, TrainingEnd.Cancelled, EarlyStopping?.BestEpoch);
                yield break;
            }
            if (number == 0) throw new InvalidOperationException("Trainer.Run: the loader gave no batch to train with.");
            if (_step.Flush()) Stepped();
            (Epoch, _sums) = (epoch, null);
            double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds, judged;
            IReadOnlyDictionary<string, double> metrics = sums.Metrics();
            EvaluationResult? evaluation = validation is null ? null : Evaluate(validation);
            judged = evaluation?.Loss ?? sums.Loss;
            Telemetry.EpochDone(epoch, judged);
            AfterEpoch?.Invoke(judged);
            // Before it is told: what is saved then has taken note of this epoch.
            bool isOver = EarlyStopping?.IsOver(epoch, judged) == true;
            yield return new EpochDone(epoch, sums.Loss, metrics, evaluation, sums.Examples, seconds);
            if (!isOver) continue;
            EarlyStopping!.RestoreBest();
            yield return new TrainingEnded(epoch, TrainingEnd.NoBetter, EarlyStopping.BestEpoch);
            yield break;
        }
        yield return new TrainingEnded(Epoch, TrainingEnd.Finished, EarlyStopping?.BestEpoch);
    }

    private double Learn(Batch batch, EpochSums sums)
    {
        using MemoryScope scope = Cpu.Memory.Scope();
        long begun = Stopwatch.GetTimestamp();
        (Tensor output, Tensor loss, bool stepped) = _step!.Learn(batch);
        if (stepped) Stepped();
        double value = loss.Item();
        int before = sums.Examples;
        sums.Add(batch, output, value);
        Telemetry.StepDone(sums.Examples - before, value, begun);
        return value;
    }

    private void Stepped()
    {
        Steps++;
        AfterStep?.Invoke();
    }
}
