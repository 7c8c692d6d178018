using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Bandwidth;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Sfu.Tests.Bandwidth;

public sealed class PictureDecoderTests
{
    private readonly List<(int Encoding, int Number)> _shown = [];
    private readonly PictureDecoder _decoder;

    public PictureDecoderTests() => _decoder = new PictureDecoder { Shown = frame => _shown.Add((_decoder!.Encoding, frame.Number)) };

    [Fact]
    public void Picture_is_shown_when_its_last_packet_comes_whatever_the_order()
    {
        TestFrame key = Key(0, packets: 3);
        _decoder.OnPacket(0, key, 2);
        _decoder.OnPacket(0, key, 0);
        _decoder.OnPacket(0, key, 0);
        Assert.Empty(_shown);
        _decoder.OnPacket(0, key, 1);
        _decoder.OnPacket(0, key, 1);

        Assert.Equal([(0, 0)], _shown);
        Assert.Equal(1, _decoder.Decoded);
    }

    [Fact]
    public void Nothing_is_shown_before_a_key_frame()
    {
        Receive(0, Delta(5, 4), Delta(6, 5));
        Assert.Empty(_shown);
        Receive(0, Key(7), Delta(8, 7));

        Assert.Equal([(0, 7), (0, 8)], _shown);
    }

    [Fact]
    public void Lost_picture_takes_those_with_it_that_depend_on_it_and_no_others()
    {
        // 1 depends on 0, 2 on 1, 3 on 0 alone.
        Receive(0, Key(0), Delta(2, 1), Delta(3, 0));

        Assert.Equal([(0, 0), (0, 3)], _shown);
        Assert.Equal(2, _decoder.Decoded);
    }

    [Fact]
    public void Picture_that_comes_late_lets_those_behind_it_be_shown_and_none_goes_back()
    {
        Receive(0, Key(0), Delta(2, 1), Delta(3, 2));
        Assert.Equal([(0, 0)], _shown);
        Receive(0, Delta(1, 0));
        Assert.Equal([(0, 0), (0, 1), (0, 2), (0, 3)], _shown);

        // 4 depends on 3; 5 on 3 alone, and is shown first: 4 is decoded, and not shown.
        Receive(0, Delta(5, 3), Delta(4, 3));
        Assert.Equal((0, 5), _shown[^1]);
        Assert.Equal(6, _decoder.Decoded);
    }

    [Fact]
    public void Key_frame_of_another_encoding_is_a_switch_and_ends_the_first()
    {
        Receive(0, Key(0), Delta(1, 0));
        Receive(2, Key(2));
        Receive(0, Delta(3, 1));
        Receive(2, Delta(3, 2));

        Assert.Equal([(0, 0), (0, 1), (2, 2), (2, 3)], _shown);
        Assert.Equal((1, 2), (_decoder.Switches, _decoder.Encoding));
    }

    [Fact]
    public void Key_frame_that_is_older_than_what_is_shown_changes_nothing()
    {
        Receive(2, Key(5));
        Receive(0, Key(4));
        Receive(2, Delta(6, 5));

        Assert.Equal([(2, 5), (2, 6)], _shown);
        Assert.Equal(0, _decoder.Switches);
    }

    [Fact]
    public void Pictures_are_counted_by_temporal_layer()
    {
        Receive(0, Key(0), Delta(1, 0) with { Temporal = 2 }, Delta(2, 0) with { Temporal = 1 }, Delta(3, 2) with { Temporal = 2 });

        Assert.Equal([1, 1, 2], _decoder.OfLayer);
    }

    private static TestFrame Key(int number, int packets = 1) => Frame(number, packets, isKey: true, []);

    private static TestFrame Delta(int number, params int[] references) => Frame(number, 1, isKey: false, references);

    private static TestFrame Frame(int number, int packets, bool isKey, int[] references) =>
        new(number, 0, false, isKey, packets, 0, references) { SentAt = MonotonicTime.FromMilliseconds(1000 + number * 33) };

    private void Receive(int encoding, params TestFrame[] frames)
    {
        foreach (TestFrame frame in frames)
            _decoder.OnPacket(encoding, frame, 0);
    }
}
