namespace Adjoint.Tests.Ops;

/// <summary>Every operation of the table: reverse and forward mode against central differences, over layouts, orders and dtypes.</summary>
public class GradientTests
{
    private static readonly Dictionary<string, Op> Rows = OpTable.All.ToDictionary(op => op.Name);

    public static MatrixTheoryData<string, Layout> Differentiable =>
        new(Rows.Where(row => row.Value.Kind != OpKind.Zero).Select(row => row.Key), Enum.GetValues<Layout>());

    public static TheoryData<string> Names => [.. Rows.Where(row => row.Value.Kind != OpKind.Zero).Select(row => row.Key)];

    public static TheoryData<string> Zeros => [.. Rows.Where(row => row.Value.Kind == OpKind.Zero).Select(row => row.Key)];

    public static TheoryData<string> ElementWise => [.. Rows.Where(row => row.Value.Kind == OpKind.ElementWise).Select(row => row.Key)];

    [Theory]
    [MemberData(nameof(Differentiable))]
    public void Reverse_and_forward_mode_agree_with_central_differences(string name, Layout layout)
    {
        Op op = Rows[name];
        if (name == "to") return; // a detour over Float32 is no smooth function in Float64's eyes
        GradCheck.Run(xs => [Layouts.Apply(op, xs, layout)], Layouts.Leaves(op, layout), new GradCheckOptions { CheckForward = true })
        .ShouldBeTrue();
    }

    /// <summary>
    /// Backward lets a gradient take the memory of the one before, Grad does not, because it may hand any of them out: same bits,
    /// again and again, and what the forward pass made stays as it was.
    /// </summary>
    [Theory]
    [MemberData(nameof(Differentiable))]
    public void Gradients_in_the_memory_of_others_are_the_same_and_touch_nothing_else(string name, Layout layout)
    {
        Op op = Rows[name];
        Tensor[] leaves = Layouts.Leaves(op, layout);
        Tensor[] inner = [.. leaves.Select(x => x.DType.IsFloatingPoint ? x * 1.0 : x)];
        Tensor y = Layouts.Apply(op, inner, layout), z = (y * 1.5 + y.Sigmoid() * y).Sum();
        double[][] before = [.. inner.Append(y).Select(x => x.Detach().ToArray<double>())];
        Tensor[] wanted = [.. leaves.Where(x => x.RequiresGrad)];
        Tensor?[] expected = Autograd.Grad([z], wanted, retainGraph: true, allowUnused: true);
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (Tensor x in wanted) x.Grad = null;
            z.Backward(retainGraph: true);
            for (int i = 0; i < wanted.Length; i++) Bits(wanted[i].Grad).ShouldBe(Bits(expected[i]));
        }
        inner.Append(y).Select(x => x.Detach().ToArray<double>()).ShouldBe(before);

        static long[]? Bits(Tensor? x) => x is null ? null : [.. x.Detach().ToArray<double>().Select(BitConverter.DoubleToInt64Bits)];
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_of_derivatives_agree_with_central_differences(string name)
    {
        Op op = Rows[name];
        if (name == "to") return;
        GradCheck.RunSecondOrder(xs => [Layouts.Apply(op, xs, Layout.Contiguous)], Layouts.Leaves(op, Layout.Contiguous)).ShouldBeTrue();
    }

    /// <summary>Forward over reverse and reverse over forward: u·∂(Jv)/∂x = v·∂(Jᵀu)/∂x for the sum of squares of the result.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Modes_nest_either_way(string name)
    {
        Op op = Rows[name];
        Tensor[] leaves = Layouts.Leaves(op, Layout.Contiguous);
        Tensor v = new OpInput(leaves[0].Shape, Domain.Reals).Sample(3);

        Tensor x = leaves[0].Detach();
        Tensor reverseOverForward, forwardOverReverse;
        using (ForwardLevel level = ForwardAD.EnterDualLevel())
        {
            Tensor leaf = x.Clone().RequiresGradInPlace();
            Tensor dual = leaf * 1;
            dual.AddTangent(level, v);
            Tensor y = Energy(op, leaves, dual);
            Tensor? tangent = y.TangentAt(1)?.Value;
            reverseOverForward = tangent is { RequiresGrad: true }
                ? Autograd.Grad([tangent], [leaf], allowUnused: true)[0] ?? x.ZerosLike() : x.ZerosLike();
        }
        using (ForwardLevel level = ForwardAD.EnterDualLevel())
        {
            Tensor leaf = x.Clone().RequiresGradInPlace();
            leaf.AddTangent(level, v);
            Tensor gradient = Autograd.Grad(Energy(op, leaves, leaf), leaf, createGraph: true);
            forwardOverReverse = gradient.TangentAt(1)?.Value ?? x.ZerosLike();
        }
        Close(forwardOverReverse, reverseOverForward, 1e-9);
    }

