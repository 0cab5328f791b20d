using System.Diagnostics;

namespace Adjoint.Distributed;

/// <summary>Averages gradients over the ranks while backward passes run.</summary>
/// <remarks>
/// // Note [Buckets in order]
/// Parameters are put into buckets from the last to the first, as their gradients come, and each bucket is sent when its last gradient
/// has come and all buckets before it were sent: so all ranks send them in one order, also where gradients come in another. At the end of
/// the pass, which is always the end of the outermost one, buckets with gradients that did not come are sent as well: with the gradient
/// that a parameter has from before, or zero, and a flag that this rank had none. Where no rank had one the parameter's gradient stays as
/// it is. So the parameters that a pass does not use are found without asking, and what was added up in NoSync passes counts as had.
/// </remarks>
internal sealed class GradientReducer
{
    private const double FirstBucketMb = 1;

    private readonly ProcessGroup _group;
    private readonly DataParallel _owner;
    private readonly DataParallelOptions _options;
    private readonly List<GradientBucket> _buckets = [];
    private readonly Dictionary<Tensor, (GradientBucket Bucket, int Index)> _places = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Tensor> _unsent = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, string> _names = new(ReferenceEqualityComparer.Instance);
    private readonly Tensor[] _frozen;
    private bool _isInPass;
    private int _sent, _passes;

    /// <param name="group">The ranks.</param>
    /// <param name="parameters">All of the module; those that require grad now are averaged.</param>
    /// <param name="options">How.</param>
    /// <param name="owner">What says whether passes send, and checks the weights.</param>
    internal GradientReducer(
        ProcessGroup group, IReadOnlyList<(string Name, Tensor Parameter)> parameters, DataParallelOptions options, DataParallel owner)
    {
        (_group, _owner, _options) = (group, owner, options);
        foreach ((string name, Tensor parameter) in parameters) _names[parameter] = name;
        _frozen = [.. parameters.Select(p => p.Parameter).Where(p => !p.RequiresGrad)];
        parameters = [.. parameters.Where(p => p.Parameter.RequiresGrad)];
        foreach (List<Tensor> members in Shared(parameters.Select(p => p.Parameter).Reverse(), options.BucketCapMb))
        {
            var bucket = new GradientBucket(members);
            for (int i = 0; i < members.Count; i++) _places[members[i]] = (bucket, i);
            _buckets.Add(bucket);
        }
        foreach ((_, Tensor parameter) in parameters) parameter.RegisterArrivalHook(Arrived);
    }

    internal IReadOnlyList<GradientBucket> Buckets => _buckets;

    private static IEnumerable<List<Tensor>> Shared(IEnumerable<Tensor> parameters, double capMb)
    {
        double most = Math.Min(FirstBucketMb, capMb) * (1 << 20), bytes = 0;
        List<Tensor> open = [];
        foreach (Tensor parameter in parameters)
        {
            if (open.Count > 0 && (bytes >= most || parameter.DType != open[0].DType))
            {
                yield return open;
                (open, bytes, most) = ([], 0, capMb * (1 << 20));
            }
            open.Add(parameter);
            bytes += (double)parameter.NumEl * parameter.DType.Size;
        }
        if (open.Count > 0) yield return open;
    }

    private void Arrived(Tensor parameter)
    {
        if (GraphCapture.IsCapturing)
            throw new NotSupportedException(
                "DistributedDataParallel: sending gradients to other ranks cannot be captured in a graph. Call the step as it is.");
        if (!_owner.IsSyncing)
        {
            _unsent.Add(parameter);
            return;
        }
        if (!_isInPass) Begin();
        // Whatever it was in a pass within this one, its whole gradient is taken at the end.
        _unsent.Add(parameter);
        if (!_options.Overlap) return;
        (GradientBucket bucket, int index) = _places[parameter];
        using Unrecorded _ = Unrecorded.Begin();
        if (!bucket.Fill(index, 1.0 / _group.Size, counts: true))
            throw new InvalidOperationException(
                $"DistributedDataParallel: {_names[parameter]} got a second gradient in one backward pass, after the first was sent: the pass ran "
                + "another one inside of it. Use the option Overlap = false, which sends all gradients at the end.");
        SendFull();
    }

    private void Begin()
    {
        foreach (Tensor parameter in _frozen)
            if (parameter.RequiresGrad)
                throw new InvalidOperationException(
                    $"DistributedDataParallel: {_names[parameter]} requires grad, but did not when the module was made data parallel: its "
                    + "gradient would be another one on each rank. Make the module data parallel after its parameters are frozen or freed.");
        _isInPass = true;
        _sent = 0;
        // What is left of a pass that ended by an exception.
        foreach (GradientBucket bucket in _buckets)
        {
            bucket.Sending?.GetAwaiter().GetResult();
            bucket.Begin();
        }
        Engine.WhenPassEnds(End);
    }

    // The last bucket has the gradients with which the pass ends: it is left to its end, where no other thread is needed.
    private void SendFull()
    {
        while (_sent < _buckets.Count - 1 && _buckets[_sent].Missing == 0) Send(_buckets[_sent++]);
    }

    private void Send(GradientBucket bucket)
    {
        Profile? profile = Profile.Current;
        bucket.Sending = _group.Later(() => AllReduce(bucket, profile));
    }

    private void AllReduce(GradientBucket bucket, Profile? profile)
    {
        long begin = Stopwatch.GetTimestamp();
        _group.AllReduce(bucket.Flat);
        profile?.Add(new ProfileEvent("all_reduce", begin, Stopwatch.GetTimestamp(), Environment.CurrentManagedThreadId, 0));
    }

    private void End(bool whole)
    {
        _isInPass = false;
        if (!whole) return;
        using Unrecorded _ = Unrecorded.Begin();
        foreach (GradientBucket bucket in _buckets) FillRest(bucket);
        // What is not on its way yet needs no other thread: there is nothing to compute meanwhile.
        Profile? profile = Profile.Current;
        foreach (GradientBucket bucket in _buckets)
        {
            if (bucket.Sending is { } sending) sending.GetAwaiter().GetResult();
            else AllReduce(bucket, profile);
            bucket.Empty(_options.GradientAsBucketView);
        }
        _unsent.Clear();
        if (_options.CheckEvery > 0 && ++_passes % _options.CheckEvery == 0) _owner.CheckSame();
    }

    private void FillRest(GradientBucket bucket)
    {
        foreach (int index in bucket.Unfilled.ToArray())
        {
            Tensor parameter = bucket.ParameterAt(index);
            bucket.Fill(index, 1.0 / _group.Size, counts: _unsent.Contains(parameter) && parameter.GradOrNull is not null);
        }
    }
}
