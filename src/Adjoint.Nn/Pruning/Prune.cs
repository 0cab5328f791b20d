namespace Adjoint.Nn;

/// <summary>
/// Sets a share of the weights of a layer to zero and keeps it there: PyTorch's <c>torch.nn.utils.prune</c>. The parameter lies on as
/// <c>weight_orig</c>, with a mask of ones and zeros as <c>weight_mask</c>, and before each call of the layer its weight is their
/// product; so gradients reach what is kept only.
/// </summary>
/// <remarks>
/// A second pruning of the same parameter prunes what the first has left, by the same measure. An amount is a share in [0, 1], or, as a
/// whole number, a count.
/// </remarks>
/// <example><code>
/// var layer = new Linear(4, 3);
/// Prune.L1Unstructured(layer, "weight", 0.5);
/// if (layer.Weight.ToArray&lt;float>().Count(w => w == 0) != 6) throw new Exception("half of 12");
/// Prune.Remove(layer, "weight");                  // for good
/// </code></example>
public static class Prune
{
    /// <summary>Prunes nothing: the parameter gets a mask of ones.</summary>
    /// <inheritdoc cref="L1Unstructured(Module, string, double, Tensor)"/>
    public static void Identity(Module module, string name) =>
        Pruned.Apply(module.Given(), name.Given(), null, (_, mask) => mask);

    /// <summary>Prunes the share of the numbers that are smallest in size.</summary>
    /// <param name="module">The layer that holds the parameter itself.</param>
    /// <param name="name">The parameter: <c>weight</c>, <c>bias</c>.</param>
    /// <param name="amount">How many of those that are left; in [0, 1].</param>
    /// <param name="importanceScores">What is measured in place of the parameter, of its shape.</param>
    /// <exception cref="KeyNotFoundException">The layer has no such parameter.</exception>
    /// <exception cref="ShapeException">The scores have another shape.</exception>
    public static void L1Unstructured(Module module, string name, double amount, Tensor? importanceScores = null) =>
        Pruned.Apply(module.Given(), name.Given(), importanceScores, PruningMask.Smallest(Share(amount)));

    /// <summary>Prunes as many numbers that are smallest in size.</summary>
    /// <param name="module">The layer that holds the parameter itself.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="amount">How many; at least 0, and at most as many as are left.</param>
    /// <param name="importanceScores">What is measured in place of the parameter, of its shape.</param>
    /// <inheritdoc cref="L1Unstructured(Module, string, double, Tensor)" path="/exception"/>
    public static void L1Unstructured(Module module, string name, int amount, Tensor? importanceScores = null) =>
        Pruned.Apply(module.Given(), name.Given(), importanceScores, PruningMask.Smallest(Count(amount)));

    /// <summary>Prunes a random share of the numbers.</summary>
    /// <param name="module">The layer that holds the parameter itself.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="amount">How many of those that are left; in [0, 1].</param>
    /// <param name="generator">Where they are drawn; by default <see cref="Rng.Default"/>.</param>
    /// <inheritdoc cref="L1Unstructured(Module, string, double, Tensor)" path="/exception"/>
    public static void RandomUnstructured(Module module, string name, double amount, Generator? generator = null) =>
        Pruned.Apply(module.Given(), name.Given(), null, PruningMask.Random(Share(amount), generator));

    /// <summary>Prunes as many random numbers.</summary>
    /// <param name="module">The layer that holds the parameter itself.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="amount">How many; at least 0, and at most as many as are left.</param>
    /// <param name="generator">Where they are drawn; by default <see cref="Rng.Default"/>.</param>
    /// <inheritdoc cref="L1Unstructured(Module, string, double, Tensor)" path="/exception"/>
    public static void RandomUnstructured(Module module, string name, int amount, Generator? generator = null) =>
        Pruned.Apply(module.Given(), name.Given(), null, PruningMask.Random(Count(amount), generator));

    /// <summary>Prunes a random share of the slices along a dimension.</summary>
    /// <param name="module">The layer that holds the parameter itself.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="amount">How many of those that are left; in [0, 1].</param>
    /// <param name="dim">The dimension; counted from the end when negative.</param>
    /// <param name="generator">Where they are drawn; by default <see cref="Rng.Default"/>.</param>
    /// <inheritdoc cref="L1Unstructured(Module, string, double, Tensor)" path="/exception"/>
    public static void RandomStructured(Module module, string name, double amount, int dim, Generator? generator = null) =>
        Pruned.Apply(module.Given(), name.Given(), null, PruningMask.RandomSlices(Share(amount), dim, generator));

    /// <summary>Prunes as many random slices along a dimension.</summary>
    /// <param name="module">The layer that holds the parameter itself.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="amount">How many; at least 0, and at most as many as are left.</param>
    /// <param name="dim">The dimension; counted from the end when negative.</param>
    /// <param name="generator">Where they are drawn; by default <see cref="Rng.Default"/>.</param>
    /// <inheritdoc cref="L1Unstructured(Module, string, double, Tensor)" path="/exception"/>
    public static void RandomStructured(Module module, string name, int amount, int dim, Generator? generator = null) =>
        Pruned.Apply(module.Given(), name.Given(), null, PruningMask.RandomSlices(Count(amount), dim, generator));

