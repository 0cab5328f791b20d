namespace Adjoint.Nn;

/// <summary>Parameters that are computed from others, whenever the module is called: PyTorch's <c>torch.nn.utils.parametrize</c>.</summary>
public static class Parametrize
{
    /// <summary>Makes a tensor of a module what a parametrization computes of it.</summary>
    /// <remarks>
    /// Gradients go through the parametrization. In the state dictionary the tensor is <c>parametrizations.weight.original</c> then (or
    /// original0, original1…), and what the parametrization holds is <c>parametrizations.weight.0…</c>, as in PyTorch. With one original
    /// this stays the same tensor: an
    /// optimizer goes on with it. Further parametrizations are applied to what those before give.
    /// </remarks>
    /// <param name="module">The module.</param>
    /// <param name="tensorName">The name of a parameter or buffer that it holds itself, as in its state dictionary:
    /// <c>"weight"</c>.</param>
    /// <param name="parametrization">A module of one tensor; it may have an <see cref="IRightInverse"/>.</param>
    /// <param name="isUnsafe">Whether the parametrization may change the shape or the dtype.</param>
    /// <returns>The module.</returns>
    /// <exception cref="ArgumentException">The module has no such tensor, or holds it where it cannot be replaced.</exception>
    /// <exception cref="ShapeException">The parametrization changes the shape.</exception>
    /// <exception cref="DTypeException">The parametrization changes the dtype.</exception>
    /// <example><code>
    /// sealed class Symmetric : Module
    /// {
    ///     protected override Tensor Forward(Tensor x) => x.Triu() + x.Triu(1).T;
    /// }
    ///
    /// var layer = new Linear(3, 3);
    /// Parametrize.RegisterParametrization(layer, "weight", new Symmetric());
    /// bool same = layer.Weight.AllClose(layer.Weight.T);      // true
    /// </code></example>
    public static Module RegisterParametrization(Module module, string tensorName, Module parametrization, bool isUnsafe = false)
    {
        const string Name = nameof(RegisterParametrization);
        module.Given();
        tensorName.Given();
        parametrization.Given();
        parametrization.Train(module.Training);
        if (IsParametrized(module, tensorName))
        {
            ParametrizationList more = List(module, tensorName);
            Tensor before = Value(more);
            more.Add(parametrization);
            try
            {
                if (!isUnsafe) Check(Name, before, Value(more));
            }
            catch
            {
                more.RemoveLast();
                throw;
            }
            return module;
        }
        Tensor? tensor = module.Look().FirstOrDefault(slot => slot.Name == tensorName).Value as Tensor;
        if (tensor is null)
            throw new ArgumentException(
                $"{Name}: {TypeText.Of(module.GetType())} has no parameter or buffer \"{tensorName}\" of its own; it has "
                + $"{string.Join(", ", module.Look().Where(slot => slot.Value is Tensor).Select(slot => slot.Name))}.", nameof(tensorName));
        if (!module.CanPut(tensorName))
            throw new ArgumentException(
                $"{Name}: \"{tensorName}\" of {TypeText.Of(module.GetType())} lies in a collection, where nothing can take its place. Hold it in a field.",
                nameof(tensorName));
        Tensor whole = tensor.Detach().Clone();
        var list = ParametrizationList.Of(Name, parametrization, tensor);
        Tensor value;
        try
        {
            value = Value(list);
            if (!isUnsafe) Check(Name, whole, value);
        }
        catch
        {
            if (list.IsOne) tensor.ReplaceData(whole);
            throw;
        }
        module.AddParametrizations(tensorName, list, value);
        return module;
    }

    /// <summary>Whether a module has parametrizations, of a tensor or of any.</summary>
    /// <param name="module">The module.</param>
    /// <param name="tensorName">The name of the tensor, or null for any.</param>
    public static bool IsParametrized(Module module, string? tensorName = null) =>
        module.Given().ParametrizationsOrNull is { } all && (tensorName is null || all.ContainsKey(tensorName));

    /// <summary>The parametrizations of a tensor, and what it is made of.</summary>
    /// <param name="module">The module.</param>
    /// <param name="tensorName">The name of the tensor.</param>
    /// <exception cref="ArgumentException">The tensor is not parametrized.</exception>
    public static ParametrizationList List(Module module, string tensorName) => IsParametrized(module, tensorName.Given())
        ? (ParametrizationList)module.ParametrizationsOrNull![tensorName]
        : throw new ArgumentException(
            $"Parametrize: \"{tensorName}\" of {TypeText.Of(module.GetType())} has no parametrization.", nameof(tensorName));

    /// <summary>Makes a tensor the module's own again.</summary>
    /// <param name="module">The module.</param>
    /// <param name="tensorName">The name of the tensor.</param>
    /// <param name="leaveParametrized">Whether it has the value that was computed last; otherwise that of its original.</param>
    /// <returns>The module.</returns>
    /// <exception cref="ArgumentException">The tensor is not parametrized, or is made of several and should not have their
    /// value.</exception>
    public static Module RemoveParametrizations(Module module, string tensorName, bool leaveParametrized = true)
    {
        ParametrizationList list = List(module.Given(), tensorName);
        if (!list.IsOne && !leaveParametrized)
            throw new ArgumentException(
                $"{nameof(RemoveParametrizations)}: \"{tensorName}\" is made of several tensors, so leaveParametrized must be true.",
                nameof(leaveParametrized));
        Tensor own = list.Originals[0];
        if (leaveParametrized)
        {
            Tensor value = Value(list).Detach().Clone();
            if (!list.IsOne) own = ParametrizationList.Like(value, own);
            else own.ReplaceData(value);
        }
        module.RemoveParametrizations(tensorName, own);
        return module;
    }

    private static Tensor Value(ParametrizationList list)
    {
        using GradScope _ = Autograd.NoGrad();
        return list.Value();
    }

    private static void Check(string name, Tensor before, Tensor value)
    {
        if (!value.Shape.Equals(before.Shape))
            throw new ShapeException(
                $"{name}: the parametrization must not change the shape, but made {value.Shape} of {before.Shape}. Pass isUnsafe: true where that is meant.");
        if (value.DType != before.DType)
            throw new DTypeException(
                $"{name}: the parametrization must not change the dtype, but made {value.DType} of {before.DType}. Pass isUnsafe: true where that is meant.");
    }
}
