namespace Adjoint.Tests.Nn.Slots;

using Adjoint.Nn;
using Adjoint.Optim;

public class ReplacedParametersTests
{
    private sealed class Net : Module
    {
        public Linear Body { get; set; } = new(2, 3);
        public Linear Head { get; set; } = new(3, 1);
        public List<Linear> Extra { get; } = [new(1, 1)];
        public Tensor scale = Tensor.Ones(1).AsParameter();
        public Linear? Auxiliary { get; set; } = new(1, 1);

        protected override Tensor Forward(Tensor x)
        {
            Tensor y = Extra[0].Call(Head.Call(Body.Call(x))) * scale;
            return Auxiliary is null ? y : Auxiliary.Call(y);
        }
    }

    public static TheoryData<string> Replacements => ["layer", "property", "field", "element", "deep"];

    private static void Replace(Net net, string what)
    {
        switch (what)
        {
            case "layer": net.Head = new Linear(3, 1); break;
            case "property": net.Head.Weight = Tensor.Ones(1, 3).AsParameter(); break;
            case "field": net.scale = Tensor.Ones(1).AsParameter(); break;
            case "element": net.Extra[0] = new Linear(1, 1); break;
            case "deep": net.Body.Bias = Tensor.Ones(3).AsParameter(); break;
        }
    }

    private static void Backward(Net net) => net.Call(Tensor.Ones(4, 2)).Sum().Backward();

    [Theory, MemberData(nameof(Replacements))]
    public void An_optimizer_says_that_a_parameter_was_replaced(string what)
    {
        foreach (bool throughModule in new[] { false, true })
        {
            var net = new Net();
            Optimizer optimizer = throughModule ? new Adam([.. net.Parameters()]) : new SGD(net.Parameters(), lr: 0.1);
            Backward(net);
            optimizer.Step();
            Replace(net, what);
            if (throughModule) net.ZeroGrad();
            else optimizer.ZeroGrad();
            Backward(net);
            float[] before = net.Body.Weight.ToArray<float>();
            Should.Throw<ArgumentException>(optimizer.Step).Message.ShouldContain("Net no longer holds a parameter of shape");
            net.Body.Weight.ToArray<float>().ShouldBe(before);
            optimizer = new SGD(net.Parameters(), lr: 0.1);
            optimizer.Step();
        }
    }

    [Fact]
    public void A_new_group_for_the_new_parameters_is_enough()
    {
        var net = new Net();
        var optimizer = new SGD(net.Parameters(), lr: 0.1);
        net.Head = new Linear(3, 1);
        optimizer.AddParamGroup(new ParamGroup(net.Head.Parameters()));
        Backward(net);
        float[] before = net.Head.Weight.ToArray<float>();
        optimizer.Step();
        net.Head.Weight.ToArray<float>().ShouldNotBe(before);
    }

    [Fact]
    public void What_was_taken_out_or_is_not_used_is_no_error()
    {
        var net = new Net();
        var optimizer = new SGD(net.Parameters(), lr: 0.1);
        net.Auxiliary = null;
        for (int i = 0; i < 3; i++)
        {
            optimizer.ZeroGrad();
            Backward(net);
            optimizer.Step();
        }
        var part = new SGD(net.Head.Parameters(), lr: 0.1);
        net.Body = new Linear(2, 3);
        Backward(net);
        part.Step();
        new SGD([Tensor.Ones([1], requiresGrad: true)], lr: 0.1).Step();
    }

    [Fact]
    public void The_optimizer_does_not_keep_the_module()
    {
        (Optimizer optimizer, WeakReference module) = Make();
        for (int i = 0; i < 10 && module.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        module.IsAlive.ShouldBeFalse();
        optimizer.Step();

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static (Optimizer, WeakReference) Make()
        {
            var net = new Net();
            return (new SGD(net.Parameters(), lr: 0.1), new WeakReference(net));
        }
    }
}
