namespace MediaGateway.Server.Tests.Support;

/// <summary>Files of the repository that tests hold the code against.</summary>
internal static class RepositoryFiles
{
    public static string PathOf(string relative) => Path.Combine(Root(), relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    private static string Root()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "MediaGateway.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The tests run outside the repository.");
    }
}
