namespace Adjoint;

/// <summary>The methods of folds as text: NAME is Sum, Product…, what is added is combined, and <c>//fill</c> is for what does not begin
/// with 0.</summary>
internal static class HandFoldText
{
    /// <summary>Up to so many elements are combined in one go.</summary>
    internal const int Leaf = 1024;

    /// <summary>Up to so many are not cut into pieces for several threads.</summary>
    internal const int Chunk = 2 * 16384;

    /// <summary>The elements of a row.</summary>
    internal static string Row(string word) => $$"""
        // NAME of n numbers, {{(word == "float" ? "8" : "4")}} side by side as registers hold them: four registers as far as there are
        // four more, then one, then the lanes in halves, then what is left. In another order the last bits would be others.
        static real NAME(real[] x, int start, int step, int n)
        {
            const int lanes = {{(word == "float" ? "8" : "4")}};
            real[] sums = new real[4 * lanes];
            //fill Array.Fill(sums, IDENTITY);
            int k = 0;
            for (; k + 4 * lanes <= n; k += 4 * lanes)
            {
                for (int l = 0; l < 4 * lanes; l++)
                    sums[l] += x[start + (k + l) * step];
            }
            for (; k + lanes <= n; k += lanes)
            {
                for (int l = 0; l < lanes; l++)
                    sums[l] += x[start + (k + l) * step];
            }
            for (int l = 0; l < lanes; l++)
            {
                sums[2 * lanes + l] += sums[3 * lanes + l];
                sums[l] += sums[lanes + l];
                sums[l] += sums[2 * lanes + l];
            }
            for (int half = lanes / 2; half > 0; half /= 2)
            {
                for (int l = 0; l < half; l++)
                    sums[l] += sums[half + l];
            }
            real sum = sums[0];
            for (; k < n; k++)
                sum += x[start + k * step];
            return sum;
        }
        """;

    /// <summary>Many elements: a balanced tree.</summary>
    internal const string Tree = """
        // NAME of more than 1024 numbers: halves are combined by themselves, so that errors grow with the logarithm of n.
        static real NAMEOfMany(real[] x, int start, int step, int n)
        {
            if (n <= 1024) return NAME(x, start, step, n);
            int half = (n / 2 + 1023) / 1024 * 1024;
            real sum = NAMEOfMany(x, start, step, half);
            sum += NAMEOfMany(x, start + half * step, step, n - half);
            return sum;
        }
        """;

    /// <summary>So many that threads share them.</summary>
    internal const string Chunks = """
        // NAME of so many numbers that the kernel cuts them into pieces for several threads: the pieces depend on n alone.
        static real NAMEInPieces(real[] x, int start, int step, int n)
        {
            long pairs = (n + 32767L) / 32768;
            int size = (int)((n + 2 * pairs - 1) / (2 * pairs) + 63) & -64, count = (n + size - 1) / size;
            real[] parts = new real[count];
            for (int c = 0; c < count; c++)
                parts[c] = NAMEOfMany(x, start + c * size * step, step, Math.Min(size, n - c * size));
            return NAMEOfMany(parts, 0, 1, count);
        }
        """;

    /// <summary>The elements of a column.</summary>
    internal const string Column = """
        // NAME of a column of n numbers: four at a time, and from 64 rows on in levels, of which a full one is combined with the next
        // (after 64 rows, 32 times as many, …). In another order the last bits would be others.
        static real NAMEOfColumn(real[] x, int start, int step, int n)
        {
            real[] levels = new real[7];
            //fill Array.Fill(levels, IDENTITY);
            int blocks = (n + 63) / 64, count = 1;
            for (long most = 1; most < blocks; most *= 32) count++;
            for (int row = 0, done = 1; row < n; done++)
            {
                for (int end = Math.Min(row + 64, n); row < end; row += 4)
                {
                    int at = start + row * step;
                    if (n - row >= 4)
                    {
                        real four = x[at], two = x[at + 2 * step];
                        four += x[at + step];
                        two += x[at + 3 * step];
                        four += two;
                        levels[0] += four;
                        continue;
                    }
                    for (int r = row; r < n; r++)
                        levels[0] += x[start + r * step];
                }
                for (int level = 1, size = 1; level < count && done % size == 0; level++, size *= 32)
                {
                    levels[level] += levels[level - 1];
                    levels[level - 1] = IDENTITY;
                }
            }
            for (int level = 1; level < count; level++)
                levels[level] += levels[level - 1];
            return levels[count - 1];
        }
        """;

    /// <summary>A long column.</summary>
    internal const string Bands = """
        // NAME of a long column: the kernel cuts it into bands of rows, and combines those in the same way.
        static real NAMEOfBands(real[] x, int start, int step, int n, int band)
        {
            if (n <= band) return NAMEOfColumn(x, start, step, n);
            real[] parts = new real[(n + band - 1) / band];
            for (int b = 0; b < parts.Length; b++)
                parts[b] = NAMEOfColumn(x, start + b * band * step, step, Math.Min(band, n - b * band));
            return NAMEOfBands(parts, 0, 1, parts.Length, band);
        }
        """;
}
