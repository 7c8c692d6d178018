using System.Buffers.Binary;
using MediaGateway.Platform.Dtls;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Testing.Dtls;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// The first byte chooses where the handshake stands; the rest is datagrams, each behind a 16-bit length. Nothing makes
/// an endpoint throw, a server never ends before its deadline, and an established endpoint of either role survives and
/// still carries data.
/// </summary>
public sealed class DtlsEndpointFuzzTarget : IFuzzTarget, IDisposable
{
    private readonly DtlsCertificate _certificate = DtlsCertificate.CreateSelfSigned(TimeProvider.System);
    private readonly OpenSslDtlsContext _context;

    public DtlsEndpointFuzzTarget() => _context = new OpenSslDtlsContext(_certificate);

    public string Name => "dtls-endpoint";

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            using DtlsLink link = DtlsLink.Connected(_context, _context);
            byte[] client = Framed(link.Client.Sent), server = Framed(link.Server.Sent);
            return [.. Enumerable.Range(0, 5).Select(i => (byte[])[(byte)i, .. i is 0 or 1 or 3 ? client : server])];
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        switch (input[0] % 5)
        {
            case 0:
                AttackServer(input[1..], sawClientHello: false);
                break;
            case 1:
                AttackServer(input[1..], sawClientHello: true);
                break;
            case 2:
                AttackClient(input[1..]);
                break;
            case 3:
                AttackConnected(input[1..], DtlsRole.Server);
                break;
            default:
                AttackConnected(input[1..], DtlsRole.Client);
                break;
        }
    }

    public void Dispose()
    {
        _context.Dispose();
        _certificate.Dispose();
    }

    private void AttackServer(ReadOnlySpan<byte> datagrams, bool sawClientHello)
    {
        using var link = new DtlsLink(_context, _context);
        if (sawClientHello)
        {
            link.Start();
            link.RunUntil(() => link.Server.Sent.Count > 0, TimeSpan.FromSeconds(1));
        }
        Feed(link.Server, datagrams, link);
        if (link.Server.Ended is { } reason)
            throw new InvalidOperationException($"A server that was not connected ended: {reason}.");
    }

    private void AttackClient(ReadOnlySpan<byte> datagrams)
    {
        using var link = new DtlsLink(_context, _context);
        link.Start();
        Feed(link.Client, datagrams, link);
    }

    private void AttackConnected(ReadOnlySpan<byte> datagrams, DtlsRole victim)
    {
        using DtlsLink link = DtlsLink.Connected(_context, _context);
        Feed(victim == DtlsRole.Server ? link.Server : link.Client, datagrams, link);
        if (!link.BothConnected || !link.CarriesApplicationData())
            throw new InvalidOperationException($"Forged datagrams ended a connected {victim}.");
    }

    private static void Feed(DtlsPeer peer, ReadOnlySpan<byte> datagrams, DtlsLink link)
    {
        while (datagrams.Length >= sizeof(ushort))
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(datagrams), datagrams.Length - sizeof(ushort));
            peer.Endpoint.OnDatagram(datagrams.Slice(sizeof(ushort), length), link.Now);
            datagrams = datagrams[(sizeof(ushort) + length)..];
        }
    }

    private static byte[] Framed(List<byte[]> datagrams) =>
        [.. datagrams.SelectMany(datagram => (byte[])[(byte)(datagram.Length >> 8), (byte)datagram.Length, .. datagram])];
}
