using MediaGateway.Rtc.Rtcp;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Testing.Network;
using MediaGateway.Testing.Peers;

namespace MediaGateway.Sfu.Tests.Scenarios;

public sealed class RetransmissionTests
{
    private static readonly LinkConditions Lossy = new() { Loss = 0.1, Delay = TimeSpan.FromMilliseconds(15) };

    /// <summary>
    /// AES-GCM breaks when a nonce protects two plaintexts (RFC 7714 section 8.1): a packet sent again under its own SRTP
    /// index must be the same datagram.
    /// </summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 2)]
    public void No_srtp_index_is_ever_used_for_two_datagrams(bool retransmissionStream, int workers)
    {
        using var scenario = new LiveStreamScenario(seed: 21, Lossy, workers: workers);
        var sent = new Dictionary<(uint Ssrc, ushort Sequence), byte[]>();
        int repeated = 0;
        scenario.Gateway.Hosts[^1].Tap = (datagram, _) =>
        {
            if (RtcpClassifier.IsRtcp(datagram.Span) || !RtpHeader.TryParse(datagram.Span, out RtpHeader header))
                return;
            if (sent.TryGetValue((header.Ssrc.Value, header.SequenceNumber.Value), out byte[]? before))
            {
                repeated++;
                Assert.Equal(before, datagram.ToArray());
            }
            sent[(header.Ssrc.Value, header.SequenceNumber.Value)] = datagram.ToArray();
        };
        for (byte i = 1; i <= 3; i++)
        {
            scenario.Publish(id: i, takeOver: true);
            if (i == 1)
                scenario.Watch(retransmissionStream);
            scenario.Run(4);
        }

        Assert.True(sent.Count > 1000);
        Assert.Equal(!retransmissionStream, repeated > 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Viewer_without_rtx_is_mended_too(int workers)
    {
        using var scenario = new LiveStreamScenario(seed: 22, Lossy, workers: workers);
        scenario.Publish();
        TestViewer viewer = scenario.Watch(retransmission: false);
        scenario.Run(5);

        LiveStreamScenario.AssertContinuous(viewer, lossy: true);
        long span = viewer.Video.Keys.Last() - viewer.Video.Keys.First() + 1;
        Assert.True(viewer.Video.Count > span * 0.99, $"{viewer.Video.Count} of {span} packets.");
    }
}
