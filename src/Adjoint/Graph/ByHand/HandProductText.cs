namespace Adjoint;

/// <summary>The methods of dot products as text.</summary>
internal static class HandProductText
{
    /// <summary>Longer vectors are cut into pieces of this length.</summary>
    internal const int Longest = 1 << 14;

    internal const string Dot = """
        // Σ a·b of n numbers: the kernel keeps as many partial sums as its registers have lanes and adds these up in halves, the last
        // four in pairs of neighbours; each product is added without being rounded before. In another order the last bits would be others.
        static real Dot(real[] a, int startA, int stepA, real[] b, int startB, int stepB, int n, int lanes)
        {
            real[] sums = new real[lanes];
            for (int k = 0; k < n; k++)
                sums[k % lanes] = MathR.FusedMultiplyAdd(a[startA + k * stepA], b[startB + k * stepB], sums[k % lanes]);
            int count = lanes;
            for (; count > 16 / sizeof(real); count /= 2)
            {
                for (int l = 0; l < count / 2; l++)
                    sums[l] += sums[count / 2 + l];
            }
            for (; count > 1; count /= 2)
            {
                for (int l = 0; l < count / 2; l++)
                    sums[l] = sums[2 * l] + sums[2 * l + 1];
            }
            return sums[0];
        }
        """;

    internal const string Pieces = """
        // Σ a·b of more than 16384 numbers: pieces of so many are added up by themselves, since several threads share them.
        static real DotInPieces(real[] a, int startA, int stepA, real[] b, int startB, int stepB, int n, int lanes)
        {
            real sum = 0;
            for (int k = 0; k < n; k += 16384)
            {
                real piece = Dot(a, startA + k * stepA, stepA, b, startB + k * stepB, stepB, Math.Min(16384, n - k), lanes);
                sum = k == 0 ? piece : sum + piece;
            }
            return sum;
        }
        """;

    internal const string Blocks = """
        // Σ a·b of more than 512 numbers: one after the other in equal blocks of at most 512, whose sums are added up, and so in slices.
        static real DotInBlocks(real[] a, int startA, int stepA, real[] b, int startB, int stepB, int n, int slice)
        {
            real sum = 0;
            for (int first = 0; first < n; first += slice)
            {
                int steps = Math.Min(slice, n - first), blocks = (steps + 511) / 512, depth = (steps + blocks - 1) / blocks;
                for (int start = first; start < first + steps; start += depth)
                {
                    real part = 0;
                    for (int k = start; k < Math.Min(start + depth, first + steps); k++)
                        part = MathR.FusedMultiplyAdd(a[startA + k * stepA], b[startB + k * stepB], part);
                    sum = start == 0 ? part : sum + part;
                }
            }
            return sum;
        }
        """;
}
