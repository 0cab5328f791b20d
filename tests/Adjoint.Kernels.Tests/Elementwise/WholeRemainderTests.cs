using System.Numerics;
using Adjoint.Kernels;

namespace Adjoint.Tests.Kernels;

/// <summary>Remainders of whole numbers, in registers by way of doubles, against whole numbers without bounds.</summary>
public sealed class WholeRemainderTests
{
    [Fact]
    public void Longs() => Each<long>([0, 1, -1, 2, 3, -7, 1000, (1L << 51) - 1, -(1L << 51), 1L << 51, -(1L << 51) - 1, (1L << 53) + 1,
        long.MaxValue, long.MinValue, 6148914691236517205]);

    [Fact]
    public void Ints() => Each<int>(
        [0, 1, -1, 2, 3, -7, 1000, 46341, -46341, int.MaxValue, int.MinValue, int.MaxValue - 1, int.MinValue + 1]);

    private static void Each<T>(T[] special) where T : unmanaged, IBinaryInteger<T>
    {
        T[] divisors = [.. special.Where(y => !T.IsZero(y))];
        var random = new System.Random(1);
        for (int n = 1; n <= 67; n++)
        {
            for (int mode = 0; mode < 3; mode++)
            {
                T[] x = Numbers(n, mode, special), y = Numbers(n, mode, divisors), z = new T[n];
                ElementWise.Binary<RemainderOp, T>(default, x, y, z);
                z.ShouldBe([.. x.Zip(y, (a, b) => Mod(a, b, floored: true))]);
                ElementWise.Binary<FmodOp, T>(default, x, y, z);
                z.ShouldBe([.. x.Zip(y, (a, b) => Mod(a, b, floored: false))]);
                ElementWise.Binary<RemainderOp, T>(default, x, y.AsSpan(0, 1), z);
                z.ShouldBe([.. x.Select(a => Mod(a, y[0], floored: true))]);
                T[] inPlace = [.. x];
                ElementWise.Binary<RemainderOp, T>(default, inPlace, y, inPlace);
                inPlace.ShouldBe([.. x.Zip(y, (a, b) => Mod(a, b, floored: true))]);
                y[n / 2] = T.Zero;
                Should.Throw<DivideByZeroException>(() => ElementWise.Binary<RemainderOp, T>(default, x, y, z));
            }
        }

        // Mixed; small, as most are; and around the exact quotients of ones that only just are doubles.
        T[] Numbers(int n, int mode, T[] among) => [.. Enumerable.Range(0, n).Select(_ => mode switch
        {
            0 => among[random.Next(among.Length)],
            1 => T.CreateTruncating(random.Next(1, 2000) * (random.Next(2) * 2 - 1)),
            _ => OrOne(random.NextInt64(1, 1L << random.Next(1, 52)) * (random.Next(2) * 2 - 1)),
        })];

        static T OrOne(long number) => T.CreateTruncating(number) is var low && T.IsZero(low) ? T.One : low;
    }

    private static T Mod<T>(T x, T y, bool floored) where T : IBinaryInteger<T>
    {
        BigInteger a = BigInteger.CreateChecked(x), b = BigInteger.CreateChecked(y), rest = BigInteger.Remainder(a, b);
        if (floored && !rest.IsZero && rest.Sign != b.Sign) rest += b;
        return T.CreateChecked(rest);
    }
}