    private static Tensor Energy(Op op, Tensor[] leaves, Tensor x) =>
        op.Apply([x, .. leaves[1..].Select(leaf => leaf.Detach())]).Square().Sum();

    [Theory]
    [MemberData(nameof(Names))]
    public void Float32_gives_what_Float64_gives(string name)
    {
        Op op = Rows[name];
        if (name is "to") return;
        (Tensor y64, Tensor[] g64) = Gradients(op, DType.Float64);
        (Tensor y32, Tensor[] g32) = Gradients(op, DType.Float32);
        if (name is not ("prod_zeros" or "cumprod_zeros")) y32.DType.ShouldBe(DType.Float32);
        Close(y32, y64, 1e-4);
        for (int i = 0; i < g64.Length; i++)
        {
            g32[i].DType.ShouldBe(DType.Float32);
            Close(g32[i], g64[i], 1e-4);
        }
    }

    private static (Tensor Y, Tensor[] Gradients) Gradients(Op op, DType dtype)
    {
        Tensor[] leaves = Layouts.Leaves(op, Layout.Contiguous, dtype: dtype);
        Tensor y = op.Apply(leaves);
        y.Square().Sum().Backward();
        return (y, [.. leaves.Select(leaf => leaf.Grad ?? leaf.ZerosLike())]);
    }

    [Theory]
    [MemberData(nameof(ElementWise))]
    public void Element_wise_functions_take_tensors_of_no_dimensions_and_of_no_elements(string name)
    {
        foreach (Shape shape in new[] { Shape.Scalar, [0, 3], [2, 0] })
        {
            Tensor[] leaves = [.. Rows[name].Inputs.Select((input, i) => input.Sample(shape, i).RequiresGradInPlace())];
            Tensor y = Rows[name].Apply(leaves);
            y.Shape.ShouldBe(shape);
            if (shape.NumEl == 0)
            {
                y.Sum().Backward();
                leaves.ShouldAllBe(leaf => leaf.Grad == null || leaf.Grad.Shape.Equals(shape));
            }
            else
            {
                GradCheck.Run(xs => [Rows[name].Apply(xs)], leaves, new GradCheckOptions { CheckForward = true });
            }
        }
    }

    public static TheoryData<string> Binaries => [.. Rows.Where(row => row.Value is BinaryRow).Select(row => row.Key)];

    [Theory]
    [MemberData(nameof(Binaries))]
    public void Gradients_of_broadcast_arguments_are_summed(string name)
    {
        var op = (BinaryRow)Rows[name];
        foreach ((Shape a, Shape b) in new (Shape, Shape)[] { ([3, 1], [1, 4]), ([4], [2, 3, 4]), ([], [2, 3]), ([2, 1, 3], [2, 1]) })
        {
            Tensor[] leaves = [op.Inputs[0].Sample(a, 1).RequiresGradInPlace(), op.Inputs[1].Sample(b, 2).RequiresGradInPlace()];
            GradCheck.Run(xs => [op.Apply(xs)], leaves, new GradCheckOptions { CheckForward = true }).ShouldBeTrue();
        }
    }

    public static TheoryData<string> InPlaces => [.. Rows.Where(row => row.Value is UnaryRow or BinaryRow).Select(row => row.Key)];

    [Theory]
    [MemberData(nameof(InPlaces))]
    public void In_place_gives_the_same_value_and_gradients(string name)
    {
        Op op = Rows[name];
        Tensor[] a = Layouts.Leaves(op, Layout.Contiguous), b = Layouts.Leaves(op, Layout.Contiguous);
        Tensor expected = op.Apply(a);
        Tensor copy = b[0].Clone();
        Tensor actual = op is UnaryRow unary ? unary.ApplyInPlace(copy) : ((BinaryRow)op).ApplyInPlace(copy, b[1]);
        actual.ShouldBeSameAs(copy);
        Close(actual, expected, 0);
        expected.Square().Sum().Backward();
        actual.Square().Sum().Backward();
        for (int i = 0; i < a.Length; i++) Close(b[i].Grad!, a[i].Grad!, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Zeros))]
    public void Operations_without_gradient_never_require_grad(string name) =>
        Rows[name].Apply(Layouts.Leaves(Rows[name], Layout.Contiguous)).RequiresGrad.ShouldBeFalse();

    private static void Close(Tensor actual, Tensor expected, double tolerance)
    {
        actual.Shape.ShouldBe(expected.Shape);
        double[] x = actual.ToArray<double>(), y = expected.ToArray<double>();
        for (int i = 0; i < x.Length; i++)
            (Math.Abs(x[i] - y[i]) <= tolerance * (1 + Math.Abs(y[i]))).ShouldBeTrue($"element {i}: {x[i]:r}, expected {y[i]:r}");
    }
}
