namespace Adjoint;

public static partial class Autograd
{
    /// <summary>
    /// Calls <paramref name="hook"/> once in each backward pass that reaches any of <paramref name="tensors"/>, with one entry for
    /// each: its gradient, or null where the pass does not reach it. PyTorch's <c>register_multi_grad_hook</c>.
    /// </summary>
    /// <remarks>
    /// The call comes as soon as all gradients have arrived, or at the end of the pass where some never do. The gradients are those
    /// of one pass: passes in other threads, or inside a hook, have calls of their own.
    /// </remarks>
    /// <param name="tensors">The tensors; each requires grad.</param>
    /// <param name="hook">Gets their gradients in order.</param>
    /// <exception cref="AutogradException">A tensor does not require grad.</exception>
    public static HookHandle RegisterMultiGradHook(IReadOnlyList<Tensor> tensors, Action<IReadOnlyList<Tensor?>> hook)
    {
        tensors.AllGiven();
        hook.Given();
        if (tensors.Count == 0) throw new ArgumentException("RegisterMultiGradHook: needs at least one tensor.", nameof(tensors));
        for (int i = 0; i < tensors.Count; i++)
        {
            if (!tensors[i].RequiresGrad)
                throw new AutogradException(
                    $"RegisterMultiGradHook: tensor {i} does not require grad, so no gradient of it would ever arrive.");
        }
        var shared = new MultiGradHook(tensors.Count, hook);
        HookHandle[] handles = [.. tensors.Select((x, i) => x.RegisterHook(new MultiGradHook.Place(shared, i).Hook))];
        return new HookHandle(() => Array.ForEach(handles, handle => handle.Remove()));
    }
}

/// <summary>A hook on several tensors. What has arrived in a pass is kept in the pass.</summary>
internal sealed class MultiGradHook(int count, Action<IReadOnlyList<Tensor?>> hook)
{
    /// <summary>The gradients of one pass so far.</summary>
    internal sealed class Arrivals(MultiGradHook owner)
    {
        private readonly Tensor?[] _gradients = new Tensor?[owner.Count];
        private int _missing = owner.Count;

        /// <summary>Keeps a gradient, and calls the hook when it was the last.</summary>
        internal void Add(int index, Tensor gradient)
        {
            _gradients[index] = gradient;
            if (--_missing == 0) owner.Call(_gradients);
        }

        /// <summary>Calls the hook at the end of the pass, if it was not called.</summary>
        internal void End()
        {
            if (_missing > 0) owner.Call(_gradients);
        }
    }

    /// <summary>The hook as it stands at one of the tensors.</summary>
    internal sealed class Place(MultiGradHook owner, int index)
    {
        /// <summary>Found by its target: the engine calls <see cref="Arrived"/>, which knows the pass.</summary>
        internal Tensor? Hook(Tensor gradient) => null;

        internal void Arrived(Engine run, Tensor gradient) => run.ArrivalsOf(owner).Add(index, gradient);
    }

    private int Count => count;

    private void Call(Tensor?[] gradients) => hook(gradients);
}
