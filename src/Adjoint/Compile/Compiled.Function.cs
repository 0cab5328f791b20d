namespace Adjoint;

public abstract partial class Compiled
{
    /// <summary>Compiles a function: a model that is evaluated, or anything else that is computed often.</summary>
    /// <param name="f">The function. It is called two times when it is captured, which leaves no trace in tensors, and then no
    /// more.</param>
    /// <param name="verify">Every so many runs the function is captured again and compared; 0 never. Left out: after 16 runs, 64, 256, …,
    /// a million, and then every million.</param>
    /// <param name="fallback">Whether a function that cannot be captured is called as it is, instead of throwing.</param>
    /// <exception cref="GraphException">In a call: as of a step.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="verify"/> is negative.</exception>
    /// <remarks>
    /// Where results would have a history (recording is on, and something requires grad) the function itself is called, so that they have
    /// it. Inside <see cref="Autograd.NoGrad"/>, or with the gradients computed in the function (<c>Autograd.Grad</c>), it is run.
    /// </remarks>
    public static Compiled<Func<Tensor>> Function(Func<Tensor> f, int? verify = null, bool fallback = false)
    {
        Replays replays = Of(f, a => [f()], false, verify, fallback);
        return new(replays, () => replays.CallOne([]));
    }

    /// <inheritdoc cref="Function(Func{Tensor}, int?, bool)"/>
    public static Compiled<Func<Tensor, Tensor>> Function(Func<Tensor, Tensor> f, int? verify = null, bool fallback = false)
    {
        Replays replays = Of(f, a => [f(a[0])], false, verify, fallback);
        return new(replays, x => replays.CallOne([x]));
    }

    /// <inheritdoc cref="Function(Func{Tensor}, int?, bool)"/>
    public static Compiled<Func<Tensor, Tensor, Tensor>> Function(Func<Tensor, Tensor, Tensor> f, int? verify = null, bool fallback = false)
    {
        Replays replays = Of(f, a => [f(a[0], a[1])], false, verify, fallback);
        return new(replays, (x, y) => replays.CallOne([x, y]));
    }

    /// <inheritdoc cref="Function(Func{Tensor}, int?, bool)"/>
    public static Compiled<Func<Tensor, Tensor, Tensor, Tensor>> Function(
        Func<Tensor, Tensor, Tensor, Tensor> f, int? verify = null, bool fallback = false)
    {
        Replays replays = Of(f, a => [f(a[0], a[1], a[2])], false, verify, fallback);
        return new(replays, (x, y, z) => replays.CallOne([x, y, z]));
    }

    /// <inheritdoc cref="Function(Func{Tensor}, int?, bool)"/>
    public static Compiled<Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>> FunctionOfList(
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> f, int? verify = null, bool fallback = false)
    {
        Replays replays = Of(f, f, false, verify, fallback);
        return new(replays, all => replays.Call([.. all.AllGiven()]));
    }
}
