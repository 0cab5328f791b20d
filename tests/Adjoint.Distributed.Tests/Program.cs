using System.Reflection;
using Adjoint.Distributed;

namespace Adjoint.Tests.Distributed;

/// <summary>The tests, or with <c>rank NAME ARGUMENTS</c> one process of a run that a test has started: see <see cref="Ranks"/>.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not ["rank", { } name, .. string[] arguments])
            return Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(
                args, SelfRegisteredExtensions.AddSelfRegisteredExtensions).GetAwaiter().GetResult();
        MethodInfo scenario = typeof(Program).Assembly.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic))
            .Single(method => method.IsDefined(typeof(ScenarioAttribute)) && method.Name == name);
        scenario.CreateDelegate<Action<string[]>>()(arguments);
        return 0;
    }
}

/// <summary>What every rank of a run does. An assertion that fails ends the run.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ScenarioAttribute : Attribute;
