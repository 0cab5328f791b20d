#pragma warning disable ADJ0003 // wrong assignments, on purpose
namespace Adjoint.Tests.Nn.Slots;

using Adjoint.Nn;
using Adjoint.Optim;

public class SlotRoleTests
{
    private sealed class Scale : Module
    {
        public Tensor factor = Tensor.Ones(3).AsParameter();
        public Tensor? seen = Tensor.Zeros(3).AsBuffer();
        public Tensor? scratch = Tensor.Zeros(3).AsBuffer(persistent: false);
        public List<Tensor> several = [Tensor.Ones(3).AsParameter(), Tensor.Zeros(3).AsBuffer()];

        protected override Tensor Forward(Tensor x)
        {
            seen = seen! + x;
            if (seen.RequiresGrad) seen.RetainGrad();
            several[1] = several[1] + 1;
            return seen * factor;
        }
    }

    /// <summary>Its slots are set in the constructor, where nothing has looked yet when it is called.</summary>
    private sealed class Late : Module
    {
        private Tensor _sum;

        public Late() => _sum = Tensor.Zeros(3).AsBuffer();

        public Tensor Sum => _sum;

        protected override Tensor Forward(Tensor x) => _sum = _sum + x;
    }

    public static TheoryData<string> Looks =>
        ["parameters", "state", "train", "eval", "named", "buffers", "children", "optimizer", "zero", "to", "print", "apply"];

    private static void Look(Module module, string how)
    {
        switch (how)
        {
            case "parameters": _ = module.Parameters().ToList(); break;
            case "state": module.StateDict(); break;
            case "train": module.Train(); break;
            case "eval": module.Eval(); break;
            case "named": _ = module.NamedParameters().ToList(); break;
            case "buffers": _ = module.Buffers().ToList(); break;
            case "children": _ = module.Children().ToList(); break;
            case "optimizer": _ = new SGD(module.Parameters(), lr: 0.1); break;
            case "zero": module.ZeroGrad(); break;
            case "to": module.To(DType.Float64); break;
            case "print": module.ToString(); break;
            case "apply": module.Apply(_ => { }); break;
        }
    }

    [Theory, MemberData(nameof(Looks))]
    public void A_plain_tensor_in_the_place_of_a_parameter_is_an_error_that_names_the_field(string how)
    {
        var net = new Scale();
        using (Adjoint.Autograd.NoGrad()) net.factor = net.factor - 0.1;
        SlotException error = Should.Throw<SlotException>(() => Look(net, how));
        error.Message.ShouldContain("Scale.factor holds a parameter, but was assigned a plain tensor of shape [3]");
        net.factor = Tensor.Ones(3).AsParameter();
        Should.NotThrow(() => Look(net, how));
    }

    [Fact]
    public void It_is_an_error_in_a_list_and_at_the_first_call_too()
    {
        var net = new Scale();
        _ = net.Parameters().ToList();
        net.several[0] = net.several[0] * 2;
        Should.Throw<SlotException>(() => net.Eval()).Message.ShouldContain(
            "Scale.several, \"several.0\" holds a parameter, but was assigned a tensor computed by MulBackward0");
        net = new Scale { factor = Tensor.Ones(3) };
        Should.Throw<SlotException>(() => net.Call(Tensor.Ones(3)));
    }

    [Fact]
    public void What_is_assigned_to_a_buffer_is_the_buffer()
    {
        var net = new Scale();
        Tensor x = Tensor.Ones([3], requiresGrad: true);
        net.Call(x).Sum().Backward();
        net.StateDict().Keys.ShouldBe(["factor", "several.0", "seen", "several.1"]);
        net.Buffers().First().ShouldBeSameAs(net.seen);
        net.seen!.Grad!.ToArray<float>().ShouldBe([1, 1, 1]);
        net.StateDict()["seen"].ToArray<float>().ShouldBe([1, 1, 1]);
        net.Parameters().Count().ShouldBe(2);

        net.scratch = Tensor.Ones(5);
        net.NamedBuffers().Select(b => b.Name).ShouldBe(["seen", "scratch", "several.1"]);
        net.StateDict().Keys.ShouldNotContain("scratch");
        net.seen = null;
        net.NamedBuffers().Select(b => b.Name).ShouldBe(["scratch", "several.1"]);
        net.seen = Tensor.Ones(3);
        net.NamedBuffers().Select(b => b.Name).ShouldBe(["seen", "scratch", "several.1"]);
    }

