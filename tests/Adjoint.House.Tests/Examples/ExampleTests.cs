using Adjoint.Tests.Kernels;

namespace Adjoint.Tests.Examples;

/// <summary>Alone, because an example has the console and the program's random numbers to itself.</summary>
[Collection(ThreadCount.Collection)]
public class ExampleTests
{
    public static TheoryData<string> All => [.. Example.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void Prints_what_is_expected(string name)
    {
        var example = new Example(name);
        string printed = example.Run();
        printed.ShouldNotBeEmpty();
        printed.ShouldBe(example.Expected);
    }

    [Fact]
    public void The_quest_by_autograd_and_the_quest_by_hand_print_the_same_to_the_byte() =>
        new Example("01-quest-auto").Run().ShouldBe(new Example("02-quest-manual").Run());

    [Fact]
    public void Every_expected_output_belongs_to_an_example() =>
        Directory.GetFiles(Path.Combine(Example.Folder, "expected")).Select(file => Path.GetFileNameWithoutExtension(file))
        .ShouldBeSubsetOf(Example.Names);
}
