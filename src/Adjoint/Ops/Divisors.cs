using Adjoint.Kernels;

namespace Adjoint;

/// <summary>Divisors of whole numbers, none of which may be 0: there is no NaN to give. See docs/decisions/0023.</summary>
internal static class Divisors
{
    /// <summary>The dividend, once no divisor is 0 or the quotients are real.</summary>
    /// <exception cref="ArgumentException">A divisor is 0, and the quotient is one of integers.</exception>
    internal static Tensor Dividend(string operation, Tensor x, Tensor divisors, string name)
    {
        DType dtype = Promotion.Of(x, divisors);
        // A number of a larger dtype becomes one of x's, and may be 0 there: 256 is 0 among bytes.
        if (x.NumEl == 0 || dtype.IsFloatingPoint || FirstZero(divisors.Detach().To(dtype)) is not { } place) return x;
        string zero = divisors.NDim == 0 ? name : $"{name}[{string.Join(", ", place)}]";
        string given = divisors.NDim == 0 && divisors.Item() is var value && value != 0 ? $"{value}, which as {dtype} is 0" : "0";
        throw new ArgumentException($"{operation}: {zero} is {given}, and an integer is divided by it. {Instead}", name);
    }

    /// <summary>What is thrown where a function of a caller's own divides a whole number by 0, or the smallest by −1.</summary>
    /// <param name="operation">Its name.</param>
    /// <param name="name">The argument that is to blame.</param>
    /// <param name="elements">Where it does.</param>
    internal static ArgumentException Refused(string operation, string name, string elements) =>
        new($"{operation}: a quotient of integers is none (by 0, or of the smallest by −1) where {elements}. {Instead}", name);

    private const string Instead = "Convert with To(DType.Float32) to get NaN or infinity.";

    private static int[]? FirstZero(Tensor divisors)
    {
        Tensor zeros = Elements.ToContiguous(divisors.Eq(0));
        using var memory = new Loan();
        int first = memory.Of<byte>(zeros).IndexOf((byte)1);
        if (first < 0) return null;
        int[] place = new int[divisors.NDim];
        for (int d = place.Length - 1; d >= 0; d--) (first, place[d]) = Math.DivRem(first, divisors.Shape[d]);
        return place;
    }
}
