namespace Adjoint.Tests.Parity;

/// <summary>
/// Random programs that are made here, of the words that are compared with PyTorch: what is compared is the modes with each other.
/// </summary>
internal static class RandomProgram
{
    private static readonly int[][] s_shapes = [[], [3], [2, 3], [3, 3], [1, 3], [2, 1, 3], [4], [2, 2]];

    private static readonly string[] s_views =
    [
        "select", "narrow", "slice", "step", "unbind", "t", "diagonal", "permute", "expand", "reshape", "view", "flatten", "unsqueeze",
        "squeeze", "unfold", "detach",
    ];

    /// <summary>The program of a seed: one that reverse mode can differentiate.</summary>
    internal static Program Of(int seed)
    {
        var random = new Random(seed);
        (string[] pure, string[] inPlace) = Program.AllWords();
        int[][] shapes = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => s_shapes[random.Next(s_shapes.Length)])];
        int count = shapes.Sum(s => s.Aggregate(1, (n, size) => n * size));
        double[] data = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() * 4 - 2)];
        var program = new Program(seed, shapes, data, [], 0, [], null);
        int length = random.Next(3, 16);
        for (int tries = 0; program.Code.Length < length && tries < 200; tries++)
        {
            Program longer = program with { Code = [.. program.Code, Line(random, shapes.Length + program.Code.Length, pure, inPlace)] };
            if (Gradients(longer) is not null) program = longer;
        }
        return program;
    }

    /// <summary>
    /// The loss and its gradients by reverse mode; null if a word does not take what it got, or a change forbids the gradient.
    /// </summary>
    internal static (Tensor Loss, Tensor[] Gradients)? Gradients(Program program)
    {
        try
        {
            Tensor[] inputs = program.Inputs();
            foreach (Tensor x in inputs) x.RequiresGradInPlace();
            Tensor loss = OfCopies(program)(inputs);
            if (!(Math.Abs(loss.Item<double>()) < 1e3)) return null;
            if (loss.RequiresGrad) loss.Backward();
            Tensor[] gradients = [.. inputs.Select(x => x.Grad ?? x.ZerosLike())];
            return gradients.Any(g => g.NumEl > 0 && !(g.Abs().Max().Item<double>() < 1e3)) ? null : (loss, gradients);
        }
        catch (Exception e) when (e is TensorException or ArgumentException or IndexOutOfRangeException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The loss as a function whose arguments are not what it changes in place.</summary>
    internal static Func<IReadOnlyList<Tensor>, Tensor> OfCopies(Program program) => xs => program.Loss([.. xs.Select(x => x.Clone())]);

    /// <summary>The program without the lines that a fault does not need: who read one of them reads its first operand.</summary>
    internal static Program Shrunk(Program program, Func<Program, bool> isFaulty)
    {
        for (int i = program.Code.Length - 1; i >= 0; i--)
        {
            int gone = program.Shapes.Length + i, instead = program.Code[i].Registers[0];
            var shorter = program with
            {
                Code = [.. program.Code.Where((_, at) => at != i).Select(line => line with
                {
                    Registers = [.. line.Registers.Select(r => r == gone ? instead : r > gone ? r - 1 : r)],
                })],
            };
            if (Gradients(shorter) is not null && isFaulty(shorter)) program = shorter;
        }
        return program;
    }

    private static Statement Line(Random random, int registers, string[] pure, string[] inPlace)
    {
        string name = random.Next(10) switch
        {
            < 3 => inPlace[random.Next(inPlace.Length)],
            < 6 => s_views[random.Next(s_views.Length)],
            _ => pure[random.Next(pure.Length)],
        };
        if (random.Next(6) == 0) name = Program.Unrecorded + name;
        return new(name, [.. Enumerable.Range(0, 3).Select(_ => random.Next(registers))], [random.Next(3), random.Next(2)]);
    }
}
