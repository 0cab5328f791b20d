namespace Adjoint.Tests.Optim;

using Adjoint.Optim;

public class AdamTests
{
    [Fact]
    public void Plain() => Trajectory.ShouldGive(p => new Adam(p, 0.1),
        (0.900000002, -1.90000001), (0.8042509867, -1.955950357), (0.7549888528, -1.999200138), (0.7058412311, -2.066425955));

    [Fact]
    public void Weight_decay_is_added_to_the_gradient() => Trajectory.ShouldGive(p => new Adam(p, 0.1, weightDecay: 0.1),
        (0.9000000017, -1.900000003), (0.8032588944, -1.887803497), (0.7400492183, -1.85013443), (0.6761334041, -1.888101391));

    [Fact]
    public void Amsgrad_keeps_the_largest_mean_of_squares() => Trajectory.ShouldGive(p => new Adam(p, 0.1, amsgrad: true),
        (0.900000002, -1.90000001), (0.8042509867, -1.955950357), (0.7549888528, -1.999178508), (0.7058412311, -2.066404325));

    [Fact]
    public void Maximize_goes_uphill() => Trajectory.ShouldGive(p => new Adam(p, 0.1, maximize: true),
        (1.099999998, -2.09999999), (1.195749013, -2.044049643), (1.245011147, -2.000799862), (1.294158769, -1.933574045));

    [Fact]
    public void AdamW_shrinks_the_parameters() => Trajectory.ShouldGive(p => new AdamW(p, 0.1),
        (0.899000002, -1.89800001), (0.8023519867, -1.952052357), (0.7522875008, -1.993350086), (0.7023875916, -2.058582553));

    [Fact]
    public void AdamW_with_amsgrad() => Trajectory.ShouldGive(p => new AdamW(p, 0.1, weightDecay: 0.1, amsgrad: true),
        (0.890000002, -1.88000001), (0.7853509867, -1.917150357), (0.7282353429, -1.941207004), (0.6718053678, -1.989020751));

    [Fact]
    public void Betas_outside_the_unit_interval_are_errors()
    {
        Tensor[] p = [Tensor.Ones([1], requiresGrad: true)];
        Should.Throw<ArgumentOutOfRangeException>(() => new Adam(p, betas: (1, 0.999))).Message.ShouldContain("Invalid beta1: 1");
        Should.Throw<ArgumentOutOfRangeException>(() => new Adam(p, eps: -1)).Message.ShouldContain("Invalid epsilon value: -1");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(40_000)]
    public void A_plain_loop_gives_the_same_bits(int n)
    {
        Generator generator = new(1);
        Tensor p = Tensor.Randn([n], requiresGrad: true, generator: generator);
        float[] w = p.ToArray<float>(), m = new float[n], v = new float[n];
        var optimizer = new AdamW([p], lr: 1e-2);
        for (int t = 1; t <= 3; t++)
        {
            Tensor gradient = Tensor.Randn([n], generator: generator);
            p.Grad = gradient;
            optimizer.Step();
            float[] g = gradient.ToArray<float>();
            float size = (float)(1e-2 / (1 - Math.Pow(0.9, t))), root = (float)Math.Sqrt(1 - Math.Pow(0.999, t));
            for (int i = 0; i < n; i++)
            {
                w[i] *= (float)(1 - 1e-2 * 1e-2);
                m[i] = 0.9f * m[i] + (float)(1 - 0.9) * g[i];
                v[i] = 0.999f * v[i] + (float)(1 - 0.999) * g[i] * g[i];
                w[i] -= size * m[i] / (MathF.Sqrt(v[i]) / root + 1e-8f);
            }
        }
        p.ToArray<float>().ShouldBe(w);
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    public void A_loaded_state_continues_to_the_bit(string name)
    {
        Optimizer Make(Tensor p) => name == "sgd" ? new SGD([p], 0.1, momentum: 0.9) : new AdamW([p], 0.1, amsgrad: true);
        void Train(Tensor p, Optimizer optimizer, int seed)
        {
            for (int step = 0; step < 3; step++)
            {
                p.Grad = Tensor.Randn([5], generator: new Generator(seed + step));
                optimizer.Step();
            }
        }
        Tensor first = Tensor.Ones([5], requiresGrad: true);
        Optimizer original = Make(first);
        Train(first, original, 1);
        Tensor second = first.Detach().Clone().RequiresGradInPlace();
        Optimizer loaded = Make(second);
        loaded.LoadStateDict(original.StateDict());
        Train(first, original, 10);
        Train(second, loaded, 10);
        second.ToArray<float>().ShouldBe(first.ToArray<float>());
    }

    [Fact]
    public void Moments_of_a_gradient_that_has_become_zero_end_at_zero_and_the_parameter_is_that_of_a_plain_loop()
    {
        Tensor p = Tensor.From([0.5f, -0.25f], requiresGrad: true);
        var optimizer = new Adam([p], lr: 1e-3);
        float[] plain = [0.5f, -0.25f], m = new float[2], v = new float[2];
        for (int t = 1; t <= 1200; t++)
        {
            float g = t == 1 ? 1e-3f : 0;
            p.Grad = Tensor.Full([2], g);
            optimizer.Step();
            float step = (float)(1e-3 / (1 - Math.Pow(0.9, t))), root = (float)Math.Sqrt(1 - Math.Pow(0.999, t));
            for (int i = 0; i < 2; i++)
            {
                m[i] = 0.9f * m[i] + (float)(1 - 0.9) * g;
                v[i] = 0.999f * v[i] + (float)(1 - 0.999) * g * g;
                plain[i] -= step * m[i] / (MathF.Sqrt(v[i]) / root + 1e-8f);
            }
        }
        m.ShouldAllBe(x => x > 0 && !float.IsNormal(x));
        p.ToArray<float>().ShouldBe(plain);
        ((Tensor)optimizer.StateDict().State[0]["exp_avg"]!).ToArray<float>().ShouldBe([0f, 0f]);
    }
}
