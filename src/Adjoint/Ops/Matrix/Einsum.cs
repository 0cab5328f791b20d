namespace Adjoint;

public sealed partial class Tensor
{
    /// <summary>
    /// The label that stands for '...' where <see cref="Einsum(IReadOnlyList{ValueTuple{Tensor, int[]}}, int[])"/> is given numbers.
    /// </summary>
    public static int EinsumEllipsis => EinsumEquation.Ellipsis;

    /// <summary>
    /// A sum of products, in Einstein's notation: one letter names each dimension of each operand; elements that agree in all
    /// letters are multiplied, and letters that the output leaves out are summed over.
    /// </summary>
    /// <remarks>
    /// <para><c>"ij,jk-&gt;ik"</c> is zᵢₖ = Σⱼ xᵢⱼ·yⱼₖ. Without <c>-&gt;</c> the output has the letters that appear once, capitals
    /// first, in alphabetical order, after the dimensions under <c>...</c>. A letter twice in one operand means its diagonal.
    /// <c>...</c> stands for all dimensions without a letter; these broadcast, and are summed over where an explicit output leaves
    /// them out. Sizes of a letter must be equal or 1. Spaces are ignored.</para>
    /// <para>Operands are contracted from the left to the right by batched matrix products; gradients of every order and forward
    /// mode are those of the operations it consists of. An output that only rearranges one operand is a view of it.</para>
    /// <para>Dtypes: any; with one operand Int32, UInt8 and Bool are summed as Int64, with several they keep their dtype.</para>
    /// </remarks>
    /// <param name="equation">Letters of each operand, separated by commas; then, if wanted, <c>-&gt;</c> and the output's.</param>
    /// <param name="operands">As many tensors as the equation names.</param>
    /// <exception cref="ArgumentException">The equation cannot be read, or names another number of operands.</exception>
    /// <exception cref="ShapeException">Letters and dimensions differ in number, or the sizes of a letter differ.</exception>
    /// <exception cref="DTypeException">Products are summed whose factors have different dtypes, or are Bool.</exception>
    /// <example><code>
    /// Tensor scores = Tensor.Einsum("bhqd,bhkd->bhqk", queries, keys);
    /// Tensor trace = Tensor.Einsum("ii", matrix);
    /// Tensor bilinear = Tensor.Einsum("bn,anm,bm->ba", left, weight, right);
    /// </code></example>
    public static Tensor Einsum(string equation, params Tensor[] operands) =>
        Contraction.Of(EinsumEquation.Parse(equation.Given(), operands.AllGiven().Length), operands);

    /// <summary>The same with numbers from 0 to 51 in place of letters: PyTorch's sublist format.</summary>
    /// <param name="operands">Each tensor with the labels of its dimensions; <see cref="EinsumEllipsis"/> stands for '...'.</param>
    /// <param name="output">The labels of the output; by default those that appear once, in order.</param>
    /// <exception cref="ArgumentException">A label is out of range, or there are no operands.</exception>
    /// <inheritdoc cref="Einsum(string, Tensor[])"/>
    /// <example><code>
    /// Tensor product = Tensor.Einsum([(a, [0, 1]), (b, [1, 2])], [0, 2]);
    /// </code></example>
    public static Tensor Einsum(IReadOnlyList<(Tensor Operand, int[] Labels)> operands, int[]? output = null) =>
        Contraction.Of(
            EinsumEquation.Of([.. operands.Given().Select(pair => pair.Labels.Given(nameof(operands)))], output),
            [.. operands.Select(pair => pair.Operand.Given(nameof(operands)))]);
}

public static partial class OpTable
{
    private static Op Einsum => Op.Of(OpKind.Composite, "einsum",
        (x, y) => Tensor.Einsum("iij,...kj->...ik", x, y), new OpInput([2, 2, 3], Domain.Reals), new OpInput([2, 1, 3], Domain.Reals),
        new()
        {
            Formula = "Σ of products over the letters that the result has not",
            Torch = "torch.einsum(\"iij,...kj->...ik\", x, y)",
            Onnx = "Einsum",
        });

    private static Op Einsum3 => Op.Of(OpKind.Composite, "einsum_3",
        (x, y, z) => Tensor.Einsum("ij,jk,...k", x, y, z), Matrix,
        new OpInput([4, 2], Domain.Reals), new OpInput([3, 1, 2], Domain.Reals),
        new()
        {
            Formula = "Σ of products over the letters that the result has not, of three tensors",
            Torch = "torch.einsum(\"ij,jk,...k\", x, y, z)",
        });
}
