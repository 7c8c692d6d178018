using MediaGateway.LoadTester.Clients;
using MediaGateway.LoadTester.Measuring;
using MediaGateway.LoadTester.Media;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.LoadTester.Tests;

public sealed class ReceptionTests
{
    private static readonly PublishedTrack Track = new(1, new TrackSettings { Encodings = [100_000, 200_000, 300_000] });

    [Theory]
    [InlineData(new long[] { 7, 8, 9 }, 3, 0, 0, 0)]
    [InlineData(new long[] { 0 }, 1, 0, 0, 0)]
    [InlineData(new long[] { 7, 9 }, 2, 1, 0, 0)]
    [InlineData(new long[] { 7, 9, 8 }, 3, 0, 0, 1)]
    [InlineData(new long[] { 7, 7, 8 }, 2, 0, 1, 0)]
    [InlineData(new long[] { 7, 9, 8, 8 }, 3, 0, 1, 1)]
    [InlineData(new long[] { 7, 5_000 }, 2, 4_992, 0, 0)]
    [InlineData(new long[] { 7, 4_102, 4_103, 8 }, 4, 4_093, 0, 1)]
    public void Numbers_that_come_are_told_apart(long[] numbers, long received, long missing, long duplicates, long reordered)
    {
        var reception = new Reception();
        foreach (long number in numbers)
            Receive(reception, number, number);
        Assert.Equal((received, missing, duplicates, reordered),
            (reception.Received, reception.Missing, reception.Duplicates, reception.Reordered));
    }

    [Fact]
    public void Packet_that_was_changed_is_damaged()
    {
        var reception = new Reception();
        Receive(reception, 1, 1, isIntact: false);
        Assert.Equal(1, reception.Damaged);
    }

    [Fact]
    public void Packet_from_before_the_first_is_not_counted()
    {
        var reception = new Reception();
        Assert.True(Receive(reception, 100, 100));
        Assert.False(Receive(reception, 99, 99));
        Assert.Equal((1, 0), (reception.Received, reception.Missing));
    }

    [Theory]
    [InlineData(12, 2, 0)]
    [InlineData(9, 0, 1)]
    public void Packets_left_out_or_repeated_behind_numbers_without_a_gap_are_noticed(long second, long missing, long duplicates)
    {
        var reception = new Reception();
        Receive(reception, 1, 9);
        Receive(reception, 2, second);
        Assert.Equal((missing, duplicates), (reception.Missing, reception.Duplicates));
    }

    /// <summary>Encodings count their packets each for themselves; the stream's numbers go on.</summary>
    [Fact]
    public void Layers_that_change_at_key_frames_are_whole()
    {
        var reception = new Reception();
        Receive(reception, 1, 50, encoding: 0, timestamp: 10);
        Receive(reception, 2, 700, encoding: 2, timestamp: 20, startsKeyFrame: true);
        Receive(reception, 3, 701, encoding: 2, timestamp: 20);
        Receive(reception, 4, 90, encoding: 0, timestamp: 30, startsKeyFrame: true);
        Assert.Equal((4, 0, 0, 0, 2),
            (reception.Received, reception.Missing, reception.Duplicates, reception.Damaged, reception.LayerChanges));
    }

    [Theory]
    [InlineData(false, 20u, 1)]
    [InlineData(true, 10u, 1)]
    [InlineData(true, 5u, 1)]
    [InlineData(true, 20u, 2)]
    public void Layer_change_without_a_key_frame_or_back_in_time_or_to_another_track_is_damage(bool startsKeyFrame, uint timestamp,
        int track)
    {
        var reception = new Reception();
        Receive(reception, 1, 50, encoding: 0, timestamp: 10);
        var header = new ProbeHeader(new PublishedTrack(track, Track.Settings).SourceOf(1), 700, 0);
        reception.OnPacket(header, new StreamPosition(2, new RtpTimestamp(timestamp), startsKeyFrame), isIntact: true);
        Assert.Equal(1, reception.Damaged);
    }

    [Fact]
    public void Time_that_runs_back_within_an_encoding_is_damage()
    {
        var reception = new Reception();
        Receive(reception, 1, 1, timestamp: 10);
        Receive(reception, 2, 2, timestamp: 9);
        Assert.Equal(1, reception.Damaged);
    }

    private static bool Receive(
        Reception reception, long sequence, long number, int encoding = 0, uint timestamp = 0, bool startsKeyFrame = false,
        bool isIntact = true) =>
        reception.OnPacket(new ProbeHeader(Track.SourceOf(encoding), number, 0),
        new StreamPosition(sequence, new RtpTimestamp(timestamp), startsKeyFrame), isIntact);
}
