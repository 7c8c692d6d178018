namespace MediaGateway.Testing.Repository;

/// <summary>Files of the repository that tests hold the code against, and where corpora live.</summary>
public static class RepositoryFiles
{
    /// <exception cref="InvalidOperationException">The program does not run from within the repository.</exception>
    public static string Root { get; } = FindRoot();

    /// <summary>Full path of a path relative to the repository.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>C# sources below a folder, without what the build generates; full paths.</summary>
    public static IEnumerable<string> SourcesUnder(string relative) => Directory
        .EnumerateFiles(PathOf(relative), "*.cs", SearchOption.AllDirectories)
        .Where(path => !IsGenerated(path))
        .Order(StringComparer.Ordinal);

    /// <summary>A full path as the repository names it, with forward slashes.</summary>
    public static string RelativePath(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool IsGenerated(string path)
    {
        string[] folders = RelativePath(path).Split('/');
        return folders.Contains("obj") || folders.Contains("bin");
    }

    private static string FindRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "MediaGateway.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The program does not run from within the repository.");
    }
}
