using System.Reflection;
using Adjoint.Nn;
using Module = Adjoint.Nn.Module;

namespace Adjoint.Tests.Surface;

/// <summary>What a layer or a loss cannot take, it says in its own name or in that of its function, and not in that of an operation in it.</summary>
public class LayerErrorTests
{
    /// <summary>The functions of layers that have another name.</summary>
    private static readonly Dictionary<string, string> s_functions = new()
    {
        ["BatchNorm1d"] = "BatchNorm",
        ["BCELoss"] = "BinaryCrossEntropy",
        ["BCEWithLogitsLoss"] = "BinaryCrossEntropyWithLogits",
        ["CrossEntropyLoss"] = "CrossEntropy",
        ["KLDivLoss"] = "KlDiv",
    };

    public static TheoryData<Type> Layers =>
    [
        .. typeof(Module).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(Module)) && !t.IsAbstract && !t.IsGenericType && t.GetConstructors().Length > 0
            && t.Namespace == typeof(Module).Namespace && !t.Name.StartsWith("Module", StringComparison.Ordinal)),
    ];

    private static readonly Func<Tensor>[] s_inputs =
    [
        () => Tensor.Ones(2, 3), () => Tensor.Ones([3], DType.Float64), () => Tensor.Ones([3], DType.Int64), () => Tensor.Ones([2, 3], DType.Bool),
        () => Tensor.Scalar(0.5), () => Tensor.Zeros(0), () => Tensor.Zeros(2, 0, 3), () => Tensor.Ones(1, 2, 1, 3, 1),
        () => Tensor.Ones([4, 5], DType.UInt8), () => Tensor.From([long.MaxValue, -1L]),
    ];

    [Theory]
    [MemberData(nameof(Layers), DisableDiscoveryEnumeration = true)]
    public void A_layer_speaks_of_itself(Type layer)
    {
        if (Made(layer) is not { } module) return;
        string[] own =
        [
            layer.Name, layer.Name.Replace("Loss", "", StringComparison.Ordinal), s_functions.GetValueOrDefault(layer.Name, layer.Name),
            layer.Name.Replace("Lazy", "", StringComparison.Ordinal),      // what it is once it knows its input
        ];
        foreach (Func<Tensor> first in s_inputs)
        {
            foreach (Func<Tensor>? second in s_inputs.Append(null))
            {
                try
                {
                    if (second is null) module.Call(first());
                    else module.Call(first(), second());
                }
                catch (Exception e) when (e is TensorException or ArgumentException or NotSupportedException)
                {
                    if (Calls.SpokenOf(e) is { } name) own.Select(Calls.Plain).ShouldContain(Calls.Plain(name), $"{layer.Name}: {e.Message}");
                }
            }
        }
    }

    private static Module? Made(Type layer)
    {
        ConstructorInfo constructor = layer.GetConstructors().OrderBy(c => c.GetParameters().Length).First();
        // Of two that exclude each other the first is given: the size of an Upsample.
        object?[] arguments =
        [
            .. constructor.GetParameters().Select(p => p.ParameterType == typeof(Sizes)
                ? p.HasDefaultValue && p.Name is not ("size" or "outputSize") ? default : (Sizes)1 : p.HasDefaultValue ? p.ParameterType.IsEnum
                ? Enum.ToObject(p.ParameterType, p.DefaultValue!) : p.DefaultValue
                : p.ParameterType == typeof(int) ? 3 : p.ParameterType == typeof(Shape) ? Shape.Of(3)
                : p.ParameterType == typeof(double) ? 0.5 : Type.Missing),
        ];
        return arguments.Contains(Type.Missing) ? null : (Module)constructor.Invoke(arguments);
    }
}
