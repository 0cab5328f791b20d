namespace Adjoint.Tests.Kernels.Memory;

/// <summary>Tests that look at the memory of the whole process: no other test may run meanwhile.</summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public class NativeMemory
{
    public const string Collection = "native memory";
}
