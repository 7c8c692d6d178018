using System.Text;

namespace MediaGateway.Server.Admission;

/// <summary>
/// File of the audit log, which lines are appended to. It is opened when there is a line to write, and anew after a failure. A line that
/// has not been written whole is taken back where the file allows it, so that no later one is glued to a piece of it.
/// </summary>
internal sealed class AuditFileWriter(string path) : IDisposable
{
    private FileStream? _file;

    /// <summary>Appends a line; false when it could not be written, with the reason.</summary>
    public bool TryAppend(string line, out string problem)
    {
        problem = "";
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
        long? length = null;
        try
        {
            _file ??= new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            length = _file.CanSeek ? _file.Length : null;
            _file.Write(bytes);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problem = failure.Message;
            if (length is { } before)
                TakeBack(before);
            Dispose();
            return false;
        }
    }

    public void Dispose()
    {
        FileStream? file = _file;
        _file = null;
        try
        {
            file?.Dispose();
        }
        catch (IOException)
        {
            // As after a write that failed, whose reason is known.
        }
    }

    private void TakeBack(long length)
    {
        try
        {
            _file?.SetLength(length);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The piece stays: the file takes nothing at all.
        }
    }
}
