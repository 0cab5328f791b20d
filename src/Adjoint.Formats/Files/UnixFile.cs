using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Adjoint.Formats;

/// <summary>What .NET has no word for: whether a path is a regular file, and that a directory's entries are on the disk.</summary>
internal static class UnixFile
{
    // Note [The runtime's own library]: the layout of struct stat differs from system to system. .NET's native library, which every
    // process on Unix has loaded already, gives it in one form: flags, then the mode, both 32 bits. If a later runtime should no longer
    // have it, a path counts as a regular file, and a directory is not synced: nothing else depends on it.
    private const string Runtime = "libSystem.Native";

    private const int KindMask = 0xF000, ModeAt = 4, ReadOnlyAndCloseOnExec = 0x10;

    /// <summary>
    /// What there is at <paramref name="path"/>, behind links, that is neither a regular file nor a directory; null if nothing.
    /// </summary>
    /// <remarks>It is asked before a file is opened: opening a pipe waits for someone to write into it.</remarks>
    public static string? SpecialKind(string path)
    {
        if (OperatingSystem.IsWindows()) return null;
        try
        {
            byte[] status = new byte[512];
            if (Stat(path, status) != 0) return null;
            return (BitConverter.ToInt32(status, ModeAt) & KindMask) switch
            {
                0x1000 => "a pipe",
                0x2000 or 0x6000 => "a device",
                0xC000 => "a socket",
                _ => null,
            };
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Forces the names in a directory to the disk, where the file system can do that.</summary>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        try
        {
            using SafeFileHandle directory = new(Open(path, ReadOnlyAndCloseOnExec, 0), ownsHandle: true);
            // A file system that cannot sync a directory has nothing to say about the file, which is whole.
            if (!directory.IsInvalid) _ = FSync(directory);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
        }
    }

    [DllImport(Runtime, EntryPoint = "SystemNative_Stat")]
    private static extern int Stat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [Out] byte[] status);

    [DllImport(Runtime, EntryPoint = "SystemNative_Open")]
    private static extern nint Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, int mode);

    [DllImport(Runtime, EntryPoint = "SystemNative_FSync")]
    private static extern int FSync(SafeFileHandle file);
}
