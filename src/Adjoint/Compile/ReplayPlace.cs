namespace Adjoint;

/// <summary>Where the memory of a graph lies while it is replayed.</summary>
internal enum ReplayPlace
{
    /// <summary>Nowhere: no step reads it as a tensor.</summary>
    None,

    /// <summary>In the tensor that it had when it was captured: parameters, buffers, constants, C# numbers.</summary>
    Outside,

    /// <summary>In an argument of the call.</summary>
    Argument,

    /// <summary>In the gradient that a leaf has when the call begins.</summary>
    Gradient,

    /// <summary>In a number that is asked for.</summary>
    Asked,

    /// <summary>Computed once, when the plan was made: nothing that it depends on ever changes.</summary>
    Folded,

    /// <summary>In memory that is used again in every run, and in each by several values one after the other.</summary>
    Shared,

    /// <summary>In memory of its own that is used again in the next run, unless somebody has got hold of it meanwhile.</summary>
    Kept,

    /// <summary>In new memory in every run: what the caller gets.</summary>
    Fresh,

    /// <summary>Where a copy of it is kept, which is not made.</summary>
    Moved,

    /// <summary>In what the operation itself gives.</summary>
    Given,
}
