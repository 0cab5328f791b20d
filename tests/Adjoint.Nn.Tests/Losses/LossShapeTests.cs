using System.Reflection;
using Adjoint.Nn;

namespace Adjoint.Tests.Nn;

/// <summary>Losses that compare element by element take equal shapes only, as functions and as modules.</summary>
public class LossShapeTests
{
    // BCE has a check of values, so all are probabilities.
    private static readonly (Shape Input, Shape Target)[] Unequal =
        [([4, 1], [4]), ([4], [4, 1]), ([4], [1]), ([1], [4]), ([4], Shape.Scalar), ([2, 3], [3]), ([2, 3], [3, 2]), ([0], [1]),
            ([2, 3], [1, 3])];

    // What takes classes, and what takes more than two tensors.
    private static readonly string[] s_others =
        ["NllLoss", "CrossEntropy", "MultiMarginLoss", "MultilabelMarginLoss", "GaussianNllLoss"];

    /// <summary>Every public loss of two tensors of one shape: what is added is tested.</summary>
    public static TheoryData<string> Functions => [.. typeof(F).GetMethods(BindingFlags.Public | BindingFlags.Static)
        .Where(m => m.GetParameters() is [{ Name: "input" }, { Name: "target" }, ..] && !s_others.Contains(m.Name))
        .Select(m => m.Name)];

    public static TheoryData<Type> Modules => [.. typeof(Loss).Assembly.GetExportedTypes()
        .Where(t => typeof(Loss).IsAssignableFrom(t) && !t.IsAbstract
            && t != typeof(NLLLoss) && t != typeof(CrossEntropyLoss) && t != typeof(MultiMarginLoss) && t != typeof(MultiLabelMarginLoss))];

    [Theory] // F7
    [MemberData(nameof(Functions))]
    public void Functions_refuse_unequal_shapes(string name)
    {
        MethodInfo method = typeof(F).GetMethod(name)!;
        Check((x, t) => (Tensor)method.Invoke(null, [x, t, .. method.GetParameters().Skip(2).Select(p => p.DefaultValue)])!);
    }

    [Theory] // F7
    [MemberData(nameof(Modules))]
    public void Modules_refuse_unequal_shapes(Type type)
    {
        ConstructorInfo constructor = type.GetConstructors().Single();
        var loss = (Loss)constructor.Invoke([.. constructor.GetParameters().Select(p => p.DefaultValue)]);
        Check((x, t) => loss.Call(x, t));
    }

    [Fact]
    public void A_weight_must_not_make_more_losses()
    {
        Tensor x = Tensor.Full([4], 0.5), column = Tensor.Ones(4, 1);
        Should.Throw<ShapeException>(() => F.BinaryCrossEntropy(x, x, column)).Message.ShouldContain("[4, 1]");
        Should.Throw<ShapeException>(() => F.BinaryCrossEntropyWithLogits(x, x, column));
        Should.Throw<ShapeException>(() => F.BinaryCrossEntropyWithLogits(x, x, posWeight: column));
        F.BinaryCrossEntropyWithLogits(x, x, Tensor.Ones(1), Tensor.Ones(4)).Item()
            .ShouldBe(F.BinaryCrossEntropyWithLogits(x, x).Item(), 1e-6);
    }

    private static void Check(Func<Tensor, Tensor, Tensor> loss)
    {
        foreach ((Shape input, Shape target) in Unequal)
        {
            Exception thrown = Should.Throw<Exception>(() => loss(Tensor.Full(input, 0.5), Tensor.Full(target, 0.5)));
            string message =
                (thrown is TargetInvocationException ? thrown.InnerException! : thrown).ShouldBeOfType<ShapeException>().Message;
            message.ShouldContain($"{input}");
            message.ShouldContain($"{target}");
        }
        loss(Tensor.Full([4, 1], 0.5), Tensor.Full([4, 1], 0.5)).NDim.ShouldBe(0);
    }
}
