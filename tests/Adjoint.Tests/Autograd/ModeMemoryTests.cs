using Adjoint.Tests.Kernels.Memory;

#pragma warning disable ADJ0001 // scopes are dropped on purpose
namespace Adjoint.Tests.Differentiation;

/// <summary>What scopes that nobody ends hold.</summary>
[Collection(NativeMemory.Collection)]
public class ModeMemoryTests
{
    [Fact]
    public void Many_dropped_scopes_hold_no_memory_and_the_outer_one_still_ends()
    {
        long before;
        using (Autograd.NoGrad())
        {
            Switch(10_000);
            before = GC.GetTotalMemory(forceFullCollection: true);
            Switch(60_000);
            GC.Collect();
            Switch(5_000);
            (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(4 << 20);
            Autograd.IsGradEnabled.ShouldBeFalse();
            Autograd.SetGradEnabled(true);
        }
        Autograd.IsGradEnabled.ShouldBeTrue();

        static void Switch(int times)
        {
            for (int i = 0; i < times; i++) Autograd.SetGradEnabled(i % 2 == 0);
        }
    }
}
