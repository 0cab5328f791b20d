namespace Adjoint.Tests.Nn.Slots;

using System.Reflection;
using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

/// <summary>Every property of our own modules that can be assigned a tensor, with everything that can be assigned.</summary>
public class LayerSlotTests
{
    private static readonly Dictionary<Type, Func<Module>> Made = new()
    {
        [typeof(Linear)] = () => new Linear(3, 2),
        [typeof(Embedding)] = () => new Embedding(4, 3),
        [typeof(LayerNorm)] = () => new LayerNorm([3]),
        [typeof(ConvNd)] = () => new Conv2d(2, 3, 3),
        [typeof(BatchNorm)] = () => new BatchNorm2d(3),
        [typeof(InstanceNorm)] = () => new InstanceNorm2d(3, affine: true, trackRunningStats: true),
        [typeof(GroupNorm)] = () => new GroupNorm(2, 4),
        [typeof(Bilinear)] = () => new Bilinear(2, 3, 4),
        [typeof(EmbeddingBag)] = () => new EmbeddingBag(4, 3),
        [typeof(RMSNorm)] = () => new RMSNorm(3),
        [typeof(PReLU)] = () => new PReLU(3),
        [typeof(RnnCellBase<,>)] = () => new GRUCell(2, 3),
    };

    // Each where it is declared: the layers of one, two and three dimensions have theirs from one type.
    private static IEnumerable<PropertyInfo> Slots =>
        from type in typeof(Module).Assembly.GetExportedTypes()
        where typeof(Module).IsAssignableFrom(type)
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        where property.PropertyType == typeof(Tensor) && property.CanWrite && property.GetIndexParameters().Length == 0
        select property;

    public static TheoryData<string, string> Cases =>
        [.. from p in Slots from what in Assignments select (p.DeclaringType!.Name + "." + p.Name, what)];

    private static readonly string[] Assignments =
        ["plain", "nograd", "computed", "parameter", "null", "shape", "dtype", "integers", "buffer"];

    [Fact]
    public void Every_type_with_such_a_property_can_be_made_here() =>
        Slots.Select(p => p.DeclaringType!).Distinct().ShouldBeSubsetOf(Made.Keys);

    [Theory, MemberData(nameof(Cases))]
    public void A_slot_keeps_its_role_or_refuses_at_once(string slot, string what)
    {
        PropertyInfo property = Slots.Single(p => p.DeclaringType!.Name + "." + p.Name == slot);
        Module module = Made[property.DeclaringType!]();
        property = module.GetType().GetProperty(property.Name)!;      // of a generic type that of the one which was made
        Tensor before = ((Tensor?)property.GetValue(module)).ShouldNotBeNull();
        bool isParameter = before.IsParameter,
            nullable = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
        string[] names = [.. module.StateDict().Keys];
        Tensor? value = Value(before, what);

        Type? expected = what switch
        {
            "plain" or "nograd" or "computed" or "buffer" => isParameter ? typeof(SlotException) : null,
            "parameter" when !isParameter => typeof(SlotException),
            "null" => nullable ? null : typeof(ArgumentNullException),
            "shape" => typeof(ShapeException),
            "integers" => isParameter ? typeof(DTypeException) : null,
            _ => null,
        };
        Exception? thrown = Record.Exception(() =>
        {
            try
            {
                property.SetValue(module, value);
            }
            catch (TargetInvocationException e)
            {
                throw e.InnerException!;
            }
        });
        thrown?.GetType().ShouldBe(expected, thrown.Message);
        if (expected is not null)
        {
            thrown.ShouldNotBeNull($"{slot} accepted {what}");
            thrown.Message.ShouldContain(thrown is ArgumentException ? "value" : property.Name);
            property.GetValue(module).ShouldBeSameAs(before);
            module.StateDict().Keys.ShouldBe(names);
            return;
        }
        property.GetValue(module).ShouldBeSameAs(value);
        module.StateDict().Keys.ShouldBe(value is null ? names.Where(n => n != StateName(property)) : names);
        (isParameter ? module.Parameters() : module.Buffers()).Any(t => ReferenceEquals(t, value)).ShouldBe(value is not null);
    }

    private static string StateName(PropertyInfo property) => Members.NameOf(property.Name);

    private static Tensor? Value(Tensor before, string what)
    {
        switch (what)
        {
            case "plain": return before.Detach().Clone();
            case "nograd":
                using (Adjoint.Autograd.NoGrad()) return before - before;
            case "computed": return before * 2;
            case "parameter": return before.Detach().Clone().AsParameter(before.DType.IsFloatingPoint);
            case "shape": return before.IsParameter ? Tensor.Ones([7, 7], before.DType).AsParameter() : Tensor.Ones([7, 7], before.DType);
            case "dtype":
                return before.IsParameter
                ? before.Detach().To(DType.Float64).AsParameter() : before.Detach().To(DType.Float64).AsBuffer();
            case "integers":
                return before.IsParameter
                ? before.Detach().To(DType.Int64).AsParameter(requiresGrad: false) : before.Detach().To(DType.Int64);
            case "buffer": return before.Detach().Clone().AsBuffer();
            default: return null;
        }
    }
}
