using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using MediaGateway.Server.Options;
using MediaGateway.Server.Telemetry;

namespace MediaGateway.Server.Hosting;

/// <summary>
/// The certificate of the listeners, read again when its files have other contents: renewals need no restart. Times of files are not
/// looked at: behind a link, as Kubernetes mounts secrets, or in a file put in place with an old time they do not tell.
/// </summary>
internal sealed class ServerCertificate(TlsOptions options, TimeProvider clock, ILogger<ServerCertificate> logger)
{
    /// <summary>Shortest time between two looks at the files.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private SslStreamCertificateContext? _current;

    /// <summary>SHA-256 of the files' contents that <see cref="Current"/> was made of; null when there are none.</summary>
    private byte[]? _contents;

    /// <summary>Reading of the clock at the last look: its monotonic one, for the machine's time may be set.</summary>
    private long _checked;

    /// <summary>Certificate that a handshake that begins now uses.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, and never could.</exception>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                if (_current is null || clock.GetElapsedTime(_checked) >= CheckInterval)
                    Refresh();
                return _current;
            }
        }
    }

    /// <summary>Looks at the files now.</summary>
    /// <exception cref="InvalidDataException">They cannot be read, and never could.</exception>
    public void Reload()
    {
        lock (_lock)
            Refresh();
    }

    [MemberNotNull(nameof(_current))]
    private void Refresh()
    {
        _checked = clock.GetTimestamp();
        byte[]? contents = HashOfFiles();
        if (_current is not null && contents is not null && contents.AsSpan().SequenceEqual(_contents))
            return;
        if (CertificateFiles.TryLoad(options, out SslStreamCertificateContext? read, out string? problem))
        {
            _current = read;
            _contents = contents;
            logger.CertificateRead(read.TargetCertificate.Subject, read.TargetCertificate.NotAfter);
        }
        else if (_current is null)
        {
            throw new InvalidDataException(problem);
        }
        else
        {
            // Half written, perhaps, or a key without its certificate: the next look may find the rest.
            logger.CertificateUnreadable(problem);
        }
    }

    private byte[]? HashOfFiles()
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(File.ReadAllBytes(options.CertificateFile));
            hash.AppendData(File.ReadAllBytes(options.KeyFile));
            return hash.GetHashAndReset();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Reading them as a certificate says what is wrong.
            return null;
        }
    }
}