    [Fact]
    public void A_buffer_that_the_constructor_sets_is_one_after_the_first_call()
    {
        var net = new Late();
        Tensor y = net.Call(Tensor.Ones(3));
        net.Buffers().Single().ShouldBeSameAs(y);
        net.StateDict()["sum"].ToArray<float>().ShouldBe([1, 1, 1]);
    }

    [Fact]
    public void A_parameter_that_is_assigned_makes_its_slot_one()
    {
        var net = new Scale { seen = Tensor.Ones(2).AsParameter() };
        net.NamedParameters().Select(p => p.Name).ShouldBe(["factor", "seen", "several.0"]);
        net.seen = Tensor.Ones(2);
        Should.Throw<SlotException>(() => net.Parameters().ToList()).Message.ShouldContain("Scale.seen");
        net.seen = Tensor.Ones(2).AsBuffer();
        Should.Throw<SlotException>(() => net.Parameters().ToList()).Message.ShouldContain("was assigned a buffer");
    }

    [Fact]
    public void Conversion_does_not_touch_a_tensor_that_was_only_assigned_to_a_buffer()
    {
        var net = new Late();
        Tensor own = Tensor.Ones([3], requiresGrad: true), y = net.Call(own);
        net.To(DType.Float64);
        y.DType.ShouldBe(DType.Float32);
        y.Sum().Backward();
        own.Grad!.ToArray<float>().ShouldBe([1, 1, 1]);
        net.Sum.DType.ShouldBe(DType.Float64);
        net.StateDict()["sum"].DType.ShouldBe(DType.Float64);
        net.Buffers().Single().IsLeaf.ShouldBeTrue();

        var scale = new Scale();
        scale.Call(Tensor.Ones(3));
        Should.Throw<SlotException>(() => scale.To(DType.Float64)).Message.ShouldContain("several.1");
    }

    [Fact]
    public void The_network_of_the_lecture_keeps_its_buffers()
    {
        var net = new Lecture();
        Tensor logits = net.Call(Tensor.Randn(4, 2, 3));
        F.CrossEntropy(logits, Tensor.RandInt(0, 2, [4])).Backward();
        net.NamedBuffers().Select(b => b.Name).ShouldBe(["x", "y"]);
        Tensor x = net.NamedBuffers().First().Buffer, y = net.NamedBuffers().Last().Buffer;
        Tensor w = net.NamedParameters().Last().Parameter;
        (y.Grad!.MatMul(w.Detach()) - x.Grad!).Abs().Sum().Item().ShouldBe(0);
        (y.Grad!.T.MatMul(x.Detach()) - w.Grad!).Abs().Sum().Item().ShouldBe(0);
    }

    private sealed class Lecture : Module
    {
        private readonly Flatten flatten = new();
        private readonly Linear fc1 = new(6, 5, bias: false), fc2 = new(5, 5, bias: false), fc3 = new(5, 2, bias: false);
        private Tensor X = Tensor.Zeros(4, 5).AsBuffer(), Y = Tensor.Zeros(4, 2).AsBuffer();

        protected override Tensor Forward(Tensor x)
        {
            X = fc2.Call(fc1.Call(flatten.Call(x)).Relu()).Relu();
            Y = fc3.Call(X);
            X.RetainGrad();
            Y.RetainGrad();
            return Y;
        }
    }
}