    /// <summary>Prunes the share of the slices along a dimension whose norm is smallest.</summary>
    /// <param name="module">The layer that holds the parameter itself.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="amount">How many of those that are left; in [0, 1].</param>
    /// <param name="n">n of the n-norm; any number, infinity for the largest size.</param>
    /// <param name="dim">The dimension; counted from the end when negative.</param>
    /// <param name="importanceScores">What is measured in place of the parameter, of its shape.</param>
    /// <inheritdoc cref="L1Unstructured(Module, string, double, Tensor)" path="/exception"/>
    public static void LnStructured(Module module, string name, double amount, double n, int dim, Tensor? importanceScores = null) =>
        Pruned.Apply(module.Given(), name.Given(), importanceScores,
            PruningMask.SmallestSlices(Share(amount), n.In(Interval.Numbers), dim));

    /// <summary>Prunes as many slices along a dimension, those whose norm is smallest.</summary>
    /// <param name="module">The layer that holds the parameter itself.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="amount">How many; at least 0, and at most as many as are left.</param>
    /// <param name="n">n of the n-norm; any number, infinity for the largest size.</param>
    /// <param name="dim">The dimension; counted from the end when negative.</param>
    /// <param name="importanceScores">What is measured in place of the parameter, of its shape.</param>
    /// <inheritdoc cref="L1Unstructured(Module, string, double, Tensor)" path="/exception"/>
    public static void LnStructured(Module module, string name, int amount, double n, int dim, Tensor? importanceScores = null) =>
        Pruned.Apply(module.Given(), name.Given(), importanceScores,
            PruningMask.SmallestSlices(Count(amount), n.In(Interval.Numbers), dim));

    /// <summary>Prunes by a mask of one's own.</summary>
    /// <param name="module">The layer that holds the parameter itself.</param>
    /// <param name="name">The parameter.</param>
    /// <param name="mask">Ones where it is kept, zeros where not, of its shape.</param>
    /// <exception cref="KeyNotFoundException">The layer has no such parameter.</exception>
    /// <exception cref="ShapeException">The mask has another shape.</exception>
    public static void CustomFromMask(Module module, string name, Tensor mask)
    {
        mask.Given();
        Pruned.Apply(module.Given(), name.Given(), null, (t, before) => mask.Shape.Equals(t.Shape) ? before * mask.Detach().To(before.DType)
            : throw new ShapeException($"Prune.CustomFromMask: the mask has shape {mask.Shape}, but {name} {t.Shape}."));
    }

    /// <summary>Prunes the share of all numbers of several parameters that are smallest in size, as if they were one vector.</summary>
    /// <param name="parameters">Layers and the names of their parameters.</param>
    /// <param name="amount">How many of those that are left; in [0, 1].</param>
    /// <exception cref="ArgumentException">There is no parameter.</exception>
    /// <exception cref="KeyNotFoundException">A layer has no such parameter.</exception>
    public static void GlobalUnstructured(IEnumerable<(Module Module, string Name)> parameters, double amount) =>
        Pruned.ApplyGlobal([.. parameters.Given()], PruningMask.Smallest(Share(amount)));

    /// <summary>Prunes as many of all numbers of several parameters, those that are smallest in size.</summary>
    /// <param name="parameters">Layers and the names of their parameters.</param>
    /// <param name="amount">How many; at least 0, and at most as many as are left.</param>
    /// <inheritdoc cref="GlobalUnstructured(IEnumerable{ValueTuple{Module, string}}, double)" path="/exception"/>
    public static void GlobalUnstructured(IEnumerable<(Module Module, string Name)> parameters, int amount) =>
        Pruned.ApplyGlobal([.. parameters.Given()], PruningMask.Smallest(Count(amount)));

    /// <summary>Prunes a random share of all numbers of several parameters.</summary>
    /// <param name="parameters">Layers and the names of their parameters.</param>
    /// <param name="amount">How many of those that are left; in [0, 1].</param>
    /// <param name="generator">Where they are drawn; by default <see cref="Rng.Default"/>.</param>
    /// <inheritdoc cref="GlobalUnstructured(IEnumerable{ValueTuple{Module, string}}, double)" path="/exception"/>
    public static void GlobalRandomUnstructured(
        IEnumerable<(Module Module, string Name)> parameters, double amount, Generator? generator = null) =>
        Pruned.ApplyGlobal([.. parameters.Given()], PruningMask.Random(Share(amount), generator));

    /// <summary>Makes what is pruned zero for good: the parameter, which stays the same tensor, takes its place again.</summary>
    /// <param name="module">The layer.</param>
    /// <param name="name">The parameter.</param>
    /// <exception cref="ArgumentException">It is not pruned.</exception>
    public static void Remove(Module module, string name) => Pruned.Remove(module.Given(), name.Given());

    /// <summary>Whether the module, or one below it, has a pruned parameter.</summary>
    /// <param name="module">The module.</param>
    public static bool IsPruned(Module module) => module.Given().Modules().Any(Pruned.IsPruned);

    private static PruningMask.Amount Share(double amount) => new(amount.In(Interval.Unit), null);

    private static PruningMask.Amount Count(int amount) => new(0, amount.AtLeast(0));
}
