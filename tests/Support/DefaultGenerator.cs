namespace Adjoint.Tests.RandomNumbers;

/// <summary>
/// The collection of tests that seed the program's generator and expect its numbers. It never runs beside other tests, which draw from
/// that generator too: every layer that is made without a generator of its own does.
/// </summary>
[CollectionDefinition(Collection, DisableParallelization = true)]
public class DefaultGenerator
{
    public const string Collection = "Default generator";
}
