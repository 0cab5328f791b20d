using System.Diagnostics;

namespace Adjoint.Tests.Kernels.Memory;

/// <summary>Programs of their own (tests/Adjoint.Soak), with as much memory as they are given.</summary>
[Collection(NativeMemory.Collection), Alone]
public class LimitedMemoryTests
{
    [Fact]
    public async Task Without_memory_the_error_says_what_was_asked_for_and_what_there_is_and_the_program_goes_on()
    {
        string output = await Run([("DOTNET_GCHeapHardLimit", "0x20000000")], "full");
        output.ShouldContain("There is no memory for a Float32 tensor of shape [40000000], which needs 160 MB");
        output.ShouldContain("that the process may use");
        output.ShouldContain("went on");
    }

    [Fact]
    public async Task Under_Never_what_is_beyond_the_budget_is_bounded_by_the_collectors_own_decisions() =>
        (await Run([], "never", "2000000000")).ShouldContain("MB resident");

    // Of the 100 MB, 55 are the runtime's: files of 35 MB, code and heap. The work is counted, so a busy machine changes only the order in
    // which the threads go on. What this is for (scratch memory, dead models, small blocks that nobody finds, padding in huge pages)
    // came to 10 to 400 MB more.
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 7)]
    public async Task Whatever_sizes_follow_each_other_the_process_holds_little_more_than_one_and_a_half_times_what_lives(
        int threads, int seed)
    {
        // One run, in which every look must pass, taken where nothing is under way: see Note [Three looks] in ChangingSizes.cs.
        string output = await Run([], "4", $"{threads}", $"{seed}", "100");
        output.ShouldContain("nearest to the bound");
        output.ShouldContain("after round 4");
    }

    /// <summary>The looks see what they are for: 5 MB of each GB that is made, half a percent.</summary>
    [Fact]
    public async Task What_grows_is_found() =>
        (await Run(1, [], "2", "2", "1", "100", "5")).ShouldContain("FAULT: what is in use by tensors grows from round to round");

    /// <summary>What the program printed; it must end with 0.</summary>
    private static Task<string> Run((string Name, string Value)[] environment, params string[] arguments) => Run(0, environment, arguments);

    private static async Task<string> Run(int exitCode, (string Name, string Value)[] environment, params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Adjoint.Soak.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Not what this run of the tests may have been given: the bound is meant for the collector of a plain program.
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment.Remove("ADJOINT_POISON");
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(exitCode, await output + errors);
        return await output;
    }
}
