namespace MediaGateway.Server.Options;

/// <summary>
/// A file of variables, NAME=value a line, as systemd reads it (systemd.exec(5), EnvironmentFile): the settings that the unit gives to
/// the gateway, so that the command line on the same host has them too.
/// </summary>
internal static class EnvironmentFile
{
    /// <summary>Path at which deploy/mediagateway.service has the file.</summary>
    public const string DefaultPath = "/etc/mediagateway/environment";

    /// <summary>The variable that names another file; empty for none.</summary>
    public const string PathVariable = "MEDIAGATEWAY_ENVIRONMENT_FILE";

    private const string Quotes = "\"'";

    public static string Path => Environment.GetEnvironmentVariable(PathVariable) ?? DefaultPath;

    /// <summary>True when there is such a file that this user may not read.</summary>
    public static bool IsForbidden
    {
        get
        {
            try
            {
                using Stream? file = Open(Path);
                return false;
            }
            catch (UnauthorizedAccessException)
            {
                return true;
            }
        }
    }

    /// <summary>The settings in the file, as configuration keys; none without the file, or without the right to read it.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Read()
    {
        try
        {
            using Stream? file = Open(Path);
            return file is null ? [] : [.. Parse(new StreamReader(file))];
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static FileStream? Open(string path)
    {
        try
        {
            return path.Length == 0 ? null : new FileStream(path, FileMode.Open, FileAccess.Read);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> Parse(TextReader file)
    {
        while (file.ReadLine()?.Trim() is { } line)
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || !line.StartsWith(GatewayConfiguration.EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
                continue;
            string name = line[GatewayConfiguration.EnvironmentPrefix.Length..equals].TrimEnd();
            string key = name.Replace("__", ":", StringComparison.Ordinal);
            yield return new KeyValuePair<string, string?>(key, Unquote(line[(equals + 1)..].Trim()));
        }
    }

    private static string Unquote(string value) =>
        value.Length >= 2 && Quotes.Contains(value[0], StringComparison.Ordinal) && value[^1] == value[0] ? value[1..^1] : value;
}
