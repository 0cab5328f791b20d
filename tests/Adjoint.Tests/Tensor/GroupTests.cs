using System.Reflection;

namespace Adjoint.Tests.Tensors;

/// <summary>Groups of functions: <c>Linalg.VectorNorm(x)</c> and <c>x.Linalg.VectorNorm()</c> are the same.</summary>
public class GroupTests
{
    private static Tensor X => Tensor.From([[0.25, 0.5, 0.75], [0.1, 0.2, 0.3]], requiresGrad: true);

    public static TheoryData<Type, Type> Groups => new() { { typeof(Linalg), typeof(LinalgGroup) }, { typeof(Special), typeof(SpecialGroup) } };

    [Theory]
    [MemberData(nameof(Groups), DisableDiscoveryEnumeration = true)]
    public void A_group_on_a_tensor_has_every_function_with_the_same_arguments(Type functions, Type group)
    {
        MethodInfo[] declared = functions.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly);
        string Text(string name, IEnumerable<ParameterInfo> parameters) =>
            $"{name}({string.Join(", ", parameters.Select(p => $"{p.ParameterType} {p.Name} {p.HasDefaultValue} {p.RawDefaultValue}"))})";
        // What is of a list of tensors, as Linalg.MultiDot, belongs to none of them.
        MethodInfo[] ofLists = [.. declared.Where(m => m.GetParameters()[0].ParameterType == typeof(IReadOnlyList<Tensor>))];
        declared = [.. declared.Except(ofLists)];
        static int Place(MethodInfo method) => Array.FindIndex(method.GetParameters(), p => p.ParameterType == typeof(Tensor));
        declared.Where(m => Place(m) < 0).Select(m => m.ToString()).ShouldBeEmpty();
        // In PyTorch's order of arguments.
        declared.Where(m => Place(m) > 0).Select(m => m.Name).ShouldBe(functions == typeof(Special) ? ["Polygamma"] : []);
        ofLists.Select(m => m.Name).ShouldBe(functions == typeof(Linalg) ? ["MultiDot"] : []);
        group.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(m => Text(m.Name, m.GetParameters()))
            .ShouldBe(declared.Select(m => Text(m.Name, m.GetParameters().Where((_, i) => i != Place(m)))), ignoreOrder: true);
    }

    [Fact]
    public void They_give_the_same_and_have_gradients()
    {
        Tensor x = X;
        x.Linalg.VectorNorm().Backward();
        x.Grad!.ElementsEqual(x.Detach() / x.Detach().Norm()).ShouldBeTrue();
        x.Linalg.VectorNorm(1, [0], keepDim: true).Shape.ShouldBe([1, 3]);
        Linalg.VecDot(x, x).ElementsEqual((x * x).Sum(1)).ShouldBeTrue();
        x.Linalg.MatMul(x.T).ElementsEqual(x.MatMul(x.T)).ShouldBeTrue();
        Tensor.Arange(8).Reshape(2, 2, 2).Linalg.Diagonal().ElementsEqual(Tensor.From([[0f, 3], [4, 7]]).To(DType.Int64)).ShouldBeTrue();
        x.Special.Expit().ElementsEqual(x.Sigmoid()).ShouldBeTrue();
        Special.Xlogy(x, x).ElementsEqual(x.Xlogy(x)).ShouldBeTrue();
        x.Special.Polygamma(2).ElementsEqual(x.Polygamma(2)).ShouldBeTrue();
    }

    [Fact]
    public void What_they_refuse_they_refuse_by_name()
    {
        Should.Throw<ShapeException>(() => X.Linalg.VecDot(Tensor.Ones([4], DType.Float64))).Message.ShouldStartWith("Linalg.VecDot: the shapes");
        Should.Throw<DTypeException>(() => Linalg.VectorNorm(Tensor.From([1L]))).Message.ShouldStartWith("Linalg.VectorNorm: needs");
        Should.Throw<ArgumentNullException>(() => Special.Erf(null!)).ParamName.ShouldBe("x");
        Should.Throw<ArgumentNullException>(() => X.Special.Xlogy(null!)).ParamName.ShouldBe("other");
    }

    /// <summary>Errors of what is made of other operations; see Note [Errors speak of what was called].</summary>
    [Fact]
    public void The_outermost_name_is_told_and_the_trace_is_that_of_the_first_throw()
    {
        var e = Should.Throw<ShapeException>(() => X.AddCMul(X, Tensor.Ones([4], DType.Float64)));
        e.Message.ShouldStartWith("AddCMul: the shapes [2, 3] and [4] do not broadcast");
        e.StackTrace!.ShouldContain("BroadcastShape");
        Should.Throw<ArgumentException>(() => Tensor.From([1, 2]).To(DType.UInt8) % Tensor.Scalar(256, DType.Int64)).Message.ShouldContain("256, which is 0 in UInt8");
        Should.Throw<DTypeException>(() => Tensor.From([1, 2]).To(DType.UInt8).Remainder(256)).Message.ShouldContain("256 is out of the range of UInt8");
        Should.Throw<DTypeException>(() => Tensor.From([1, 2]).To(DType.UInt8).Fmod(512)).Message.ShouldContain("512 is out of the range of UInt8");
    }
}
