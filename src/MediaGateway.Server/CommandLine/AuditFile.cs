using System.Diagnostics.CodeAnalysis;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.CommandLine;

/// <summary>
/// Tries the file of Control:AuditFile before the gateway serves, so that no command is carried out that cannot be recorded.
/// </summary>
internal static class AuditFile
{
    /// <param name="path">The file; empty for none.</param>
    /// <param name="error">What is wrong with it.</param>
    /// <returns>Whether it can be appended to. It exists from then on.</returns>
    public static bool IsUsable(string path, [NotNullWhen(false)] out OptionsError? error)
    {
        error = null;
        if (path.Length == 0)
            return true;
        try
        {
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            error = new OptionsError(
                "Control:AuditFile", path,
                $"cannot be appended to: {refused.Message} "
                + "The shipped unit and compose file make /var/log/mediagateway writable, and nothing else.");
            return false;
        }
    }
}
