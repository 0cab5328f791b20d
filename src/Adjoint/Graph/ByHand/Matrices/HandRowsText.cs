namespace Adjoint;

/// <summary>What decompositions do with rows and with products of matrices, as text. See Note [Rows of decompositions].</summary>
internal static class HandRowsText
{
    internal const string Dot = """
        // Σ x·y of n numbers that lie one after the other: the kernel keeps four times as many partial sums as 32 bytes hold, adds them
        // up across, and takes what is left over one by one. In another order the last bits would be others.
        static real DotOfRows(real[] x, int atX, real[] y, int atY, int n)
        {
            const int Lanes = 32 / sizeof(real);
            int whole = n / Lanes * Lanes, fours = n / (4 * Lanes) * (4 * Lanes);
            real sum = 0;
            if (whole > 0)
            {
                real[] sums = new real[4 * Lanes];
                for (int k = 0; k < whole; k++)
                {
                    int lane = k < fours ? k % (4 * Lanes) : k % Lanes;
                    sums[lane] = MathR.FusedMultiplyAdd(x[atX + k], y[atY + k], sums[lane]);
                }
                for (int l = 0; l < Lanes; l++)
                    sums[l] = sums[l] + sums[Lanes + l] + (sums[2 * Lanes + l] + sums[3 * Lanes + l]);
                for (int l = 0; l < Lanes / 2; l++)
                    sum += sums[l] + sums[Lanes / 2 + l];
            }
            for (int k = whole; k < n; k++)
                sum = MathR.FusedMultiplyAdd(x[atX + k], y[atY + k], sum);
            return sum;
        }
        """;

    internal const string AddScaled = """
        // y += factor·x of n numbers, each rounded once.
        static void AddScaled(real[] y, int atY, real factor, real[] x, int atX, int n)
        {
            for (int k = 0; k < n; k++)
                y[atY + k] = MathR.FusedMultiplyAdd(factor, x[atX + k], y[atY + k]);
        }
        """;

    internal const string Exchange = """
        // Two rows of a matrix change places.
        static void ExchangeRows(real[] a, int at, int step, int columns, int i, int other)
        {
            for (int k = 0; k < columns; k++)
                (a[at + i * step + k], a[at + other * step + k]) = (a[at + other * step + k], a[at + i * step + k]);
        }
        """;

    /// <summary>The size of the numbers: what is decomposed is brought to where squares are in range.</summary>
    internal const string Scale = """
        // The largest of the sizes of n numbers; NaN if there is one.
        static real Largest(real[] x, int at, int n)
        {
            real largest = 0;
            for (int k = 0; k < n; k++)
            {
                real size = MathR.Abs(x[at + k]);
                if (!(size <= largest)) largest = size;
                if (real.IsNaN(size)) return size;
            }
            return largest;
        }

        // A power of two that brings numbers of this size to where their squares are in range: 1 where they are there.
        static real ScaleOf(real largest)
        {
            if (!real.IsFinite(largest) || largest == 0) return 1;
            int exponent = MathR.ILogB(largest), most = sizeof(real) == 4 ? 40 : 300;
            return Math.Abs(exponent) < most ? 1 : MathR.ScaleB(1, Math.Clamp(-exponent, -most * 3, most * 3));
        }
        """;

    internal const string Transpose = """
        // y = xᵀ.
        static void Transpose(real[] x, int atX, int stepX, int rows, int columns, real[] y, int atY, int stepY)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                    y[atY + j * stepY + i] = x[atX + i * stepX + j];
            }
        }
        """;

    internal const string Half = """
        // About a half, a multiple of 8.
        static int Half(int n) => (n / 2 + 7) & ~7;
        """;

