using System.Text;

namespace Adjoint.Distributed;

/// <summary>Texts between ranks.</summary>
internal static class Texts
{
    /// <summary>The text of rank 0, or null if it has none, on all ranks.</summary>
    internal static string? Broadcast(ProcessGroup group, string? text)
    {
        byte[]? bytes = text is null ? null : Encoding.UTF8.GetBytes(text);
        int[] length = [bytes?.Length ?? -1];
        group.Broadcast(length.AsSpan());
        if (length[0] < 0) return null;
        if (group.Rank != 0) bytes = new byte[length[0]];
        group.Broadcast(bytes.AsSpan());
        return Encoding.UTF8.GetString(bytes!);
    }
}
