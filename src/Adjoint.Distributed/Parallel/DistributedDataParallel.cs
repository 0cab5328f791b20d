using Adjoint.Nn;

namespace Adjoint.Distributed;

/// <summary>
/// A module that every rank trains on examples of its own, as if one process trained it on all of them: PyTorch's
/// <c>DistributedDataParallel</c>.
/// </summary>
/// <remarks>
/// When it is made, all ranks take over the parameters and buffers of rank 0. In each backward pass the gradients of all ranks are
/// averaged, bucket by bucket while the pass goes on, so that at its end <see cref="Tensor.Grad"/> is the same on all ranks, to the bit,
/// and so are the parameters after the step of any optimizer. The loss of each rank is the mean over its own examples; where all have as
/// many, the averaged gradient is
/// that of the mean over all. Parameters that a pass does not reach on any rank keep the gradient they have, or none; those that it
/// reaches on some ranks only count as zero on the others. All ranks must run the same number of backward passes.
/// </remarks>
/// <example><code>
/// using ProcessGroup world = ProcessGroup.Init();
/// var net = new DistributedDataParallel(new Linear(3, 1), world);
/// var optimizer = new SGD(net.Parameters(), lr: 0.1);
/// F.MseLoss(net.Call(Tensor.Ones(4, 3)), Tensor.Zeros(4, 1)).Backward();       // gradients are averaged
/// optimizer.Step();
/// </code></example>
public sealed class DistributedDataParallel : Module
{
    [Untracked]
    private readonly DataParallel _parallel;

    /// <summary>Makes the parameters and buffers of all ranks those of rank 0. All ranks call it.</summary>
    /// <param name="module">What is trained; its parameters must not be replaced afterwards.</param>
    /// <param name="group">The processes.</param>
    /// <param name="options">How gradients are sent.</param>
    /// <exception cref="ArgumentException">No parameter of the module requires grad.</exception>
    /// <exception cref="DistributedException">The modules of the ranks differ, or the run has failed.</exception>
    public DistributedDataParallel(Module module, ProcessGroup group, DataParallelOptions? options = null)
    {
        Module = module.Given();
        _parallel = new DataParallel(module, group.Given(), options ?? new(), nameof(DistributedDataParallel));
    }

    /// <summary>What is trained: to save it, or to call it without talking to other ranks.</summary>
    public Module Module { get; }

    /// <summary>
    /// Until the end of the <c>using</c> block backward passes add up gradients on each rank without sending them: for several small
    /// batches before a step. The first pass after it averages all that was added up.
    /// </summary>
    /// <example><code>
    /// var net = new DistributedDataParallel(new Linear(3, 1), new SingleProcess());
    /// using (net.NoSync()) net.Call(Tensor.Ones(4, 3)).Sum().Backward();
    /// net.Call(Tensor.Ones(4, 3)).Sum().Backward();      // averages both
    /// </code></example>
    public IDisposable NoSync() => _parallel.NoSync();

    /// <summary>Checks that parameters and buffers are the same on all ranks, to the bit. All ranks call it.</summary>
    /// <exception cref="DistributedException">One differs; the message names it and the ranks.</exception>
    public void CheckSame() => _parallel.CheckSame();

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input)
    {
        Tensor output = Module.Call(input);
        _parallel.AfterForward(Training);
        return output;
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, Tensor other)
    {
        Tensor output = Module.Call(input, other);
        _parallel.AfterForward(Training);
        return output;
    }
}

/// <summary>The same for a module that takes and gives what it likes.</summary>
/// <inheritdoc cref="DistributedDataParallel"/>
/// <typeparam name="TIn">What it takes.</typeparam>
/// <typeparam name="TOut">What it gives.</typeparam>
public sealed class DistributedDataParallel<TIn, TOut> : Module<TIn, TOut>
{
    [Untracked]
    private readonly DataParallel _parallel;

    /// <summary>Makes the parameters and buffers of all ranks those of rank 0. All ranks call it.</summary>
    /// <param name="module">What is trained; its parameters must not be replaced afterwards.</param>
    /// <param name="group">The processes.</param>
    /// <param name="options">How gradients are sent.</param>
    /// <exception cref="ArgumentException">No parameter of the module requires grad.</exception>
    /// <exception cref="DistributedException">The modules of the ranks differ, or the run has failed.</exception>
    public DistributedDataParallel(Module<TIn, TOut> module, ProcessGroup group, DataParallelOptions? options = null)
    {
        Module = module.Given();
        _parallel = new DataParallel(module, group.Given(), options ?? new(), nameof(DistributedDataParallel));
    }

    /// <summary>What is trained: to save it, or to call it without talking to other ranks.</summary>
    public Module<TIn, TOut> Module { get; }

    /// <inheritdoc cref="DistributedDataParallel.NoSync"/>
    public IDisposable NoSync() => _parallel.NoSync();

    /// <inheritdoc cref="DistributedDataParallel.CheckSame"/>
    public void CheckSame() => _parallel.CheckSame();

    /// <inheritdoc/>
    protected override TOut Forward(TIn input)
    {
        TOut output = Module.Call(input);
        _parallel.AfterForward(Training);
        return output;
    }
}
