using Adjoint.Nn;

namespace Adjoint.Distributed;

/// <summary>What makes a module data parallel: agreement at the start, gradients in each pass, buffers after each forward call.</summary>
internal sealed class DataParallel
{
    private readonly Module _module;
    private readonly ProcessGroup _group;
    private readonly DataParallelOptions _options;
    private readonly GradientReducer? _reducer;
    private readonly bool _hasBuffers;
    private bool _isSyncing = true;

    internal DataParallel(Module module, ProcessGroup group, DataParallelOptions options, string operation)
    {
        (_module, _options) = (module, options);
        List<(string Name, Tensor Parameter)> parameters = [.. module.NamedParameters()];
        if (!parameters.Exists(p => p.Parameter.RequiresGrad))
            throw new ArgumentException($"{operation}: no parameter of the module requires grad, so there is nothing to average.", nameof(module));
        // What goes on in the background has an order of its own, and so a group of its own.
        _group = group.Duplicate();
        _hasBuffers = module.Buffers().Any();
        SameTensors.AgreeOnShapes(_group, operation, Tensors);
        foreach ((_, Tensor tensor) in Tensors) _group.Broadcast(tensor);
        if (_group.Size > 1) _reducer = new GradientReducer(_group, parameters, options, this);
    }

    /// <summary>Whether backward passes send gradients.</summary>
    internal bool IsSyncing => _isSyncing;

    private IEnumerable<(string Name, Tensor Tensor)> Tensors => _module.NamedParameters().Concat(_module.NamedBuffers());

    internal IDisposable NoSync() => new NoSyncScope(this);

    internal void CheckSame() => SameTensors.Check(_group, Tensors);

    /// <summary>The buffers of rank 0 become those of all.</summary>
    internal void AfterForward(bool training)
    {
        if (!training || !_isSyncing || !_hasBuffers || !_options.BroadcastBuffers || _group.Size == 1 || !Autograd.IsGradEnabled) return;
        if (GraphCapture.IsCapturing)
            throw new NotSupportedException(
                "DistributedDataParallel: sending buffers to other ranks cannot be captured in a graph. Call the function as it is, or set "
                + "BroadcastBuffers to false.");
        BufferBroadcast.Run(_group, [.. _module.Buffers()]);
    }

    private sealed class NoSyncScope : IDisposable
    {
        private readonly DataParallel _owner;
        private readonly bool _before;
        private bool _isOver;

        internal NoSyncScope(DataParallel owner)
        {
            (_owner, _before) = (owner, owner._isSyncing);
            owner._isSyncing = false;
        }

        public void Dispose()
        {
            if (_isOver) return;
            _isOver = true;
            _owner._isSyncing = _before;
        }
    }
}
