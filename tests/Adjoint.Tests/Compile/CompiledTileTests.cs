using Adjoint.Tests.Graphs;

namespace Adjoint.Tests.Compile;

/// <summary>Chains of element-wise operations that are done tile by tile: what is together, and the same bits.</summary>
public class CompiledTileTests
{
    private static readonly int[] s_sizes = [2, 3, 15, 16, 17, 63, 64, 65, 511, 512, 513, 1023, 1024, 4095, 4096, 4097, 8193, 40_001, 131_073];

    [Fact]
    public void A_chain_is_one_step_and_what_lies_between_takes_no_memory()
    {
        var f = Compiled.Function((Tensor a, Tensor b, Tensor c) =>
            Tensor.Where(c > 0, ((a + b) * c).Relu().Clamp(0.1, 2) * a + b, (a * 0.5).Clamp(-1, 1)));
        f.Call(Tensor.Rand(1000), Tensor.Rand(1000), Tensor.Rand(1000));
        f.Explain().ShouldContain("1 steps: gt·add·mul·relu·clamp·mul·add·mul·clamp·where by tiles");
        f.Explain().ShouldContain("0 bytes of values in 0 bytes of memory");
    }

    [Fact]
    public void Wherever_a_tile_ends_the_bits_are_the_same()
    {
        Func<Tensor, Tensor, Tensor, IReadOnlyList<Tensor>> eager = (a, b, c) =>
        {
            Tensor x = ((a + b) * c).Relu().Clamp(0.1, 2) * a, y = Tensor.Where(c > 0, x + b, (a * 0.5).Clamp(-1, 1));
            Tensor z = (y.Exp() / (x.Square() + 0.3)).Tanh() - b.Sigmoid().Log();
            return [y, z, x.Sqrt() * 1e-40];
        };
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
            foreach (int size in s_sizes)
            {
                var f = Compiled.FunctionOfList(x => eager(x[0], x[1], x[2]));
                for (int i = 0; i < 2; i++)
                {
                    Tensor[] x = [.. Enumerable.Range(0, 3).Select(_ => Tensor.Randn([size], dtype))];
                    // Special numbers at the ends, where a register is filled otherwise.
                    x[0][size - 1] = double.NaN;
                    x[1][0] = double.NegativeInfinity;
                    x[2][size / 2] = -0.0;
                    GraphRunTests.Compare(f.Call(x), eager(x[0], x[1], x[2]));
                }
            }
    }

    [Fact]
    public void A_part_of_memory_that_does_not_begin_at_a_register_has_the_same_bits()
    {
        Func<Tensor, Tensor, Tensor> eager = (x, y) => ((x * y).Tanh() + y).Relu() * 0.3;
        Tensor all = Tensor.Randn(9000), other = Tensor.Randn(9000);
        var f = Compiled.Function(eager);
        for (int first = 0; first < 17; first++)
            for (int i = 0; i < 2; i++)
            {
                (Tensor x, Tensor y) = (all[first..(first + 5000)], other[(16 - first)..(5016 - first)]);
                GraphRunTests.Compare([f.Call(x, y)], [eager(x, y)]);
            }
    }

    [Fact]
    public void Operands_that_are_broadcast_or_lie_otherwise_are_brought_together()
    {
        Func<Tensor[], Tensor> eager = a =>
            (((a[0] + a[1]) * a[2]).Relu() - a[3][1]).Clamp(-1, 1) * a[3][.., .., 0].Sum() + a[0];
        foreach ((int rows, int columns) in ((int, int)[])[(1, 9), (3, 8), (5, 33), (70, 100), (129, 513)])
        {
            var f = Compiled.FunctionOfList(x => [eager([.. x])]);
            for (int i = 0; i < 2; i++)
            {
                Tensor x = Tensor.Randn(rows, columns), row = Tensor.Randn(columns), column = Tensor.Randn(rows, 1);
                Tensor cube = Tensor.Randn(3, rows, columns + 2)[.., .., 1..(columns + 1)];
                GraphRunTests.Compare(f.Call([x, row, column, cube]), [eager([x, row, column, cube])]);
            }
        }
    }

