namespace Adjoint.Nn;

/// <summary>Types as they are written in C#.</summary>
internal static class TypeText
{
    internal static string Of(Type type)
    {
        if (type.IsArray) return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type == typeof(string) || type.IsPrimitive)
            return type.Name switch { "String" => "string", "Int32" => "int", "Single" => "float", _ => type.Name.ToLowerInvariant() };
        if (!type.IsGenericType) return type.Name;
        return $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }
}
