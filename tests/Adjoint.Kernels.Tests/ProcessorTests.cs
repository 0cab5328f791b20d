using System.Runtime.Intrinsics;

namespace Adjoint.Tests.Kernels;

/// <summary>
/// <c>./check processors</c> runs the tests of the kernels as narrower processors would. Were a setting of the runtime renamed, it would
/// run the same thing again, and pass.
/// </summary>
public class ProcessorTests
{
    [Theory, InlineData("DOTNET_EnableAVX512", 512), InlineData("DOTNET_EnableAVX2", 256), InlineData("DOTNET_EnableHWIntrinsic", 128)]
    public void A_setting_that_switches_registers_off_does(string setting, int bits)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(setting) == "0", "Every register of this processor is in use.");
        (bits > 512 || !Vector512.IsHardwareAccelerated).ShouldBeTrue();
        (bits > 256 || !Vector256.IsHardwareAccelerated).ShouldBeTrue();
        (bits > 128 || !Vector128.IsHardwareAccelerated).ShouldBeTrue();
    }
}
