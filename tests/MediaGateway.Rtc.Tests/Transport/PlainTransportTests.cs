using System.Text;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;
using MediaGateway.Rtc.Srtp;
using MediaGateway.Rtc.Streams;
using MediaGateway.Rtc.Transport;

namespace MediaGateway.Rtc.Tests.Transport;

/// <summary>Two plain transports send to each other, in the clear and under keys, with and without RTX.</summary>
public sealed class PlainTransportTests
{
    private const int Packets = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    [Theory]
    [InlineData(null)]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    [InlineData(SrtpProfile.AeadAes256Gcm)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80)]
    public void Media_arrives_bit_for_bit_and_is_readable_on_the_way_only_without_keys(SrtpProfile? profile)
    {
        using var call = new PlainCall(KeysOf(profile), hasRetransmission: false);

        List<(long, string)> sent = Send(call);

        Assert.Equal(sent, call.Receiver.Received);
        Assert.Equal(new Ssrc(11), call.Reception.Encodings[0].Ssrc);
        bool isReadable = call.Sent.Exists(datagram => Convert.ToHexString(datagram).Contains(sent[7].Item2, StringComparison.Ordinal));
        Assert.Equal(profile is null, isReadable);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData(SrtpProfile.AeadAes128Gcm, false)]
    [InlineData(SrtpProfile.AeadAes128Gcm, true)]
    public void What_is_lost_is_asked_for_and_sent_again(SrtpProfile? profile, bool hasRetransmission)
    {
        using var call = new PlainCall(KeysOf(profile), hasRetransmission);
        int media = 0;
        List<byte[]> lost = [];
        call.Loses = datagram =>
        {
            if (DatagramClassifier.Classify(datagram) != DatagramKind.Rtp || ++media % 10 != 5 || lost.Count == Packets / 20)
                return false;
            lost.Add([.. datagram]);
            return true;
        };

        List<(long, string)> sent = Send(call);

        Assert.Equal(Packets / 20, lost.Count);
        Assert.True(call.Sender.Nacks.Count >= lost.Count);
        Assert.Equal(sent, call.Receiver.Received.Order());
        Assert.True(call.Video.Stream.PacketsResent >= lost.Count);
        // Without RTX a packet that is sent again is the very same: one nonce never protects two packets (RFC 3711 section 9.1).
        List<string> all = [.. call.Sent.Select(Convert.ToHexString)];
        Assert.All(lost, datagram => Assert.Equal(!hasRetransmission, all.Count(other => other == Convert.ToHexString(datagram)) > 1));
        Assert.Equal(hasRetransmission ? call.Video.Stream.PacketsResent : 0, call.Reception.Encodings[0].RetransmissionsReceived);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(SrtpProfile.AeadAes128Gcm)]
    public void Reports_tell_both_ends_of_loss_delay_and_clock(SrtpProfile? profile)
    {
        using var call = new PlainCall(KeysOf(profile), hasRetransmission: false);

        Send(call);
        call.Run(TimeSpan.FromSeconds(3));

        Assert.True(call.Receiver.Transport.Rtp.RemoteClock.IsKnown);
        Assert.NotNull(call.Reception.Encodings[0].LastSenderReport);
        RtpSendStream stream = call.Video.Stream;
        Assert.True(stream.HasReports);
        Assert.Equal((Packets, 0), (stream.PacketsSent, stream.PacketsLost));
        Assert.InRange(stream.RoundTrip!.Value.TotalMilliseconds, 38, 44);
    }

    [Fact]
    public void Request_for_a_key_frame_arrives()
    {
        using var call = new PlainCall(KeysOf(SrtpProfile.AeadAes128Gcm), hasRetransmission: false);
        Send(call);

        call.Receiver.Transport.Rtp.RequestKeyFrame(call.Reception.Encodings[0], call.Now);
        call.Run(TimeSpan.FromMilliseconds(100));

        Assert.Equal(1, call.Sender.KeyFrameRequests);
    }

    [Fact]
    public void Datagram_from_another_path_or_under_other_keys_changes_nothing()
    {
        using var call = new PlainCall(KeysOf(SrtpProfile.AeadAes128Gcm), hasRetransmission: false);
        call.Sender.Send(call.Video, [1, 2, 3], call.Now);
        byte[] datagram = call.Sender.Outgoing.Dequeue();
        byte[] forged = [.. datagram];
        forged[^1] ^= 1;

        call.Receiver.Transport.OnDatagram([.. datagram], PlainCall.PathTo(9), call.Now);
        call.Receiver.Transport.OnDatagram(forged, PlainCall.PathTo(1), call.Now);
        Assert.Empty(call.Receiver.Received);
        Assert.Equal((1, 1), (call.Receiver.Drops[DropReason.UnknownPeer], call.Receiver.Drops[DropReason.AuthFailed]));

        call.Receiver.Transport.OnDatagram(datagram, PlainCall.PathTo(1), call.Now);
        Assert.Single(call.Receiver.Received);
    }

    [Fact]
    public void Sender_under_an_ssrc_that_was_in_use_is_refused()
    {
        using var call = new PlainCall(keys: null, hasRetransmission: true);
        var format = new MediaFormat(call.Video.Kind, call.Video.Codecs, call.Video.Extensions);

        Assert.Throws<ArgumentException>(() => call.Sender.Transport.AddSender(new Mid("again"), format, new Ssrc(11), null));
        Assert.Throws<ArgumentException>(() => call.Sender.Transport.AddSender(new Mid("again"), format, new Ssrc(20), new Ssrc(12)));
        Assert.Same(call.Video, Assert.Single(call.Sender.Transport.Rtp.Senders));
    }

    [Fact]
    public void Closed_transport_says_goodbye_and_sends_no_more()
    {
        using var call = new PlainCall(keys: null, hasRetransmission: false);
        Send(call);

        call.Sender.Transport.Close();
        call.Sender.Transport.Close();

        byte[] goodbye = Assert.Single(call.Sender.Outgoing);
        Assert.Equal(DatagramKind.Rtcp, DatagramClassifier.Classify(goodbye));
        Assert.False(call.Video.CanSend);
        Assert.True(call.Sender.Transport.NextDeadline.IsNever);
    }

    private static List<(long Sequence, string Payload)> Send(PlainCall call)
    {
        List<(long, string)> sent = [];
        for (int i = 0; i < Packets; i++)
        {
            byte[] payload = Encoding.ASCII.GetBytes($"packet {i} of a stream that goes over a plain transport");
            sent.Add((call.Sender.Send(call.Video, payload, call.Now).Value, Convert.ToHexString(payload)));
            call.Run(Interval);
        }
        call.Run(TimeSpan.FromMilliseconds(500));
        return sent;
    }

    private static SrtpMasterKeys? KeysOf(SrtpProfile? profile)
    {
        if (profile is not { } known)
            return null;
        int key = known == SrtpProfile.AeadAes256Gcm ? 32 : 16, salt = known == SrtpProfile.Aes128CmHmacSha1Tag80 ? 14 : 12;
        return new SrtpMasterKeys(known, Fill(key, 1), Fill(salt, 2), Fill(key, 3), Fill(salt, 4));
    }

    private static byte[] Fill(int length, byte value) => [.. Enumerable.Repeat(value, length)];
}
