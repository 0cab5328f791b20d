using Adjoint.Kernels;

namespace Adjoint.Nn;

/// <summary>The rest of the module is made of what the operation says of itself.</summary>
public sealed partial class ReLU : IEpilogue
{
    Epilogue IEpilogue.Epilogue => Epilogue.Relu;
}
