using Adjoint.Nn;

namespace Adjoint.Optim;

/// <summary>An option that is one of several: in a group and in a file it is PyTorch's word, <c>exp_range</c> for ExpRange.</summary>
internal static class OptionWord
{
    /// <summary>The word of a value of an enum.</summary>
    internal static string Of(object value) => Members.NameOf(value.ToString()!);

    /// <summary>The value of a word.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static object Read(string whose, object? value, string name, Type type)
    {
        string[] known = Enum.GetNames(type);
        if (value is not null && value.GetType() == type && Array.IndexOf(known, value.ToString()) >= 0) return value;
        if (value is string word && Array.Find(known, k => Members.NameOf(k) == word || k == word) is { } meant)
            return Enum.Parse(type, meant);
        throw new ArgumentException(
            $"{whose}: the option \"{name}\" must be one of {string.Join(", ", known.Select(k => $"\"{Members.NameOf(k)}\""))}, but is "
            + $"{value ?? "null"}.", name);
    }
}
