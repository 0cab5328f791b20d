namespace Adjoint;

public static partial class Transforms
{
    private static void CheckArguments(IReadOnlyList<Tensor> xs)
    {
        if (xs.Count == 0) throw new ArgumentException("The function needs at least one argument to be differentiated by.", nameof(xs));
        for (int i = 0; i < xs.Count; i++)
        {
            if (xs[i] is null) throw new ArgumentNullException(nameof(xs), $"Argument {i} to be differentiated by is null.");
            if (!xs[i].DType.IsFloatingPoint)
            {
                throw new DTypeException(
                    $"Argument {i} to be differentiated by must be of floating point, but is {xs[i].DType}. "
                    + "Convert it: x.To(DType.Float64).");
            }
        }
    }

    private static IReadOnlyList<Tensor> CheckResults(IReadOnlyList<Tensor>? results)
    {
        if (results is null) throw new AutogradException("The function to be differentiated must return tensors, but returned null.");
        for (int i = 0; i < results.Count; i++)
        {
            if (results[i] is null)
                throw new AutogradException($"The function to be differentiated must return tensors, but its result {i} is null.");
        }
        return results;
    }

    /// <summary>
    /// Vectors to multiply a derivative by: as many as there are tensors, of their shapes; left out only for one element.
    /// </summary>
    private static void CheckVectors(string caller, IReadOnlyList<Tensor?>? vs, IReadOnlyList<Tensor> like, string what)
    {
        if (vs is not null && vs.Count != like.Count)
            throw new ArgumentException($"{caller}: there are {like.Count} {what}, but {vs.Count} vectors were given.", nameof(vs));
        for (int i = 0; i < like.Count; i++)
        {
            string name = like.Count == 1 ? "the vector" : $"vector {i}";
            if (vs?[i] is not { } v)
            {
                if (like[i].NumEl == 1) continue;
                throw new AutogradException(
                    $"{caller}: {name} may be left out only for a tensor of one element, but the shape is {like[i].Shape}.");
            }
            if (!v.Shape.Equals(like[i].Shape))
                throw new ShapeException($"{caller}: {name} has shape {v.Shape}, but must have {like[i].Shape}.");
        }
    }

    private static Tensor CheckScalar(string caller, Tensor y)
    {
        if (y is null) throw new AutogradException($"{caller}: the function must return a tensor, but returned null.");
        return y.NumEl == 1 ? y
            : throw new AutogradException($"{caller}: the function must return one number, but returned shape {y.Shape}.");
    }

    /// <summary>The vectors given; where one is left out, the tensor has one element and the direction is 1.</summary>
    private static Tensor[] Directions(IReadOnlyList<Tensor?>? vs, IReadOnlyList<Tensor> xs)
    {
        var directions = new Tensor[xs.Count];
        for (int i = 0; i < directions.Length; i++) directions[i] = vs?[i] ?? xs[i].OnesLike();
        return directions;
    }
}
