using Adjoint.Distributed;

namespace Adjoint.Tests.Distributed;

public class CollectiveTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void All_collectives_of_all_types_give_what_they_say(int ranks) => Ranks.Run(ranks, Collectives);

    /// <summary>Ranks that have a processor each wait in MPI's blocking calls.</summary>
    [Fact]
    public void Where_nobody_else_needs_the_processors_too() =>
        Ranks.Try(2, Collectives, [("OMPI_MCA_mpi_yield_when_idle", "0")]).ShouldEndWell();

    /// <summary>In many containers one process must not read the memory of another.</summary>
    [Fact]
    public void Where_ranks_cannot_read_each_others_memory_too() =>
        Ranks.Try(2, Collectives, [("OMPI_MCA_btl_vader_single_copy_mechanism", "none")]).ShouldEndWell();

    [Fact]
    public void Without_mpirun_the_same_program_runs_alone() => Collectives([]);

    [Scenario]
    internal static void Collectives(string[] _)
    {
        using ProcessGroup world = ProcessGroup.Init();
        int n = world.Size, r = world.Rank;
        OfType<float>(world);
        OfType<double>(world);
        OfType<sbyte>(world);
        OfType<byte>(world);
        OfType<short>(world);
        OfType<ushort>(world);
        OfType<int>(world);
        OfType<uint>(world);
        OfType<long>(world);
        OfType<ulong>(world);

        double[] average = [r, 2 * r];
        world.AllReduce(average.AsSpan(), ReduceOp.Avg);
        average.ShouldBe([(n - 1) / 2.0, n - 1.0]);

        bool[] any = [r == 0, false, true];
        world.AllReduce(any.AsSpan(), ReduceOp.Max);
        any.ShouldBe([true, false, true]);
        bool[] all = [r == 0, true];
        world.AllReduce(all.AsSpan(), ReduceOp.Min);
        all.ShouldBe([n == 1, true]);
        int[] bits = [1 << r];
        world.AllReduce(bits.AsSpan(), ReduceOp.BOr);
        bits[0].ShouldBe((1 << n) - 1);

        world.AllReduce(Span<float>.Empty);
        world.Barrier();
        Tensors(world);
        Groups(world);
        Messages(world);
        Background(world).Wait();
        Should.Throw<ArgumentOutOfRangeException>(() => world.Broadcast(new int[1].AsSpan(), n)).ParamName.ShouldBe("root");
        Should.Throw<DTypeException>(() => world.AllReduce(new int[1].AsSpan(), ReduceOp.Avg)).Message.ShouldStartWith("AllReduce");
        Should.Throw<DTypeException>(() => world.AllReduce(new float[1].AsSpan(), ReduceOp.BOr)).Message.ShouldStartWith("AllReduce");
        Should.Throw<DTypeException>(() => world.AllReduce(new Guid[1].AsSpan())).Message.ShouldContain("Guid");
        Should.Throw<ArgumentException>(() => world.AllGather<int>(new int[2], new int[2 * n + 1])).ParamName.ShouldBe("all");
        // Of what MPI's signal handlers must leave to the runtime.
        Should.Throw<NullReferenceException>(() => ((string)null!).Length);
    }

    private static void OfType<T>(ProcessGroup world) where T : unmanaged, System.Numerics.INumber<T>
    {
        int n = world.Size, r = world.Rank;
        T Of(int value) => T.CreateChecked(value);
        foreach (int length in (int[])[1, 3, 70_001])
        {
            T[] values = [.. Enumerable.Range(0, length).Select(i => Of((i + r) % 7))];
            T[] sum = [.. Enumerable.Range(0, length).Select(i => Of(Enumerable.Range(0, n).Sum(rank => (i + rank) % 7)))];
            T[] own = [.. values];
            world.AllReduce(own.AsSpan());
            Same(own, sum);
            own = [.. values];
            world.AllReduce(own.AsSpan(), ReduceOp.Max);
            own[0].ShouldBe(Of(n - 1));
            own = [.. values];
            world.AllReduce(own.AsSpan(), ReduceOp.Min);
            own[0].ShouldBe(Of(0));
            own = [Of(r + 1)];
            world.AllReduce(own.AsSpan(), ReduceOp.Product);
            own[0].ShouldBe(Of(Enumerable.Range(1, n).Aggregate(1, (a, b) => a * b)));

            for (int root = 0; root < n; root++)
            {
                own = [.. values];
                world.Broadcast(own.AsSpan(), root);
                Same(own, [.. Enumerable.Range(0, length).Select(i => Of((i + root) % 7))]);
                own = [.. values];
                world.Reduce(own.AsSpan(), root);
                Same(own, r == root ? sum : values);
            }
            T[] all = new T[n * length];
            world.AllGather<T>(values, all);
            Same(all, [.. Enumerable.Range(0, n).SelectMany(rank => Enumerable.Range(0, length).Select(i => Of((i + rank) % 7)))]);
            own = new T[length];
            world.ReduceScatter<T>(all, own);
            Same(own, [.. Enumerable.Range(0, length).Select(i => Of(n * ((i + r) % 7)))]);
        }
    }

    // Of long arrays, which Shouldly compares one boxed value after the other.
    private static void Same<T>(T[] got, T[] expected) where T : unmanaged, IEquatable<T>
    {
        if (!got.AsSpan().SequenceEqual(expected)) got.ShouldBe(expected);
    }

    private static void Tensors(ProcessGroup world)
    {
        int n = world.Size, r = world.Rank;
        foreach (DType dtype in Enum.GetValues<DType>())
        {
            Tensor x = Tensor.Full([2, 3], 1, dtype);
            world.AllReduce(x, dtype == DType.Bool ? ReduceOp.Max : ReduceOp.Sum);
            x.Sum().Item().ShouldBe(dtype == DType.Bool ? 6 : 6 * n);
        }
        Tensor turned = Tensor.Arange(6.0).Reshape(2, 3).T;
        int version = turned.Version;
        world.AllReduce(turned).ShouldBeSameAs(turned);
        turned.ToArray<float>().ShouldBe([0, 3 * n, n, 4 * n, 2 * n, 5 * n]);
        turned.Version.ShouldBeGreaterThan(version);

        Tensor one = Tensor.Scalar(r + 1);
        world.Broadcast(one, n - 1);
        one.Item().ShouldBe(n);
        Tensor mine = Tensor.Full([2], r);
        world.Reduce(mine, n - 1);
        mine.ToArray<float>().ShouldBe(r == n - 1 ? [n * (n - 1) / 2, n * (n - 1) / 2] : [r, r]);
        world.AllGather(Tensor.Full([2], r)).Select(x => x[0].Item()).ShouldBe(Enumerable.Range(0, n).Select(i => (double)i));
        Tensor part = world.ReduceScatter(Tensor.Arange(2.0 * n).Reshape(2 * n, 1).Expand(2 * n, 2));
        part.Shape.ShouldBe(Shape.Of(2, 2));
        part.ToArray<float>().ShouldBe([2 * r * n, 2 * r * n, (2 * r + 1) * n, (2 * r + 1) * n]);
        Tensor parameter = Tensor.Ones([3], requiresGrad: true);
        world.AllReduce(parameter);
        parameter.Sum().Item().ShouldBe(3 * n);
        world.AllReduce(Tensor.Zeros(0, 3)).NumEl.ShouldBe(0);
    }

    private static void Groups(ProcessGroup world)
    {
        int n = world.Size, r = world.Rank;
        int[] even = [.. Enumerable.Range(0, n).Where(rank => rank % 2 == 0).Reverse()];
        ProcessGroup? evens = world.NewGroup(even);
        (evens is not null).ShouldBe(r % 2 == 0);
        if (evens is not null)
        {
            (evens.Size, evens.Rank).ShouldBe((even.Length, r / 2));
            int[] sum = [r];
            evens.AllReduce(sum.AsSpan());
            sum[0].ShouldBe(even.Sum());
        }
        using ProcessGroup other = world.Duplicate();
        int[] both = [1];
        other.AllReduce(both.AsSpan());
        both[0].ShouldBe(n);
        Should.Throw<ArgumentException>(() => world.NewGroup()).ParamName.ShouldBe("ranks");
        Should.Throw<ArgumentException>(() => world.NewGroup(0, 0)).ParamName.ShouldBe("ranks");
        Should.Throw<ArgumentException>(() => world.NewGroup(n)).ParamName.ShouldBe("ranks");
    }

    private static void Messages(ProcessGroup world)
    {
        int n = world.Size, r = world.Rank;
        Should.Throw<ArgumentOutOfRangeException>(() => world.Send<int>([1], r)).ParamName.ShouldBe("to");
        if (n == 1) return;
        foreach (int length in (int[])[0, 1, 100, 1000, 300_000])
        {
            double[] values = [.. Enumerable.Range(0, length).Select(i => i + r * 0.5)], got = new double[length];
            if (r == 0)
            {
                world.Send<double>(values, 1, tag: 3);
                world.Receive(got.AsSpan(), 1, tag: 4);
            }
            else if (r == 1)
            {
                world.Receive(got.AsSpan(), 0, tag: 3);
                world.Send<double>(values, 0, tag: 4);
            }
            if (r < 2) got.ShouldBe(Enumerable.Range(0, length).Select(i => i + (1 - r) * 0.5));
        }
        if (r == 0) world.Send(Tensor.Arange(6.0).Reshape(2, 3).T, 1);
        if (r == 1) world.Receive(Tensor.Zeros(3, 2), 0).ToArray<float>().ShouldBe([0, 3, 1, 4, 2, 5]);
    }

    private static async Task Background(ProcessGroup world)
    {
        int n = world.Size, r = world.Rank;
        float[] x = [.. Enumerable.Repeat(1f, 100_000)], y = [r];
        Tensor z = Tensor.Full([3], r);
        Task first = world.AllReduceAsync(x.AsMemory()), second = world.BroadcastAsync(y.AsMemory(), n - 1), third = world.AllReduceAsync(z);
        // One that is not in the background comes after those that are.
        float[] last = [1];
        world.AllReduce(last.AsSpan());
        last[0].ShouldBe(n);
        await Task.WhenAll(first, second, third);
        x.ShouldAllBe(value => value == n);
        y[0].ShouldBe(n - 1);
        z.ToArray<float>().ShouldAllBe(value => value == n * (n - 1) / 2);
        (await world.AllGatherAsync(Tensor.Full([1], r))).Count.ShouldBe(n);
        float[] all = new float[n], own = new float[1];
        await world.AllGatherAsync<float>(new float[] { r }, all);
        await world.ReduceScatterAsync<float>(all, own);
        own[0].ShouldBe(n * r);
        await world.ReduceAsync(own.AsMemory());
        await world.BarrierAsync();
    }
}
