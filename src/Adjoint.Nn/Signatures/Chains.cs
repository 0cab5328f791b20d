namespace Adjoint.Nn;

/// <summary>Modules one after the other where the types fit, as <see cref="Sequential"/> is for those of tensors.</summary>
public static class Chains
{
    /// <summary>
    /// A module that hands what <paramref name="first"/> gives to <paramref name="second"/>. Their names in it are "0" and "1".
    /// </summary>
    /// <example><code>
    /// sealed class Halves : Module&lt;Tensor, (Tensor, Tensor)&gt;
    /// {
    ///     protected override (Tensor, Tensor) Forward(Tensor x) => (x[.., ..2], x[.., 2..]);
    /// }
    ///
    /// (Tensor mean, Tensor deviation) = new Linear(3, 4).Then(new Halves()).Call(Tensor.Ones(1, 3));
    /// </code></example>
    public static Module<TIn, TOut> Then<TIn, TMiddle, TOut>(this Module<TIn, TMiddle> first, Module<TMiddle, TOut> second) =>
        new Chain<TIn, TMiddle, TOut>(first.Given(), first.Call, second.Given(), second.Call);

    /// <summary>A module of tensors, and then one that takes a tensor.</summary>
    /// <exception cref="ArgumentException"><paramref name="first"/> does not take a tensor and give one.</exception>
    /// <inheritdoc cref="Then{TIn, TMiddle, TOut}(Module{TIn, TMiddle}, Module{TMiddle, TOut})"/>
    public static Module<Tensor, TOut> Then<TOut>(this Module first, Module<Tensor, TOut> second) =>
        new Chain<Tensor, Tensor, TOut>(OfTensors(first.Given(), nameof(first)), first.Call, second.Given(), second.Call);

    /// <summary>A module that gives a tensor, and then one of tensors.</summary>
    /// <exception cref="ArgumentException"><paramref name="second"/> does not take a tensor and give one.</exception>
    /// <inheritdoc cref="Then{TIn, TMiddle, TOut}(Module{TIn, TMiddle}, Module{TMiddle, TOut})"/>
    public static Module<TIn, Tensor> Then<TIn>(this Module<TIn, Tensor> first, Module second) =>
        new Chain<TIn, Tensor, Tensor>(first.Given(), first.Call, OfTensors(second.Given(), nameof(second)), second.Call);

    /// <summary>A module that is called with a tensor, and gives one.</summary>
    internal static Module OfTensors(Module module, string argument, string by = "Then") => module.IsOfTensors ? module
        : throw new ArgumentException($"{by}: the module {TypeText.Of(module.GetType())} does not take a tensor and give one, as this place needs. "
            + "Join modules of other types with Then, where the types fit.", argument);
}

/// <summary>Two modules of which the second takes what the first gives.</summary>
internal sealed class Chain<TIn, TMiddle, TOut>(Module first, Func<TIn, TMiddle> callFirst, Module second, Func<TMiddle, TOut> callSecond)
    : Module<TIn, TOut>
{
    private readonly Module _first = first, _second = second;

    /// <inheritdoc/>
    protected override TOut Forward(TIn input) => callSecond(callFirst(input));

    /// <inheritdoc/>
    protected override string TypeName => "Then";

    private protected override IEnumerable<Slot> Held => [new("0", _first), new("1", _second)];
}
