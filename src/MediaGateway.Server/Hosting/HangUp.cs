using System.Runtime.InteropServices;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Background;
using MediaGateway.Server.Options;
using MediaGateway.Server.Telemetry;

namespace MediaGateway.Server.Hosting;

/// <summary>
/// Takes SIGHUP, which would end the process, for what daemons take it: the certificate is read again, and whether the audit file can be
/// written is seen at once. The audit file needs no more, since it is opened for each command.
/// </summary>
internal sealed class HangUp(
    Supervisor supervisor, ServerCertificate certificate, TlsOptions tls, AuditLog audit, ILogger<HangUp> logger)
    : IHostedService, IDisposable
{
    private PosixSignalRegistration? _registration;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _registration = supervisor.OnSignal(PosixSignal.SIGHUP, "SIGHUP", OnHangUp);
        return Task.CompletedTask;
    }

    /// <summary>Leaves the signal alone: it must not end a gateway that drains, either.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration?.Dispose();

    private void OnHangUp()
    {
        logger.HungUp();
        if (tls.IsOn)
            supervisor.Once("certificate", certificate.Reload);
        audit.CheckFile();
    }
}
