using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MediaGateway.Server.Options;
using MediaGateway.Server.Telemetry;

namespace MediaGateway.Server.Hosting;

/// <summary>The certificate of the listeners, read again when its file has changed: renewals need no restart.</summary>
internal sealed class ServerCertificate(TlsOptions options, TimeProvider clock, ILogger<ServerCertificate> logger)
{
    /// <summary>How often the file's time is looked at, at most.</summary>
    public static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private SslStreamCertificateContext? _current;
    private DateTime _fileTime;
    private DateTimeOffset _nextCheck;

    /// <summary>What a handshake that begins now uses.</summary>
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

    /// <summary>Reads a certificate with its key and chain.</summary>
    /// <param name="options">The files.</param>
    /// <param name="context">What was read.</param>
    /// <param name="problem">What is wrong with them, for the operator.</param>
    public static bool TryLoad(TlsOptions options, [NotNullWhen(true)] out SslStreamCertificateContext? context, [NotNullWhen(false)] out string? problem)
    {
        context = null;
        problem = null;
        try
        {
            X509Certificate2Collection all = [];
            all.ImportFromPemFile(options.CertificateFile);
            context = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile), [.. all.Skip(1)], offline: true);
            return true;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            problem = unreadable.Message;
            return false;
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
        if (TryLoad(options, out SslStreamCertificateContext? read, out string? problem))
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
