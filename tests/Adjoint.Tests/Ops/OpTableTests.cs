namespace Adjoint.Tests.Ops;

/// <summary>The table of operations is complete, and what its rows say of themselves is true.</summary>
public class OpTableTests
{
    /// <summary>Nodes of the engine, which belong to no operation.</summary>
    private static readonly string[] Engine = ["AccumulateGrad", "CopySlices", "FunctionRule", "NotTwice"];

    /// <summary>
    /// What only large tensors meet, too large for the rows that differences are taken of: DistanceTests have the distances of many rows.
    /// </summary>
    private static readonly string[] OfLarge = ["PairDistancesRule", "RowDistancesRule"];

    /// <summary>An operation is covered when a row's graph, or the graph of its gradient, contains its node.</summary>
    [Fact]
    public void Every_operation_has_a_row()
    {
        var seen = new HashSet<Type>();
        foreach (Op op in OpTable.All)
        {
            Tensor[] leaves = Layouts.Leaves(op, Layout.Contiguous);
            Tensor y = op.Apply(leaves);
            if (!y.RequiresGrad) continue;
            Collect(y.GradFn, seen);
            foreach (Tensor? gradient in Autograd.Grad([y.Square().Sum()], leaves, createGraph: true, allowUnused: true))
                Collect(gradient?.GradFn, seen);
        }
        Type[] operations = [.. typeof(Tensor).Assembly.GetTypes().Where(IsOperation).OrderBy(type => type.Name)];
        operations.Length.ShouldBeGreaterThan(100);
        operations.Where(type => !seen.Contains(type) && !OfLarge.Contains(type.Name)).Select(type => $"{type.Name}: add a row for it to src/Adjoint/Ops/OpTable.cs")
            .ShouldBeEmpty();
    }

    private static bool IsOperation(Type type)
    {
        if (type.IsAbstract || type.IsInterface || Engine.Contains(type.Name.Split('`')[0])) return false;
        if (type.IsSubclassOf(typeof(Node))) return true;
        return type.IsValueType
            && type.GetInterfaces()
            .Any(i => i == typeof(IUnaryOp) || i == typeof(IBinaryOp) || i == typeof(ILinearOp) || i == typeof(IReductionOp)
                || i == typeof(IUpdateOp)
            || i == typeof(IBilinearOp) || i == typeof(IRule));
    }

    private static void Collect(Node? root, HashSet<Type> seen)
    {
        var visited = new HashSet<Node>();
        var open = new Stack<Node>();
        if (root is not null) open.Push(root);
        while (open.TryPop(out Node? node))
        {
            if (!visited.Add(node)) continue;
            Add(node.GetType(), seen);
            foreach (Edge edge in node.NextFunctions)
                if (edge.Node is { } next) open.Push(next);
        }
    }

    private static void Add(Type type, HashSet<Type> seen)
    {
        seen.Add(type.IsGenericType ? type.GetGenericTypeDefinition() : type);
        foreach (Type argument in type.GenericTypeArguments) Add(argument, seen);
    }

    public static TheoryData<string> Unaries => [.. OpTable.All.OfType<UnaryRow>().Select(op => op.Name)];

    /// <summary>Poisons what the operation says its slope does not read.</summary>
    [Theory]
    [MemberData(nameof(Unaries))]
    public void What_is_not_saved_is_not_read(string name)
    {
        UnaryRow op = OpTable.All.OfType<UnaryRow>().Single(row => row.Name == name);
        foreach (double value in op.Inputs[0].Sample().ToArray<double>())
        {
            var x = new Real<double>(value);
            Real<double> y = op.Value(x), poison = new(double.NaN);
            bool input = (op.Saves & Saves.Input) != 0, output = (op.Saves & Saves.Output) != 0;
            op.Slope(input ? x : poison, output ? y : poison).Value.ShouldBe(op.Slope(x, y).Value);
        }
    }

    public static TheoryData<string> Binaries => [.. OpTable.All.OfType<BinaryRow>().Select(op => op.Name).Distinct()];

    [Theory]
    [MemberData(nameof(Binaries))]
    public void What_a_slope_does_not_name_it_does_not_read(string name)
    {
        foreach (BinaryRow op in OpTable.All.OfType<BinaryRow>().Where(row => row.Name == name))
        {
            double[] xs = op.Inputs[0].Sample(1).ToArray<double>(), ys = op.Inputs[1].Sample(2).ToArray<double>();
            for (int i = 0; i < xs.Length; i++)
            {
                Real<double> x = new(xs[i]), y = new(ys[i]), z = op.Value(x, y);
                (Real<double> px, Real<double> py, Real<double> pz) = Poisoned(op.Saves, op.SlopeXReads, x, y, z);
                op.SlopeX(px, py, pz).Value.ShouldBe(op.SlopeX(x, y, z).Value);
                (px, py, pz) = Poisoned(op.Saves, op.SlopeYReads, x, y, z);
                op.SlopeY(px, py, pz).Value.ShouldBe(op.SlopeY(x, y, z).Value);
            }
        }
    }

    /// <summary>What is kept for nothing refuses changes in place that hurt nobody.</summary>
    [Theory]
    [MemberData(nameof(Binaries))]
    public void What_a_slope_names_it_reads_somewhere(string name)
    {
        foreach (BinaryRow op in OpTable.All.OfType<BinaryRow>().Where(row => row.Name == name))
        {
            double[] xs = [.. op.Inputs[0].Sample(1).ToArray<double>(), -1, 0, 1, 2],
                ys = [.. op.Inputs[1].Sample(2).ToArray<double>(), -1, 0, 1, 2];
            foreach (Reads one in (Reads[])[Reads.X, Reads.Y, Reads.Z])
            {
                bool saved = (op.Saves & (one == Reads.Z ? Saves.Output : Saves.Input)) != 0;
                if (saved && (op.SlopeXReads & one) != 0)
                    xs.Any(x => ys.Any(y => Feels(op.SlopeX, op, x, y, op.SlopeXReads, one)))
                    .ShouldBeTrue($"∂{name}/∂x does not read {one}");
                if (saved && (op.SlopeYReads & one) != 0)
                    xs.Any(x => ys.Any(y => Feels(op.SlopeY, op, x, y, op.SlopeYReads, one)))
                    .ShouldBeTrue($"∂{name}/∂y does not read {one}");
            }
        }
    }

    private static bool Feels(
        Func<Real<double>, Real<double>, Real<double>, Real<double>> slope, BinaryRow op, double x, double y, Reads reads, Reads without)
    {
        Real<double> vx = new(x), vy = new(y), vz = op.Value(vx, vy);
        (Real<double> px, Real<double> py, Real<double> pz) = Poisoned(op.Saves, reads & ~without, vx, vy, vz);
        return !slope(px, py, pz).Value.Equals(slope(vx, vy, vz).Value);
    }

    private static (Real<double> X, Real<double> Y, Real<double> Z) Poisoned(
        Saves saves, Reads reads, Real<double> x, Real<double> y, Real<double> z)
    {
        var poison = new Real<double>(double.NaN);
        bool input = (saves & Saves.Input) != 0, output = (saves & Saves.Output) != 0;
        return (input && (reads & Reads.X) != 0 ? x : poison, input && (reads & Reads.Y) != 0 ? y : poison,
            output && (reads & Reads.Z) != 0 ? z : poison);
    }
}
