using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Sessions;

namespace MediaGateway.Rtc.Tests.Transport;

/// <summary>
/// Any sequence of offers: a receiver is the same object exactly while its section is received, a sender exactly while its
/// section has its source; and every packet arrives in the section it was sent in.
/// </summary>
public sealed class RenegotiationPropertyTests
{
    private const int Offers = 25;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Random_offers_keep_identities(int seed)
    {
        using var call = new MeetingCall();
        var random = new Random(seed);
        List<Place> places = [];
        uint nextSource = 1000;
        for (int i = 0; i < Offers; i++)
        {
            foreach (Place place in places)
                place.Change(random, ref nextSource);
            if (places.Count < 8)
                places.Add(new Place($"{places.Count}", random.Next(2) == 0 ? MediaKind.Audio : MediaKind.Video));
            RtpReceiver[] receivers = i == 0 ? [] : [.. call.Gateway.Transport.Rtp.Receivers];
            RtpSender[] senders = i == 0 ? [] : [.. call.Gateway.Transport.Rtp.Senders];

            call.ClientOffers(
                [.. places.Select(place => MeetingCall.Section(place.Mid, place.Kind, place.ClientSource, receives: true))],
                [.. places.Where(place => place.GatewaySource is not null).Select(place => (place.Mid, place.GatewaySource!.Value))]);
            call.Run(TimeSpan.FromMilliseconds(i == 0 ? 1000 : 10));

            foreach (Place place in places)
                place.Check(call, receivers, senders, $"seed {seed}, offer {i}, section {place.Mid}");
        }
    }

    /// <summary>One section: what each side sends in it, now and before the last offer.</summary>
    private sealed class Place(string mid, MediaKind kind)
    {
        private uint? _clientBefore;
        private uint? _gatewayBefore;

        public string Mid { get; } = mid;

        public MediaKind Kind { get; } = kind;

        public uint? ClientSource { get; private set; }

        public uint? GatewaySource { get; private set; }

        public void Change(Random random, ref uint nextSource)
        {
            (_clientBefore, _gatewayBefore) = (ClientSource, GatewaySource);
            ClientSource = Change(ClientSource, random, ref nextSource);
            GatewaySource = Change(GatewaySource, random, ref nextSource);
        }

        public void Check(MeetingCall call, RtpReceiver[] receivers, RtpSender[] senders, string where)
        {
            var mid = new Mid(Mid);
            RtpReceiver? receiver = call.Gateway.Transport.Rtp.FindReceiver(mid);
            RtpSender? sender = call.Gateway.Transport.Rtp.FindSender(mid);
            Assert.True(receiver is not null == ClientSource is not null, where);
            Assert.True(sender?.Stream.Ssrc.Value == GatewaySource, where);
            bool isReceiverKept = ClientSource is not null && _clientBefore is not null;
            bool isSenderKept = GatewaySource is not null && _gatewayBefore == GatewaySource;
            Assert.True(isReceiverKept == (receiver is not null && receivers.Contains(receiver)), where);
            Assert.True(isSenderKept == (sender is not null && senders.Contains(sender)), where);
            CheckMedia(call, call.Client, call.Gateway, ClientSource, where);
            CheckMedia(call, call.Gateway, call.Client, GatewaySource, where);
        }

        private void CheckMedia(MeetingCall call, MeetingPeer from, MeetingPeer to, uint? source, string where)
        {
            int before = to.Received.Count;
            for (int i = 0; source is not null && i < 2; i++)
                Assert.Equal(DropReason.None, from.Send(Mid, call.Now));
            call.Deliver();
            ReceivedMedia[] arrived = [.. to.Received.Skip(before)];
            Assert.True(arrived.Length == (source is null ? 0 : 2), $"{where}: {arrived.Length} packets");
            Assert.True(arrived.All(media => media.Mid.Value == Mid && media.Ssrc.Value == source), where);
        }

        private static uint? Change(uint? source, Random random, ref uint nextSource)
        {
            int choice = random.Next(4);
            if (choice < 2)
                return source;
            nextSource += 10;
            return choice == 2 ? null : nextSource;
        }
    }
}
