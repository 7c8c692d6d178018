using MediaGateway.Platform.Clock;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Attack.Senders;

/// <summary>ClientHellos of real clients, each with a random of its own.</summary>
internal static class Hellos
{
    public static byte[][] Make(IDtlsContext context, int count, MonotonicClock clock)
    {
        var recorder = new Recorder();
        for (int i = 0; i < count; i++)
        {
            using IDtlsEndpoint endpoint = context.CreateEndpoint(DtlsRole.Client, recorder, DtlsOptions.Default);
            endpoint.Start(clock.Now);
        }
        return [.. recorder.Datagrams];
    }

    private sealed class Recorder : IDtlsSink
    {
        public List<byte[]> Datagrams { get; } = [];

        public void OnDtlsDatagramToSend(ReadOnlySpan<byte> datagram) => Datagrams.Add(datagram.ToArray());

        public void OnDtlsConnected(DtlsHandshakeResult result, MonotonicTime now)
        {
        }

        public void OnDtlsApplicationData(ReadOnlySpan<byte> data, MonotonicTime now)
        {
        }

        public void OnDtlsEnded(DtlsEndReason reason)
        {
        }
    }
}
