namespace Adjoint;

public static partial class Autograd
{
    /// <summary>
    /// Calls <paramref name="hook"/> once in each backward pass, when the gradients of all <paramref name="tensors"/> that the pass
    /// computes have arrived, with one entry for each tensor. PyTorch's <c>register_multi_grad_hook</c>.
    /// </summary>
    /// <remarks>
    /// A pass over fewer of the tensors than were registered is not complete and calls nothing; what it collected is forgotten when
    /// the next pass reaches one of the tensors again.
    /// </remarks>
    /// <param name="tensors">The tensors; each requires grad.</param>
    /// <param name="hook">Gets their gradients in order.</param>
    /// <exception cref="AutogradException">A tensor does not require grad.</exception>
    public static HookHandle RegisterMultiGradHook(IReadOnlyList<Tensor> tensors, Action<IReadOnlyList<Tensor>> hook)
    {
        ArgumentNullException.ThrowIfNull(hook);
        if (tensors.Count == 0) throw new ArgumentException("RegisterMultiGradHook: needs at least one tensor.", nameof(tensors));
        for (int i = 0; i < tensors.Count; i++)
        {
            if (!tensors[i].RequiresGrad)
                throw new AutogradException($"RegisterMultiGradHook: tensor {i} does not require grad, so no gradient of it would ever arrive.");
        }
        var collected = new MultiGradHook(tensors.Count, hook);
        HookHandle[] handles = [.. tensors.Select((x, i) => x.RegisterHook(g => collected.Arrived(i, g)))];
        return new HookHandle(() => Array.ForEach(handles, handle => handle.Remove()));
    }
}

/// <summary>The gradients that have arrived for one multi-grad hook.</summary>
internal sealed class MultiGradHook(int count, Action<IReadOnlyList<Tensor>> hook)
{
    private readonly Lock _arriving = new();
    private Tensor?[] _gradients = new Tensor?[count];

    internal void Arrived(int index, Tensor gradient)
    {
        Tensor?[] complete;
        lock (_arriving)
        {
            // The same tensor again means another pass: the one before did not reach all.
            if (_gradients[index] is not null) _gradients = new Tensor?[count];
            _gradients[index] = gradient;
            if (_gradients.Contains(null)) return;
            complete = _gradients;
            _gradients = new Tensor?[count];
        }
        hook(Array.ConvertAll(complete, g => g!));
    }
}
