using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using MediaGateway.Server.Options;
using MediaGateway.Server.Telemetry;

namespace MediaGateway.Server.Hosting;

/// <summary>The certificate of the listeners, read again when its file has changed: renewals need no restart.</summary>
internal sealed class ServerCertificate(TlsOptions options, TimeProvider clock, ILogger<ServerCertificate> logger)
{
    /// <summary>Shortest time between two looks at the file's time.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private SslStreamCertificateContext? _current;
    private DateTime _fileTime;
    private DateTimeOffset _nextCheck;

    /// <summary>Certificate that a handshake that begins now uses.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, and never could.</exception>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                if (_current is null || clock.GetUtcNow() >= _nextCheck)
                    Refresh();
                return _current;
            }
        }
    }

    [MemberNotNull(nameof(_current))]
    private void Refresh()
    {
        _nextCheck = clock.GetUtcNow() + CheckInterval;
        DateTime time = File.GetLastWriteTimeUtc(options.CertificateFile);
        if (_current is not null && time == _fileTime)
            return;
        _fileTime = time;
        if (CertificateFiles.TryLoad(options, out SslStreamCertificateContext? read, out string? problem))
        {
            _current = read;
            logger.CertificateRead(read.TargetCertificate.Subject, read.TargetCertificate.NotAfter);
        }
        else if (_current is null)
        {
            throw new InvalidDataException(problem);
        }
        else
        {
            // Half written, perhaps: the next look may find the rest.
            _fileTime = default;
            logger.CertificateUnreadable(problem);
        }
    }
}