    internal const string Product = """
        // c = a·b, or that added to c; a or b is meant turned if so said. How an element is added up depends on the sizes, as in the
        // kernel: step by step, in blocks of 512 steps, or in partial sums. In another order the last bits would be others.
        static void Product(
            bool turnsA, bool turnsB, int m, int n, int k, real[] a, int atA, int lda, real[] b, int atB, int ldb,
            real[] c, int atC, int ldc, bool adds)
        {
            const int Lanes = 64 / sizeof(real);
            (int rowA, int stepA) = turnsA ? (1, lda) : (lda, 1);
            (int stepB, int columnB) = turnsB ? (1, ldb) : (ldb, 1);
            bool inRows = stepA == 1 && stepB == 1, isColumn = n == 1, isRow = m == 1 && !isColumn;
            bool isDot = k >= Lanes && (isColumn ? stepA == 1 : isRow && stepB == 1);
            bool inBlocks = !isDot && (isColumn ? rowA == 1 && ldc == 1 : isRow && columnB == 1);
            long few = Math.Min(m, n), idle = (few + Lanes - 1) / Lanes * Lanes - few;
            bool isNarrow = !isDot && !inBlocks && inRows && few <= 64 && few * k * sizeof(real) <= 1 << 19 && idle * k > 6 * Lanes * few;
            bool isSmall = !isDot && !inBlocks && !isNarrow && (long)m * n * k <= 64000 && columnB == 1;
            (int lastRows, int lastColumns) = isDot || inBlocks || isNarrow || isSmall
                ? (0, 0) : Left(m, n, k, inRows, stepA, rowA, stepB, columnB);
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    int startA = atA + i * rowA, startB = atB + j * columnB, place = atC + i * ldc + j;
                    if (isDot || isNarrow || i >= m - lastRows || j >= n - lastColumns)
                    {
                        real dot = isDot ? DotInPieces(a, startA, stepA, b, startB, stepB, k, 2 * Lanes)
                            : Dot(a, startA, stepA, b, startB, stepB, k, Lanes);
                        c[place] = adds ? c[place] + dot : dot;
                        continue;
                    }
                    int slice = isSmall || inBlocks ? k : 8192;
                    for (int first = 0; first < k; first += slice)
                    {
                        int steps = Math.Min(slice, k - first), blocks = isSmall ? 1 : (steps + 511) / 512;
                        int depth = (steps + blocks - 1) / blocks;
                        for (int start = first; start < first + steps; start += depth)
                        {
                            real part = 0;
                            for (int l = start; l < Math.Min(start + depth, first + steps); l++)
                                part = MathR.FusedMultiplyAdd(a[startA + l * stepA], b[startB + l * stepB], part);
                            c[place] = adds || start > 0 ? c[place] + part : part;
                        }
                    }
                }
            }
        }

        // How many of the last rows, or of the last columns, of a large product the kernel adds up as dot products.
        static (int Rows, int Columns) Left(int m, int n, int k, bool inRows, int stepA, int rowA, int stepB, int columnB)
        {
            const int Lanes = 64 / sizeof(real);
            double Cost(double rows, double columns, bool leftInRows, bool rightInRows) =>
                Math.Ceiling(columns / (2 * Lanes)) * rows * k + (rightInRows ? 0.3 : 1) * columns * k + (leftInRows ? 0 : 0.3) * rows * k;
            bool turns = Cost(m, n, stepA == 1, columnB == 1) > Cost(n, m, stepB == 1, rowA == 1) + 1.2 * m * n;
            (int height, int width) = turns ? (n, m) : (m, n);
            int rest = width % Lanes;
            if (!inRows || rest > Lanes / 4 || width <= Lanes || k < 256 || height < Lanes) return (0, 0);
            return turns ? (rest, 0) : (0, rest);
        }
        """;

    internal const string Subtract = """
        // c −= a·b.
        static void SubtractProduct(
            bool turnsB, int m, int n, int k, real[] a, int atA, int lda, real[] b, int atB, int ldb, real[] c, int atC, int ldc)
        {
            if (m <= 0 || n <= 0 || k <= 0) return;
            real[] negative = new real[m * k];
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < k; j++)
                    negative[i * k + j] = -a[atA + i * lda + j];
            }
            Product(false, turnsB, m, n, k, negative, 0, k, b, atB, ldb, c, atC, ldc, true);
        }
        """;
}
