using System.Runtime.InteropServices;
using MediaGateway.Platform.Interop;
using Microsoft.Win32.SafeHandles;

namespace MediaGateway.Platform.Files;

/// <summary>
/// File to whose end the system itself puts every write (O_APPEND). FileMode.Append does not ask for that: it remembers where the end was,
/// and so leaves a hole in a file that was truncated meanwhile, and cannot open one that may only be appended to (chattr +a).
/// </summary>
public static class AppendOnlyFile
{
    /// <summary>Permissions of a file that is made, before the process's umask.</summary>
    private const int Mode = 0x1B6;

    /// <summary>Opens the file, or makes it. A pipe without a reader is refused, not waited for.</summary>
    /// <exception cref="IOException">It cannot be opened; the message says why.</exception>
    public static FileStream Open(string path)
    {
        SafeFileHandle file = Libc.Open(
            path, Libc.O_WRONLY | Libc.O_APPEND | Libc.O_CREAT | Libc.O_CLOEXEC | Libc.O_NONBLOCK | Libc.O_NOCTTY, Mode);
        if (!file.IsInvalid)
            return new FileStream(file, FileAccess.Write, bufferSize: 0);
        int error = Marshal.GetLastPInvokeError();
        file.Dispose();
        throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)}: '{path}'.");
    }
}
