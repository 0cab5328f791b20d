using Adjoint.Kernels;

namespace Adjoint.Tests.RandomNumbers;

[Collection(Adjoint.Tests.RandomNumbers.DefaultGenerator.Collection)]
public class GeneratorTests
{
    [Fact]
    public void Starts_with_the_default_seed_of_PyTorch()
    {
        new Generator().InitialSeed.ShouldBe(67280421310721UL);
        new Generator().GetState().ShouldBe(new Generator(67280421310721).GetState());
    }

    [Fact]
    public void A_seed_gives_the_same_numbers_whatever_was_drawn_before()
    {
        var used = new Generator(3);
        using (used.Enter(out RandomStream stream)) stream.Normal(new float[5]);
        used.ManualSeed(7).GetState().ShouldBe(new Generator(7).GetState());
    }

    [Fact]
    public void Only_the_low_32_bits_of_a_seed_decide_and_negative_seeds_are_their_complement()
    {
        new Generator(7).NextDouble().ShouldBe(new Generator((1L << 32) + 7).NextDouble());
        new Generator(-1).NextInt64().ShouldBe(new Generator(ulong.MaxValue).NextInt64());
        new Generator(-1).InitialSeed.ShouldBe(ulong.MaxValue);
    }

    [Fact]
    public void Generators_are_independent_of_each_other_and_of_the_default()
    {
        using (Rng.Fork())
        {
            Rng.ManualSeed(1);
            double first = Rng.Default.NextDouble();
            var own = new Generator(2);
            Rng.ManualSeed(1);
            own.NextDouble();
            Rng.Default.NextDouble().ShouldBe(first);
        }
    }

    [Fact]
    public void Fork_sets_back_what_was_drawn_inside_once()
    {
        var generator = new Generator(11);
        byte[] before = generator.GetState();
        GeneratorFork fork = generator.Fork();
        generator.ManualSeed(99).NextDouble();
        fork.Dispose();
        generator.GetState().ShouldBe(before);
        generator.NextDouble();
        byte[] after = generator.GetState();
        fork.Dispose();
        generator.GetState().ShouldBe(after);
    }

    [Fact]
    public void Random_seeds_differ()
    {
        var generator = new Generator();
        ulong seed = generator.Seed();
        generator.InitialSeed.ShouldBe(seed);
        generator.Seed().ShouldNotBe(seed);
    }

    [Fact]
    public void Threads_together_draw_each_number_of_the_sequence_once()
    {
        const int threads = 4, each = 2000;
        var shared = new Generator(5);
        var drawn = new System.Collections.Concurrent.ConcurrentBag<long>();
        Parallel.For(0, threads, _ => { for (int i = 0; i < each; i++) drawn.Add(shared.NextInt64()); });
        var alone = new Generator(5);
        drawn.Order().ShouldBe(Enumerable.Range(0, threads * each).Select(_ => alone.NextInt64()).Order());
    }
}
