using System.Runtime.CompilerServices;

namespace Adjoint.Soak;

/// <summary>A program that fills all the memory it may have, again and again, and goes on.</summary>
internal static class FullMemory
{
    internal static int Run()
    {
        foreach (int size in (int[])[40_000_000, 5_000_000, 700_000, 60_000])
        {
            for (int round = 0; round < 3; round++)
            {
                string message = Fill(size);
                if (round == 0) Console.WriteLine(message);
                string[] named = [$"Float32 tensor of shape [{size}]", "in use", "cached"];
                if (!Array.TrueForAll(named, part => message.Contains(part, StringComparison.Ordinal))) return 1;
                // It was let go of, and everything works again.
                Tensor x = Tensor.Ones([1_000_000], requiresGrad: true);
                (x * 2f).Sum().Backward();
                if (x.Grad!.Sum().Item() != 2_000_000) return 2;
            }
        }
        Console.WriteLine("went on");
        return 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Fill(int size)
    {
        var held = new List<Tensor>();
        try
        {
            while (true) held.Add(Tensor.Full([size], held.Count));
        }
        catch (OutOfMemoryException e)
        {
            for (int i = 0; i < held.Count; i++)
                if (held[i][size - 1].Item() != i) return $"tensor {i} has other numbers";
            return e.Message;
        }
    }
}
