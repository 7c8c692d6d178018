using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Servers;
using MediaGateway.Attack.Running;
using MediaGateway.Platform.Clock;
using MediaGateway.Platform.Dtls;

namespace MediaGateway.Attack.Calls;

/// <summary>
/// A gateway as it ships, a process of its own, with a call going on, and what attackers need to come near it. Its limits are those that
/// it ships with; its deadlines are shorter, so that what they take back is back within seconds. Ownership: ends all of it when disposed.
/// </summary>
internal sealed class Site : IAsyncDisposable
{
    private static readonly Dictionary<string, string> Settings = new()
    {
        // As shipped, where the load tester raises them.
        ["Limits:HttpRequestsPerSecondPerSource"] = "20",
        ["Limits:HttpBurstPerSource"] = "100",
        ["Limits:MaxHalfOpenPeers"] = "1000",
        ["Limits:MaxHalfOpenPeersPerSource"] = "100",
        ["Limits:MaxPeers"] = "10000",
        ["Limits:MaxViewersPerStream"] = "5000",
        ["Rooms:MaxParticipantsPerRoom"] = "500",
        ["Logging:LogLevel:Default"] = "Information",
        // Shorter, to see within seconds that they hold.
        ["Media:HandshakeTimeoutSeconds"] = "2",
        ["Media:ConsentTimeoutSeconds"] = "5",
        ["Http:HeadersTimeoutSeconds"] = "2",
        ["Http:KeepAliveTimeoutSeconds"] = "2",
        ["Rooms:DepartureTimeoutSeconds"] = "1",
        ["Rooms:EmptyTimeoutSeconds"] = "1",
    };

    private readonly OpenSslDtlsContext _dtls;
    private readonly string? _wrapper;
    private readonly OwnCertificate? _certificate;

    private Site(GatewayServer server, OpenSslDtlsContext dtls, MonotonicClock clock, string? wrapper, OwnCertificate? certificate)
    {
        _certificate = certificate;
        Server = server;
        _dtls = dtls;
        _wrapper = wrapper;
        Setup = new PeerSetup(dtls, new SystemEntropy(), clock);
        Loop = new ClientLoop(clock, 9);
        Call = new Call(server, Setup, clock);
    }

    public GatewayServer Server { get; }

    public PeerSetup Setup { get; }

    public Call Call { get; }

    /// <summary>The thread of hostile clients.</summary>
    public ClientLoop Loop { get; }

    public static async Task<Site> OpenAsync(string executable, Confines confines, CancellationToken cancellation)
    {
        string? wrapper = null;
        if (confines.Files > 0)
        {
            wrapper = Path.Combine(Path.GetTempPath(), $"mediagateway-{Guid.NewGuid():N}");
            string script = $"#!/bin/sh\nulimit -n {confines.Files}\nexec {Path.GetFullPath(executable)}\n";
            await File.WriteAllTextAsync(wrapper, script, cancellation);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        OwnCertificate? certificate = confines.HasTls ? new OwnCertificate() : null;
        Dictionary<string, string> settings = certificate is null ? Settings
            : new(Settings) { ["Tls:CertificateFile"] = certificate.CertificateFile, ["Tls:KeyFile"] = certificate.KeyFile };
        // What is started inherits it.
        Environment.SetEnvironmentVariable("DOTNET_GCHeapHardLimit", confines.HeapBytes > 0 ? $"0x{confines.HeapBytes:X}" : null);
        GatewayServer server;
        try
        {
            server = await GatewayServer.StartAsync(wrapper ?? executable, "gateway", settings, cancellation);
        }
        finally
        {
            Environment.SetEnvironmentVariable("DOTNET_GCHeapHardLimit", null);
        }
        var dtls = new OpenSslDtlsContext(DtlsCertificate.CreateSelfSigned(TimeProvider.System));
        var site = new Site(server, dtls, new MonotonicClock(), wrapper, certificate);
        try
        {
            await site.Call.BeginAsync(cancellation);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Call.DisposeAsync();
        Loop.Dispose();
        await Server.DisposeAsync();
        _dtls.Dispose();
        _certificate?.Dispose();
        if (_wrapper is not null)
            File.Delete(_wrapper);
    }
}
