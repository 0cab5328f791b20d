using System.Reflection;
using Adjoint.Symbolic;

namespace Adjoint.Tests.Ops;

/// <summary>
/// Element-wise operations called by the names of their rows. Tests of many operations call them so: they go through what there is, and an
/// operation can be taken out without them.
/// </summary>
internal static class Words
{
    /// <summary>The row of that name, or the one that formulas call so; null if there is none.</summary>
    public static Op? Row(string name) => OpTable.ElementWise.FirstOrDefault(op => op.Name == name || op.Info.FormulaNames.Contains(name));

    /// <summary>x.Asin() for "asin", x.Celu(2) for "celu" and 2.</summary>
    /// <param name="x">The tensor it is called on.</param>
    /// <param name="name">A name that <see cref="Row"/> knows.</param>
    /// <param name="rest">The other arguments: tensors, numbers, names of a choice, or null for none. What is left out has its
    /// default.</param>
    public static Tensor Word(this Tensor x, string name, params object?[] rest)
    {
        Op row = Row(name) ?? throw new KeyNotFoundException($"No row is called {name}.");
        string word = Notation.Word(row.Name, row.Info);
        MethodInfo? method = typeof(Tensor).GetMethods()
            .SingleOrDefault(m => m.Name == word && m.ReturnType == typeof(Tensor) && !m.IsStatic && Takes(m.GetParameters(), rest));
        if (method is null)
        {
            // A function of a group takes the tensor first.
            rest = [x, .. rest];
            method = typeof(Special).GetMethods().Single(m => m.Name == word && Takes(m.GetParameters(), rest));
        }
        return (Tensor)method.Invoke(method.IsStatic ? null : x, BindingFlags.DoNotWrapExceptions, null,
            [.. method.GetParameters().Select((p, i) => i < rest.Length ? Given(p, rest[i]) : p.DefaultValue)], null)!;
    }

    private static bool Takes(ParameterInfo[] parameters, object?[] rest) =>
        parameters.Length >= rest.Length
        && parameters.Select((p, i) => i < rest.Length ? Fits(p.ParameterType, rest[i]) : p.HasDefaultValue).All(fits => fits);

    private static bool Fits(Type type, object? argument) => argument is Tensor or Enum ? type == argument.GetType()
        : argument is null
        ? Nullable.GetUnderlyingType(type) is not null
        : (Nullable.GetUnderlyingType(type) ?? type) is { } t && (t == typeof(double) || t == typeof(Number));

    private static object? Given(ParameterInfo parameter, object? argument)
    {
        if (argument is null or Tensor or Enum) return argument;
        if ((Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType) == typeof(double))
            return Convert.ToDouble(argument);
        return argument is int whole ? (Number)whole : (Number)Convert.ToDouble(argument);
    }
}
