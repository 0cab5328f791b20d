namespace Adjoint.Tests.Compile.Fuzz;

/// <summary>A line of a random function.</summary>
internal readonly record struct FuzzLine(int Kind, int A, int B);

/// <summary>A random function: what it computes, changes and returns.</summary>
internal sealed class FuzzProgram
{
    internal FuzzProgram(int seed)
    {
        Seed = seed;
        var random = new Random(seed);
        Arguments = random.Next(1, 3);
        IsStep = random.Next(2) == 0;
        int count = random.Next(2, 10);
        var lines = new List<FuzzLine>();
        for (int i = 0; i < count; i++)
        {
            int kind = random.Next(FuzzWorld.Kinds);
            // What is rarely done is rare.
            if (kind is >= FuzzWorld.FirstRare and < FuzzWorld.FirstChain && random.Next(3) != 0) kind = random.Next(FuzzWorld.FirstRare);
            lines.Add(new FuzzLine(kind, random.Next(1000), random.Next(1000)));
        }
        if (random.Next(2) == 0)
        {
            lines.Insert(random.Next(lines.Count), new FuzzLine(FuzzWorld.Clears, random.Next(1000), 0));
            lines.Add(new FuzzLine(FuzzWorld.GoesBack, random.Next(1000), 0));
            lines.Add(new FuzzLine(FuzzWorld.Steps, random.Next(1000), 0));
        }
        Lines = [.. lines];
        Results = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(-3, 150))];
    }

    internal int Seed { get; }

    internal int Arguments { get; }

    internal bool IsStep { get; }

    internal FuzzLine[] Lines { get; }

    internal int[] Results { get; }
}
