namespace Adjoint;

/// <summary>One product in the sum that a gradient is: how an element of a result moves with the parameter, times its gradient.</summary>
/// <param name="Operation">The operation by which the parameter comes in.</param>
/// <param name="Result">Its result.</param>
/// <param name="Index">The element of the result.</param>
/// <param name="Slope">The derivative of that element by the parameter.</param>
/// <param name="Gradient">The gradient of that element.</param>
/// <param name="Example">The example that the element belongs to, counted along the first dimension of the data; null for none.</param>
/// <param name="Formula">The product with its names and numbers: <c>x[2, 5] · d_addmm1[2, 3] = 0.5 · −0.2</c>.</param>
public sealed record GraphTerm(
    GraphOperation Operation, GraphTensor Result, IReadOnlyList<int> Index, double Slope, double Gradient, int? Example, string Formula)
{
    /// <summary>The operation by which the parameter comes in.</summary>
    public GraphOperation Operation { get; init; } = Operation.Given();

    /// <summary>Its result.</summary>
    public GraphTensor Result { get; init; } = Result.Given();

    /// <summary>The element of the result.</summary>
    public IReadOnlyList<int> Index { get; init; } = Index.Given();

    /// <summary>The product with its names and numbers.</summary>
    public string Formula
    {
        get => field.Length == 0 && Writing is { } writing ? field = writing.Value.Text([.. Index], Slope, Gradient) : field;
        init;
    } = Formula.Given();

    /// <summary>Writes the formula: of the thousands of terms that there may be, few are read.</summary>
    internal Lazy<GraphFormula>? Writing { get; init; }

    /// <summary>What it adds to the gradient.</summary>
    public double Contribution => Slope * Gradient;

    /// <summary>The product.</summary>
    public override string ToString() => $"{Formula} = {GraphText.Number(Contribution)}";
}

/// <summary>What one example, operation or path adds to a gradient.</summary>
/// <param name="Name">What it is called: <c>x[2]</c>, <c>addmm1</c>, <c>addmm1 → tanh1 → mse_loss1</c>.</param>
/// <param name="Contribution">The sum of its terms.</param>
/// <param name="Terms">How many terms it has; of a path 0, which is no sum of terms.</param>
/// <param name="Operations">The operations it goes through, in order; of an example none.</param>
public sealed record GraphShare(string Name, double Contribution, int Terms, IReadOnlyList<GraphOperation> Operations)
{
    /// <summary>What it is called.</summary>
    public string Name { get; init; } = Name.Given();

    /// <summary>The operations it goes through.</summary>
    public IReadOnlyList<GraphOperation> Operations { get; init; } = Operations.AllGiven();

    /// <summary><c>x[2]: −0.1</c>.</summary>
    public override string ToString() => $"{Name}: {GraphText.Number(Contribution)}";
}

/// <summary>One step of the way from a parameter to what is differentiated, from number to number.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Name">The number it makes: <c>relu1[0, 3]</c>.</param>
/// <param name="Number">Its value.</param>
/// <param name="Factor">The derivative of it by the number before.</param>
/// <param name="Gradient">Its gradient.</param>
public sealed record GraphStep(GraphOperation Operation, string Name, double Number, double Factor, double Gradient)
{
    /// <summary>The operation.</summary>
    public GraphOperation Operation { get; init; } = Operation.Given();

    /// <summary>The number it makes.</summary>
    public string Name { get; init; } = Name.Given();

    /// <summary><c>relu1[0, 3] = 0.5 · 1</c>.</summary>
    public override string ToString() => $"{Name} = {GraphText.Number(Number)}   · {GraphText.Number(Factor)}";
}
