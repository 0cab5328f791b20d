using Adjoint.Nn;

namespace Adjoint.Tests.Differentiation;

using Linear = Adjoint.Nn.Linear;

public class SavedMemoryTests
{
    [Fact]
    public void Memory_saved_twice_or_through_views_counts_once()
    {
        Tensor x = Tensor.Ones([100], requiresGrad: true);
        Autograd.SavedForBackward(() => x * x).ShouldBe(new SavedMemory(2, 400, 400));
        Autograd.SavedForBackward(() => x.View(10, 10) * x.View(10, 10)).ShouldBe(new SavedMemory(2, 400, 400));
        Autograd.SavedForBackward(() => x.Exp()).ShouldBe(new SavedMemory(1, 400, 0));
    }

    [Fact]
    public void Nothing_is_saved_where_nothing_is_recorded()
    {
        Tensor x = Tensor.Ones([100], requiresGrad: true);
        Autograd.SavedForBackward(() => x.Detach().Exp()).ShouldBe(default);
        Autograd.SavedForBackward(() =>
        {
            using (Autograd.NoGrad()) return x.Exp();
        }).ShouldBe(default);
        Autograd.SavedForBackward(() =>
        {
            using (Autograd.InferenceMode()) return x.Exp();
        }).ShouldBe(default);
    }

    [Fact]
    public void A_network_keeps_its_activations_besides_parameters_and_data()
    {
        var net = new Sequential(new Linear(20, 30), new ReLU(), new Linear(30, 5));
        Tensor x = Tensor.Randn(7, 20);
        Autograd.SavedForBackward(() => net.Call(x)).ExtraBytes.ShouldBe(7 * 30 * sizeof(float));
    }

    [Fact]
    public void Hooks_around_the_call_are_in_force_again_afterwards()
    {
        int packed = 0;
        Tensor x = Tensor.Ones([4], requiresGrad: true);
        using (Autograd.SavedTensorsHooks(t => { packed++; return t; }, t => (Tensor)t))
        {
            Autograd.SavedForBackward(() => x.Exp()).Bytes.ShouldBe(16);
            packed.ShouldBe(0);
            x.Exp();
            packed.ShouldBe(1);
            Should.Throw<InvalidOperationException>(() => Autograd.SavedForBackward(() => throw new InvalidOperationException()));
            x.Exp();
            packed.ShouldBe(2);
        }
    }
}