    [Fact]
    public void Changes_in_place_are_seen_where_and_when_they_are_outside()
    {
        foreach (int size in (int[])[5, 1000, 40_001])
        {
            Tensor[] state = [Tensor.Randn(size), Tensor.Zeros(size)], other = [.. state.Select(s => s.Clone())];
            IReadOnlyList<Tensor> Change(Tensor[] s, Tensor x)
            {
                Tensor before = s[0] * 2, fresh = (x + s[0]).MulInPlace(0.5).AddInPlace(x);
                s[0].MulInPlace(0.9).AddInPlace(fresh);
                Tensor after = s[0] - before;
                s[1].AddInPlace(after.Square());
                s[0][..(size / 2)].MulInPlace(0.5);
                return [before, after, s[0] * 3, fresh];
            }
            var f = Compiled.FunctionOfList(x => Change(other, x[0]));
            for (int i = 0; i < 4; i++)
            {
                Tensor x = Tensor.Randn(size);
                GraphRunTests.Compare(f.Call([x]), Change(state, x));
                GraphRunTests.Compare(other, state);
                other.Select(s => s.Version).ShouldBe(state.Select(s => s.Version));
            }
        }
    }

    [Fact]
    public void A_result_may_lie_where_an_operand_did_only_if_that_is_read_no_more()
    {
        Func<Tensor, IReadOnlyList<Tensor>> eager = x =>
        {
            Tensor a = x.CumSum(0), b = (a * 2).Relu(), c = b + a, d = (c * b).CumSum(0), e = (d - c) * d, g = (e + d).CumSum(0);
            return [e, g.Tanh() + g, (c + g) * a];
        };
        var f = Compiled.FunctionOfList(x => eager(x[0]));
        for (int i = 0; i < 3; i++)
        {
            Tensor x = Tensor.Randn(3000);
            GraphRunTests.Compare(f.Call([x]), eager(x));
        }
    }

    [Fact]
    public void Gradients_of_a_chain_are_by_tiles_too()
    {
        Tensor[] w = [Tensor.Randn([300, 40], requiresGrad: true), Tensor.Randn([40], requiresGrad: true)];
        Tensor[] other = [.. w.Select(p => p.Detach().Clone().RequiresGradInPlace())];
        Tensor Step(Tensor[] p, Tensor x)
        {
            foreach (Tensor q in p) q.Grad = null;
            Tensor y = ((x * p[0] + p[1]).Relu() * p[0]).Sigmoid() / (p[1].Square() + 1);
            Tensor loss = Tensor.Where(y > 0.5, y * x, y.Tanh()).Sum();
            loss.Backward();
            return loss;
        }
        var step = Compiled.Step((Tensor x) => Step(other, x));
        for (int i = 0; i < 4; i++)
        {
            Tensor x = Tensor.Randn(300, 40);
            GraphRunTests.Compare([step.Call(x)], [Step(w, x)]);
            GraphRunTests.Compare([.. other.Select(p => p.Grad!)], [.. w.Select(p => p.Grad!)]);
        }
        step.Explain().ShouldContain("by tiles");
    }

    [Fact]
    public void A_run_of_tiles_takes_no_memory_but_its_result()
    {
        var f = Compiled.Function((Tensor a, Tensor b) => ((a + b) * a).Relu().Clamp(0.1, 2) * a + b, verify: 0);
        Tensor x = Tensor.Rand(20_000), y = Tensor.Rand(20_000);
        // Between two rounds in which runs are compared with the function. See Note [Never a loss].
        for (int i = 0; i < 500; i++) f.Call(x, y).Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) f.Call(x, y).Dispose();
        // A tensor, its storage and the array that a call with two arguments has.
        ((GC.GetAllocatedBytesForCurrentThread() - before) / 100).ShouldBeLessThan(400);
    }

    [Fact]
    public void A_part_of_a_leaf_is_changed_where_nothing_is_recorded()
    {
        Tensor one = Tensor.Randn([3, 40], requiresGrad: true), other = one.Detach().Clone().RequiresGradInPlace();
        static Tensor Change(Tensor leaf, Tensor x)
        {
            using (Autograd.NoGrad())
            {
                leaf[0].MulInPlace(0.75).AddInPlace(x);
                leaf.Narrow(0, 1, 1).MulInPlace(x);
            }
            return (x * leaf.Detach() + x).Relu();
        }
        var f = Compiled.Function((Tensor x) => Change(other, x));
        for (int i = 0; i < 4; i++)
        {
            Tensor x = Tensor.Randn(40);
            GraphRunTests.Compare([f.Call(x), other], [Change(one, x), one]);
        }
    }

    [Fact]
    public void Threads_may_run_tiles_at_once()
    {
        Func<Tensor, Tensor> eager = x => ((x + 1) * x).Relu().Clamp(0.1, 2).Exp() * x;
        var f = Compiled.Function(eager);
        Tensor[] x = [.. Enumerable.Range(0, 8).Select(_ => Tensor.Randn(50_000))];
        Parallel.For(0, 64, i => GraphRunTests.Compare([f.Call(x[i % 8])], [eager(x[i % 8])]));
    }
}
