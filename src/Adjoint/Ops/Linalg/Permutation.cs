namespace Adjoint;

/// <summary>Exchanges of rows as the order that they lead to.</summary>
/// <remarks>Which row stands where: an operation without a gradient, of Int64, so that modes and graphs see it.</remarks>
internal readonly struct Permutation(int rows) : ITensorOperation, IByHand
{
    /// <summary>p with (Pᵀ·A)[i] = A[p[i]], from pivots counted from 1.</summary>
    internal static Tensor Of(Tensor pivots, int rows) => Door.Run(new Permutation(rows), pivots);

    /// <summary>x[p[i]] for every i, of each matrix.</summary>
    internal static Tensor Rows(Tensor x, Tensor p) => x.Gather(-2, p.Unsqueeze(-1).Expand(x.Shape));

    public string Name => "lu_permutation";

    public void Describe(OpAttributes to) => to.Add("rows", rows);

    public void Write(Hand hand)
    {
        HandTensor pivots = HandMatrices.InRows(hand, hand.Input(0)), order = hand.Result;
        int count = pivots.Shape[-1], all = rows, batch = rows == 0 ? 0 : order.Shape.NumEl / rows;
        (string p, string name) = (hand.Whole(pivots), hand.Whole(order));
        HandMatrices.Each(hand, batch, at =>
        {
            hand.For($"{all}", i => hand.Line($"{name}[{HandMatrices.Sum(at[1], i, 1)}] = {i};"));
            hand.For($"{count}", i =>
            {
                string own = HandMatrices.Sum(at[1], i, 1);
                hand.Line($"int other = {HandMatrices.Sum(at[1], $"{p}[{HandMatrices.Sum(at[0], i, 1)}]", 1)} - 1;");
                hand.Line($"({name}[{own}], {name}[other]) = ({name}[other], {name}[{own}]);");
            });
        }, (pivots, count), (order, rows));
    }

    public Tensor Run(Here here, ReadOnlySpan<Tensor?> inputs)
    {
        Tensor pivots = inputs[0]!;
        int count = pivots.Shape[-1];
        int[] steps = Elements.ToArray<int>(pivots);
        Tensor p = Tensor.Uninitialized(here, Shape.Of([.. pivots.Shape.Sizes[..^1], rows]), DType.Int64);
        using var memory = new Loan();
        Kernels.LuFactor.Order(steps, count, rows, memory.Of<long>(p));
        return p;
    }
}
