using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Dtls;

namespace MediaGateway.Platform.Tests.Dtls;

/// <summary>The first flights of real stacks, each to a server of ours.</summary>
[Collection(DtlsCollection.Name)]
public sealed class DtlsClientHelloTests(DtlsContexts contexts) : IDisposable
{
    private const byte ServerHello = 2;

    private readonly DtlsPeer _server = new(contexts.Server, DtlsRole.Server);

    public static TheoryData<string> Stacks => [.. ClientHelloCapture.Stacks];

    [Theory]
    [MemberData(nameof(Stacks))]
    public void Captured_client_hello_is_answered(string stack)
    {
        Feed(ClientHelloCapture.Load(stack));
        AssertServerFlight();
    }

    [Theory]
    [InlineData("chromium")]
    [InlineData("firefox")]
    public void Fragments_in_reverse_order_are_answered(string stack)
    {
        byte[][] datagrams = ClientHelloCapture.Load(stack);
        Assert.Equal(2, datagrams.Length);
        Feed(datagrams.Reverse());
        AssertServerFlight();
    }

    [Theory]
    [InlineData("chromium")]
    [InlineData("firefox")]
    public void One_fragment_alone_is_not_answered(string stack)
    {
        Feed(ClientHelloCapture.Load(stack)[..1]);
        Assert.Empty(_server.Sent);
        Assert.Equal(DtlsState.Handshaking, _server.Endpoint.State);
    }

    [Fact]
    public void Tiny_fragments_in_reverse_order_are_answered()
    {
        byte[][] fragments = DtlsRecords.Refragment(ClientHelloCapture.Load("pion")[0], 10);
        Assert.True(fragments.Length > 10);
        Feed(fragments.Reverse());
        AssertServerFlight();
    }

    [Theory]
    [MemberData(nameof(Stacks))]
    public void Repeated_client_hello_adds_no_flight(string stack)
    {
        byte[][] datagrams = ClientHelloCapture.Load(stack);
        Feed(datagrams);
        int sent = _server.Sent.Count;
        for (int i = 0; i < 20; i++)
            Feed(datagrams);
        Assert.Equal(sent, _server.Sent.Count);
        Assert.Equal(DtlsState.Handshaking, _server.Endpoint.State);
    }

    [Fact]
    public void Answer_leaves_in_one_datagram()
    {
        Feed(ClientHelloCapture.Load("chromium"));
        Assert.InRange(Assert.Single(_server.Sent).Length, 300, 1200);
    }

    public void Dispose() => _server.Dispose();

    private void Feed(IEnumerable<byte[]> datagrams)
    {
        foreach (byte[] datagram in datagrams)
            Assert.Equal(DropReason.None, _server.Endpoint.OnDatagram(datagram, MonotonicTime.Zero));
    }

    private void AssertServerFlight()
    {
        Assert.Equal(DtlsState.Handshaking, _server.Endpoint.State);
        Assert.Equal(DtlsRecords.Handshake, _server.Sent[0][0]);
        Assert.Equal(ServerHello, _server.Sent[0][DtlsRecords.HeaderLength]);
    }
}
