using Adjoint.Nn;

namespace Adjoint.Tests.Nn;

using Linear = Adjoint.Nn.Linear;

public class ContainerTextTests
{
    [Fact]
    public void Equal_modules_in_a_row_are_one_line() =>
        new ModuleList(new ReLU(), new ReLU(), new Linear(1, 2), new ReLU()).ToString().ShouldBe(
            "ModuleList(\n  (0-1): 2 x ReLU()\n  (2): Linear(in_features=1, out_features=2, bias=True)\n  (3): ReLU()\n)");

    [Fact]
    public void Nested_modules_are_indented() =>
        new ModuleList(new Sequential(new ReLU()), new Sequential(new ReLU())).ToString().ShouldBe(
            "ModuleList(\n  (0-1): 2 x Sequential(\n    (0): ReLU()\n  )\n)");

    [Fact]
    public void Empty_containers_are_their_name()
    {
        new ModuleList().ToString().ShouldBe("ModuleList()");
        new ParameterList().ToString().ShouldBe("ParameterList()");
        new ParameterDict().ToString().ShouldBe("ParameterDict()");
    }

    [Fact]
    public void Parameters_show_their_type_and_size() =>
        new ParameterList(Tensor.Ones([2, 3]), Tensor.Zeros([4], DType.Float64)).ToString().ShouldBe(
            "ParameterList(\n    (0): Parameter containing: [torch.float32 of size 2x3]\n    (1): Parameter containing: [torch.float64 "
            + "of size 4]\n)");

    // Brackets make a tensor of rows, too: they must not be taken for one.
    [Fact]
    public void A_list_in_brackets_has_a_parameter_for_each_tensor()
    {
        Tensor a = Tensor.Ones([3]), b = Tensor.Zeros([3]);
        new ParameterList([a, b]).Count.ShouldBe(2);
        ParameterList list = new([a, b]);
        list[1].ElementsEqual(b).ShouldBeTrue();
        new ParameterList(a, b).Count.ShouldBe(2);
        new ParameterList(a).Single().NumEl.ShouldBe(3);
        new ParameterList(new List<Tensor> { a, b }).Count.ShouldBe(2);
        list.AddRange([a, b]);
        list.AddRange(a);
        list.Count.ShouldBe(5);
    }

    [Fact]
    public void A_parameter_says_that_it_is_one() =>
        Tensor.Ones([2]).AsParameter().ToString().ShouldBe("Parameter containing:\ntensor([1., 1.], requires_grad=True)");
}
