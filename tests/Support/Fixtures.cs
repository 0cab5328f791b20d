using System.Text.Json;
using System.Text.Json.Serialization;
using Adjoint.Tests.Architecture;

namespace Adjoint.Tests.Parity;

/// <summary>Reads what the scripts of tests/Parity wrote.</summary>
internal static class Fixtures
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public static string PathOf(string file) => Path.Combine(SourceTree.Root, "tests", "Parity", "fixtures", file);

    /// <summary>The cases of tests/Parity/fixtures/<paramref name="name"/>.json.</summary>
    public static IReadOnlyList<T> Read<T>(string name)
    {
        using FileStream file = File.OpenRead(PathOf(name + ".json"));
        return JsonSerializer.Deserialize<T[]>(file, Options)!;
    }
}
