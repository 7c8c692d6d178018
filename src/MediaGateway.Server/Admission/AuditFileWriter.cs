using System.Text;
using MediaGateway.Platform.Files;

namespace MediaGateway.Server.Admission;

/// <summary>
/// File of the audit log, which lines are appended to. It is opened for each of them, so that a line is in the file that has the name now:
/// after a rotation, of whatever kind, and after a removal. A line that has not been written whole is taken back, or, where the file does
/// not allow that, ended before the next one: no line is glued to a piece of another.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="open">Opens it to append to; null for the system's own way.</param>
internal sealed class AuditFileWriter(string path, Func<string, Stream>? open = null)
{
    private readonly Func<string, Stream> _open = open ?? AppendOnlyFile.Open;
    private bool _endsInPiece;

    /// <summary>Tells whether the file can be appended to, and makes it if there is none.</summary>
    public bool IsUsable(out string problem) => TryWrite([], out problem);

    /// <summary>Appends a line; false when it could not be written, with the reason.</summary>
    public bool TryAppend(string line, out string problem) =>
        TryWrite(Encoding.UTF8.GetBytes($"{(_endsInPiece ? "\n" : "")}{line}\n"), out problem);

    private bool TryWrite(byte[] bytes, out string problem)
    {
        problem = "";
        try
        {
            using Stream file = _open(path);
            if (bytes.Length > 0)
                Write(file, bytes);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problem = failure.Message;
            return false;
        }
    }

    private void Write(Stream file, byte[] bytes)
    {
        long? length = file.CanSeek ? file.Length : null;
        try
        {
            file.Write(bytes);
            _endsInPiece = false;
        }
        catch (IOException)
        {
            _endsInPiece = !TryTakeBack(file, length);
            throw;
        }
    }

    /// <summary>Makes the file as long as it was; false for a pipe, and for a file that may only be appended to.</summary>
    private static bool TryTakeBack(Stream file, long? length)
    {
        if (length is not { } before)
            return false;
        try
        {
            file.SetLength(before);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
