using System.Security.Cryptography;
using MediaGateway.Testing.Fuzzing;
using MediaGateway.Testing.Repository;

namespace MediaGateway.Fuzz.Running;

/// <summary>
/// Inputs kept as files, a folder for each target. One that once broke something is never deleted: it is run by the
/// tests for good.
/// </summary>
/// <param name="folder">Holds a folder for each target.</param>
public sealed class Corpus(string folder)
{
    public static Corpus OfRepository { get; } = new(RepositoryFiles.PathOf("tests/MediaGateway.Fuzz/Corpus"));

    /// <summary>The target's own seeds, then its files in order of their names.</summary>
    public IReadOnlyList<byte[]> InputsOf(IFuzzTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        string own = Path.Combine(folder, target.Name);
        IEnumerable<string> files = Directory.Exists(own) ? Directory.EnumerateFiles(own).Order(StringComparer.Ordinal) : [];
        return [.. target.Seeds, .. files.Select(File.ReadAllBytes)];
    }

    /// <summary>Keeps an input that broke a target; returns its file.</summary>
    public string AddCrash(string target, byte[] input)
    {
        string own = Path.Combine(folder, target);
        Directory.CreateDirectory(own);
        string file = Path.Combine(own, $"crash-{Convert.ToHexStringLower(SHA256.HashData(input))[..16]}");
        File.WriteAllBytes(file, input);
        return file;
    }
}
