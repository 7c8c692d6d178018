using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using MediaGateway.Server.CommandLine;
using MediaGateway.Server.Hosting;
using MediaGateway.Server.Options;
using MediaGateway.Server.Tests.Support;
using MediaGateway.V1;
using Microsoft.Extensions.Logging.Abstractions;

namespace MediaGateway.Server.Tests.Hosting;

public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tls-").FullName;

    private string Certificate => Path.Combine(_folder, "certificate.pem");

    private string Key => Path.Combine(_folder, "key.pem");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Both_listeners_speak_tls_and_the_version_that_the_client_likes()
    {
        WriteCertificate("CN=gateway.test");
        await using ControlGateway gateway = await ControlGateway.StartAsync(("Tls:CertificateFile", Certificate), ("Tls:KeyFile", Key));
        Assert.Equal(("https", "https"), (gateway.Web.BaseAddress!.Scheme, new Uri(gateway.ControlUrl).Scheme));

        string? subject = null;
        using var handler = new SocketsHttpHandler
        {
            SslOptions =
            { RemoteCertificateValidationCallback = (_, certificate, _, _) => (subject = certificate!.Subject) is not null }
        };
        using var client = new HttpClient(handler);
        foreach (Version version in (Version[])[HttpVersion.Version11, HttpVersion.Version20])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Web.BaseAddress, "healthz"))
            { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using HttpResponseMessage response = await client.SendAsync(request);
            Assert.Equal((HttpStatusCode.OK, version), (response.StatusCode, response.Version));
        }
        Assert.Equal("CN=gateway.test", subject);

        // A channel wants a handler that has sent nothing yet.
        using var fresh = new SocketsHttpHandler
        { SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == subject } };
        using GrpcChannel channel = GrpcChannel.ForAddress(gateway.ControlUrl, new GrpcChannelOptions { HttpHandler = fresh });
        Assert.True((await new RoomService.RoomServiceClient(channel)
            .CreateRoomAsync(new CreateRoomRequest { Name = "stage" }, ControlGateway.Admin)).Created);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Participants_join_over_either_version(int version)
    {
        WriteCertificate("CN=gateway.test");
        await using ControlGateway gateway = await ControlGateway.StartAsync(("Tls:CertificateFile", Certificate), ("Tls:KeyFile", Key));
        using var handler = new SocketsHttpHandler
        { SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=gateway.test" } };
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = version == 1 ? HttpVersion.Version11 : HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var url = new UriBuilder(gateway.Web.BaseAddress!)
        { Scheme = "wss", Path = "/rtc/v1", Query = "access_token=" + TestGateway.Token("stage", "ada") };
        await socket.ConnectAsync(url.Uri, invoker, CancellationToken.None);

        Assert.Equal(WebSocketState.Open, socket.State);
        Assert.Equal("ada", Assert.Single((await gateway.Participants.ListParticipantsAsync(new ListParticipantsRequest
        { Room = "stage" }, ControlGateway.Admin)).Participants).Identity);
    }

    [Fact]
    public async Task Command_line_finds_a_gateway_with_tls_on_its_own_machine()
    {
        WriteCertificate("CN=gateway.test");
        await using ControlGateway gateway = await ControlGateway.StartAsync(("Tls:CertificateFile", Certificate), ("Tls:KeyFile", Key));
        string[] tls = ["--set", $"Tls:CertificateFile={Certificate}", "--set", $"Tls:KeyFile={Key}"];
        using StringWriter output = new(), error = new();

        int health = await GatewayCommand.RunAsync(["health", "--set", "Http:Listen=" + gateway.Web.BaseAddress!.Authority, .. tls], _ =>
            { }, output, error, CancellationToken.None);
        int rooms = await GatewayCommand.RunAsync(
            ["rooms", "create", "stage", "--key", TestGateway.Key, "--secret", TestGateway.Secret, "--set", "Control:Listen="
                + new Uri(gateway.ControlUrl).Authority, .. tls], _ => { }, output, error, CancellationToken.None);

        Assert.Equal((0, 0, ""), (health, rooms, error.ToString()));
    }

    [Fact]
    public void Renewed_certificate_is_noticed_and_a_broken_one_changes_nothing()
    {
        WriteCertificate("CN=first");
        var clock = new ManualClock();
        var certificate = new ServerCertificate(new TlsOptions
        { CertificateFile = Certificate, KeyFile = Key }, clock, NullLogger<ServerCertificate>.Instance);
        Assert.Equal("CN=first", certificate.Current.TargetCertificate.Subject);

        WriteCertificate("CN=second");
        Assert.Equal("CN=first", certificate.Current.TargetCertificate.Subject);
        clock.Advance(ServerCertificate.CheckInterval);
        Assert.Equal("CN=second", certificate.Current.TargetCertificate.Subject);

        File.WriteAllText(Certificate, "-----BEGIN");
        clock.Advance(ServerCertificate.CheckInterval);
        Assert.Equal("CN=second", certificate.Current.TargetCertificate.Subject);
        WriteCertificate("CN=third");
        clock.Advance(ServerCertificate.CheckInterval);
        Assert.Equal("CN=third", certificate.Current.TargetCertificate.Subject);
    }

    [Fact]
    public void Renewed_certificate_is_noticed_in_time_though_the_machines_clock_was_set_back()
    {
        WriteCertificate("CN=first");
        var clock = new ManualClock();
        var certificate = new ServerCertificate(new TlsOptions
        { CertificateFile = Certificate, KeyFile = Key }, clock, NullLogger<ServerCertificate>.Instance);
        _ = certificate.Current;
        WriteCertificate("CN=second");
        clock.Set(TimeSpan.FromHours(-1));
        clock.Advance(ServerCertificate.CheckInterval);

        Assert.Equal("CN=second", certificate.Current.TargetCertificate.Subject);
    }

    [Fact]
    public void Renewal_behind_a_link_is_noticed_whatever_its_time()
    {
        string mounted = Path.Combine(_folder, "..data");
        foreach (string version in (string[])["one", "two"])
        {
            Directory.CreateDirectory(Path.Combine(_folder, version));
            WriteCertificate("CN=" + version);
            File.Move(Certificate, Path.Combine(_folder, version, "tls.crt"));
            File.Move(Key, Path.Combine(_folder, version, "tls.key"));
            File.SetLastWriteTimeUtc(Path.Combine(_folder, version, "tls.crt"), DateTime.UnixEpoch);
        }
        Directory.CreateSymbolicLink(mounted, "one");
        File.CreateSymbolicLink(Path.Combine(_folder, "tls.crt"), Path.Combine("..data", "tls.crt"));
        File.CreateSymbolicLink(Path.Combine(_folder, "tls.key"), Path.Combine("..data", "tls.key"));
        var clock = new ManualClock();
        var certificate = new ServerCertificate(
            new TlsOptions { CertificateFile = Path.Combine(_folder, "tls.crt"), KeyFile = Path.Combine(_folder, "tls.key") },
            clock,
            NullLogger<ServerCertificate>.Instance);
        Assert.Equal("CN=one", certificate.Current.TargetCertificate.Subject);

        Directory.Delete(mounted);
        Directory.CreateSymbolicLink(mounted, "two");
        clock.Advance(ServerCertificate.CheckInterval);

        Assert.Equal("CN=two", certificate.Current.TargetCertificate.Subject);
    }

    [Fact]
    public void Key_that_comes_before_its_certificate_waits_for_it()
    {
        WriteCertificate("CN=second");
        string second = File.ReadAllText(Certificate), secondKey = File.ReadAllText(Key);
        WriteCertificate("CN=first");
        var clock = new ManualClock();
        var certificate = new ServerCertificate(new TlsOptions
        { CertificateFile = Certificate, KeyFile = Key }, clock, NullLogger<ServerCertificate>.Instance);
        Assert.Equal("CN=first", certificate.Current.TargetCertificate.Subject);

        File.WriteAllText(Key, secondKey);
        clock.Advance(ServerCertificate.CheckInterval);
        Assert.Equal("CN=first", certificate.Current.TargetCertificate.Subject);
        File.WriteAllText(Certificate, second);
        clock.Advance(ServerCertificate.CheckInterval);

        Assert.Equal("CN=second", certificate.Current.TargetCertificate.Subject);
    }

    [Fact]
    public void Certificate_that_cannot_be_used_is_said_before_the_start()
    {
        File.WriteAllText(Certificate, "nothing");
        Assert.False(
            CertificateFiles.TryLoad(new TlsOptions { CertificateFile = Certificate, KeyFile = Certificate }, out _, out string? problem));
        Assert.NotEmpty(problem);
        Assert.False(CertificateFiles.TryLoad(new TlsOptions
        { CertificateFile = Path.Combine(_folder, "none"), KeyFile = Certificate }, out _, out problem));
        Assert.Contains("none", problem, StringComparison.Ordinal);
    }

    private void WriteCertificate(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        // File times may be coarser than this test is fast.
        File.SetLastWriteTimeUtc(Certificate, DateTime.UtcNow.AddSeconds(Random.Shared.Next(1, 1_000_000)));
    }
}
