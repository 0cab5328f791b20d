using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>A module whose whole work is done to each element at the end of a product: the module before it may do it.</summary>
internal interface IEpilogue
{
    /// <summary>What it does to each element.</summary>
    Epilogue Epilogue { get; }
}

/// <summary>
/// A module that can do the work of the one behind it while it writes its own output: the same numbers and the same graph.
/// </summary>
internal interface ITakesEpilogue
{
    /// <summary>The output of both.</summary>
    Tensor CallWith(Epilogue epilogue, Tensor input);
}
