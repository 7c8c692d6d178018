using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Platform.Tests.Dtls;

[Collection(DtlsCollection.Name)]
public sealed class DtlsAllocationTests(DtlsContexts contexts)
{
    [Fact]
    public void Connected_endpoint_allocates_nothing_per_datagram()
    {
        var server = new CountingSink();
        var client = new CountingSink();
        using IDtlsEndpoint serverEndpoint = contexts.Server.CreateEndpoint(DtlsRole.Server, server, new DtlsOptions());
        using IDtlsEndpoint clientEndpoint = contexts.Client.CreateEndpoint(DtlsRole.Client, client, new DtlsOptions());
        server.Destination = clientEndpoint;
        client.Destination = serverEndpoint;
        clientEndpoint.Start(MonotonicTime.Zero);
        Assert.Equal(DtlsState.Connected, serverEndpoint.State);

        byte[] data = new byte[1100];
        byte[] forged = DtlsRecords.Record(DtlsRecords.ApplicationData, 1, 1_000_000, new byte[100]);
        byte[] garbage = DtlsRecords.Record(DtlsRecords.ApplicationData, 1, 1_000_000, new byte[10]);
        byte[] replay = client.First!;
        Exchange(100);

        Assert.Equal(0, AllocatedBytes.LeastOf(() => Exchange(2000)));
        Assert.Equal(6100, server.Received);
        Assert.Equal(6100, client.Received);

        void Exchange(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                clientEndpoint.TrySend(data, MonotonicTime.Zero);
                serverEndpoint.TrySend(data, MonotonicTime.Zero);
                serverEndpoint.OnDatagram(forged, MonotonicTime.Zero);
                serverEndpoint.OnDatagram(garbage, MonotonicTime.Zero);
                serverEndpoint.OnDatagram(replay, MonotonicTime.Zero);
            }
        }
    }

    private sealed class CountingSink : IDtlsSink
    {
        public IDtlsEndpoint? Destination { get; set; }

        public byte[]? First { get; private set; }

        public int Received { get; private set; }

        public void OnDtlsDatagramToSend(ReadOnlySpan<byte> datagram)
        {
            First ??= datagram.ToArray();
            Destination!.OnDatagram(datagram, MonotonicTime.Zero);
        }

        public void OnDtlsConnected(DtlsHandshakeResult result, MonotonicTime now)
        {
        }

        public void OnDtlsApplicationData(ReadOnlySpan<byte> data, MonotonicTime now) => Received++;

        public void OnDtlsEnded(DtlsEndReason reason)
        {
        }
    }
}
