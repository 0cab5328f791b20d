using Adjoint.Data;

namespace Adjoint.Nn;

/// <remarks>Values that are no independent draws: truncated, orthogonal, sparse, and identities.</remarks>
public static partial class Init
{
    /// <summary>
    /// Normal with a mean and standard deviation, drawn again (by the inverse of its distribution) to be in [a, b]. Returns the tensor.
    /// PyTorch's <c>trunc_normal_</c>, whose draws it has; in Float32 the last bit is that of our inverse error function, which is rounded
    /// once.
    /// </summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="mean">The mean; any finite number.</param>
    /// <param name="std">The standard deviation before values are cut off; above 0.</param>
    /// <param name="a">The least value; any number.</param>
    /// <param name="b">The largest value; at least <paramref name="a"/>.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ArgumentException">There is no value in [a, b] that the distribution has: it lies more than some eight standard
    /// deviations away.</exception>
    public static Tensor TruncNormal(
        Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator? generator = null)
    {
        tensor.Given();
        mean.In(Interval.Finite);
        std.In(Interval.Positive);
        if (!(a <= b)) throw new ArgumentException($"Init.TruncNormal: a must be at most b, but they are {a} and {b}.", nameof(a));
        double low = 2 * Below((a - mean) / std) - 1, high = 2 * Below((b - mean) / std) - 1;
        if (a < b && low == high)
            throw new ArgumentException(
                $"Init.TruncNormal: a normal number of mean {mean} and standard deviation {std} is never in [{a}, {b}].", nameof(a));
        try
        {
            using GradScope _ = Autograd.NoGrad();
            tensor.UniformInPlace(low, high, generator);
            tensor.ErfinvInPlace();
            tensor.MulInPlace(std * Math.Sqrt(2)).AddInPlace(mean);
            return tensor.ClampInPlace(a, b);
        }
        catch (TensorException e) when (e.IsOf("Init.TruncNormal"))
        {
            throw;
        }
    }

    /// <summary>
    /// A random matrix with orthonormal rows, or columns where there are fewer of them (Saxe et al. 2014), times a gain; further dimensions
    /// count as columns. Returns the tensor. PyTorch's <c>orthogonal_</c>, whose draws it has; the last bits are those of the
    /// decomposition.
    /// </summary>
    /// <param name="tensor">The weight.</param>
    /// <param name="gain">The factor; any finite number.</param>
    /// <param name="generator">Where it is drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ShapeException">The tensor has fewer than two dimensions.</exception>
    public static Tensor Orthogonal(Tensor tensor, double gain = 1, Generator? generator = null)
    {
        tensor.Given();
        gain.In(Interval.Finite);
        if (tensor.NDim < 2)
            throw new ShapeException($"Init.Orthogonal: needs at least 2 dimensions, but the shape is {tensor.Shape}.");
        if (tensor.NumEl == 0) return tensor;
        try
        {
            using GradScope _ = Autograd.NoGrad();
            int rows = tensor.Shape[0], columns = tensor.NumEl / rows;
            Tensor drawn = Tensor.Empty([rows, columns], tensor.DType).NormalInPlace(0, 1, generator);
            if (rows < columns) drawn = drawn.Transpose(0, 1);
            (Tensor q, Tensor r) = Linalg.Qr(drawn);
            // The signs of the decomposition are a convention; with them taken away all such matrices are as likely (Mezzadri 2007).
            q = q * r.Diagonal().Sign();
            if (rows < columns) q = q.Transpose(0, 1);
            return tensor.CopyInPlace(q.Reshape(tensor.Shape)).MulInPlace(gain);
        }
        catch (TensorException e) when (e.IsOf("Init.Orthogonal"))
        {
            throw;
        }
    }

    /// <summary>
    /// The weight of a convolution that leaves its input as it is, as far as there are channels: 1 in the middle of the kernel from each
    /// channel to itself, zeros elsewhere. Returns the tensor. PyTorch's <c>dirac_</c>.
    /// </summary>
    /// <param name="tensor">The weight [out, in/groups, …] with one to three dimensions of a kernel.</param>
    /// <param name="groups">The groups of the convolution; at least 1.</param>
    /// <exception cref="ShapeException">The tensor has not three to five dimensions, or its outputs cannot be divided by the
    /// groups.</exception>
    public static Tensor Dirac(Tensor tensor, int groups = 1)
    {
        tensor.Given();
        groups.AtLeast(1);
        if (tensor.NDim is < 3 or > 5)
            throw new ShapeException(
                $"Init.Dirac: needs the weight of a convolution, with 3, 4 or 5 dimensions, but the shape is {tensor.Shape}.");
        if (tensor.Shape[0] % groups != 0)
            throw new ShapeException(
                $"Init.Dirac: {tensor.Shape[0]} outputs (shape {tensor.Shape}) cannot be divided into {groups} groups.");
        try
        {
            using GradScope _ = Autograd.NoGrad();
            tensor.ZeroInPlace();
            if (tensor.NumEl == 0) return tensor;
            int each = tensor.Shape[0] / groups;
            Tensor middle = tensor;
            for (int dim = tensor.NDim - 1; dim >= 2; dim--) middle = middle.Select(dim, tensor.Shape[dim] / 2);
            for (int group = 0; group < groups; group++) middle.Slice(0, group * each, (group + 1) * each).Diagonal().FillInPlace(1);
            return tensor;
        }
        catch (TensorException e) when (e.IsOf("Init.Dirac"))
        {
            throw;
        }
    }

    /// <summary>
    /// Normal with mean 0, and in each column a share of the rows, drawn anew, is zero (Martens 2010). Returns the tensor. PyTorch's
    /// <c>sparse_</c>.
    /// </summary>
    /// <param name="tensor">A matrix.</param>
    /// <param name="sparsity">The share of zeros in each column; in [0, 1].</param>
    /// <param name="std">The standard deviation of the others; at least 0.</param>
    /// <param name="generator">Where they are drawn from; by default <see cref="Rng.Default"/>.</param>
    /// <exception cref="ShapeException">The tensor is no matrix.</exception>
    public static Tensor Sparse(Tensor tensor, double sparsity, double std = 0.01, Generator? generator = null)
    {
        tensor.Given();
        sparsity.In(Interval.Unit);
        std.In(Interval.NotNegative);
        if (tensor.NDim != 2) throw new ShapeException($"Init.Sparse: needs a matrix, but the shape is {tensor.Shape}.");
        try
        {
            using GradScope _ = Autograd.NoGrad();
            tensor.NormalInPlace(0, std, generator);
            (int rows, int columns) = (tensor.Shape[0], tensor.Shape[1]);
            int zeros = (int)Math.Ceiling(sparsity * rows);
            bool[] isZero = new bool[tensor.NumEl];
            for (int column = 0; column < columns; column++)
                foreach (int row in RandomSampler.Permutation(rows, generator ?? Rng.Default).AsSpan(0, zeros))
                    isZero[row * columns + column] = true;
            return tensor.MaskedFillInPlace(Tensor.From(isZero).Reshape(rows, columns), 0.0);
        }
        catch (TensorException e) when (e.IsOf("Init.Sparse"))
        {
            throw;
        }
    }

    // The share of normal numbers below one.
    private static double Below(double x) => (1 + new Real<double>(x / Math.Sqrt(2)).Erf().Value) / 2;
}
