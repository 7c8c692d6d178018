using MediaGateway.Rtc.Codecs;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Tests.Rtp;

namespace MediaGateway.Rtc.Tests.Codecs;

public sealed class ParameterSetStoreTests
{
    private const string Sps = "67 42E01F 8C8D40F01E";
    private const string Pps = "68 CE3C80";

    /// <summary>A PPS with the number 1, which refers to the SPS with the number 0 (ue(v): 010, 1).</summary>
    private const string SecondPps = "68 5C80";

    private const string Idr = "65 888400";

    /// <summary>An IDR slice of a picture with the PPS 1 (ue(v): 1, 0001000, 010).</summary>
    private const string IdrWithSecondPps = "65 885080";

    private const string Slice = "41 9A2600";

    private const string Vps = "40010C01FFFF016000000300900000030000030078959809";
    private const string SpsOfH265 = "420101016000000300900000030000030078A003C08010E596566924CAF0";
    private const string PpsOfH265 = "4401C172B46240";

    private ParameterSetStore _store = new(CodecKind.H264);
    private long _sequence = 100;

    [Theory]
    [InlineData(Idr)]
    [InlineData("7C 85 888400")] // FU-A that starts it.
    [InlineData("78 0002 09F0 0004 65888400")] // STAP-A: AUD, IDR.
    public void Key_frame_that_lacks_sets_which_came_before_is_told(string keyFrame)
    {
        Send(Sps, Pps, Idr, Slice);

        AssertMissing("78 0009 6742E01F8C8D40F01E 0004 68CE3C80", keyFrame);
    }

    [Theory]
    [InlineData("26 01 A0")] // IDR_W_RADL
    [InlineData("2A 01 A0")] // CRA
    [InlineData("20 01 A0")] // BLA_W_LP
    [InlineData("62 01 93 A0")] // FU that starts an IDR_W_RADL.
    public void Key_frame_of_h265_that_lacks_sets_is_told(string keyFrame)
    {
        _store = new ParameterSetStore(CodecKind.H265);
        Send(Vps, SpsOfH265, PpsOfH265, "2601A0", "0201A0");

        AssertMissing($"6001 0018 {Vps} 001E {SpsOfH265} 0007 {PpsOfH265}", keyFrame);
    }

    [Theory]
    [InlineData(Slice)]
    [InlineData("7C 05 888400")] // FU-A that goes on.
    [InlineData("7C 45 888400")] // FU-A that ends.
    [InlineData("65 088400")] // A later slice of an IDR picture.
    [InlineData(IdrWithSecondPps)] // A PPS that is not known.
    [InlineData("78 0009 6742E01F8C8D40F01E 0004 68CE3C80 0004 65888400")] // With its sets.
    [InlineData("")]
    [InlineData("65")]
    public void Nothing_is_missing_before(string payload)
    {
        Send(Sps, Pps, Idr, Slice);

        Assert.Null(Missing(payload));
    }

    [Fact]
    public void Key_frame_with_sets_in_packets_of_its_own_lacks_none()
    {
        Send(Sps, Pps, Idr, Slice, Sps, Pps, "06 0501");

        Assert.Null(Missing(Idr));
        Assert.NotNull(Missing(Idr));
    }

    [Fact]
    public void Key_frame_that_brings_one_of_two_sets_lacks_the_other()
    {
        Send(Sps, Pps, Idr, Slice, Sps);

        Assert.NotNull(Missing(Idr));
    }

    [Fact]
    public void Where_packets_are_missing_sets_may_have_come()
    {
        Send(Sps, Pps, Idr, Slice);
        _sequence++;
        Assert.Null(Missing(Idr));
        Send(Slice);

        Assert.NotNull(Missing(Idr));
    }

    [Fact]
    public void Sets_refer_to_each_other_by_number()
    {
        Send(Pps, SecondPps);
        Assert.Empty(_store.Current.Payloads);
        Send(Sps, Slice);

        AssertMissing("78 0009 6742E01F8C8D40F01E 0004 68CE3C80 0003 685C80", IdrWithSecondPps);
    }

    [Fact]
    public void Set_that_changes_stands_as_it_is_now_and_a_late_one_does_not()
    {
        Send(Sps, Pps, Idr, "67 42E01F 8C8D40501E", Slice);
        _store.OnPacket(new ExtendedSequence(90), Hex.Bytes(Sps));

        AssertMissing("78 0009 6742E01F8C8D40501E 0004 68CE3C80", Idr);
    }

    [Fact]
    public void Sets_of_the_description_hold_until_packets_bring_others()
    {
        string sps = Convert.ToBase64String(Hex.Bytes(Sps)), pps = Convert.ToBase64String(Hex.Bytes(Pps));
        _store.Declare($"packetization-mode=1; sprop-parameter-sets={sps},{pps};profile-level-id=42e01f");
        AssertMissing("78 0009 6742E01F8C8D40F01E 0004 68CE3C80", Idr);
        Send("67 42E01F 8C8D40501E");
        _store.Declare($"sprop-parameter-sets={sps},{pps},%%,,AA==");

        AssertMissing("78 0009 6742E01F8C8D40501E 0004 68CE3C80", Idr);
    }

    [Fact]
    public void Sets_of_a_description_of_h265_hold_too()
    {
        _store = new ParameterSetStore(CodecKind.H265);
        _store.Declare($"sprop-vps={Base64(Vps)};sprop-sps={Base64(SpsOfH265)};sprop-pps={Base64(PpsOfH265)}");

        Assert.NotNull(Missing("2601A0"));
    }

    [Theory]
    [InlineData(1098)]
    [InlineData(1100)]
    [InlineData(1101)]
    [InlineData(2048)]
    public void Long_set_goes_in_fragments_that_make_it_again(int length)
    {
        byte[] sps = [.. Hex.Bytes(Sps), .. Enumerable.Range(0, length - 9).Select(i => (byte)(i | 1))];
        _store.OnPacket(new ExtendedSequence(_sequence++), sps);
        Send(Pps);
        ParameterSets sets = _store.Current;
        Assert.All(sets.Payloads, payload => Assert.InRange(payload.Length, 1, ParameterSets.MaxPayload));
        var other = new ParameterSetStore(CodecKind.H264);
        foreach (byte[] payload in sets.Payloads)
            other.Learn(payload);

        Assert.Equal(sets.Payloads.AsEnumerable(), other.Current.Payloads.AsEnumerable());
        Assert.Equal(length + 4, other.Bytes);
    }

    [Fact]
    public void Set_that_is_too_long_is_left_out_and_counted_and_takes_the_old_one_along()
    {
        Send(Sps, Pps);
        _store.OnPacket(new ExtendedSequence(_sequence++), [.. Hex.Bytes(Sps), .. new byte[ParameterSetStore.MaxSetLength]]);

        Assert.Equal(1, _store.TooLong);
        Assert.Null(Missing(Idr));
    }

    [Fact]
    public void Memory_is_bounded_and_the_newest_sets_stand()
    {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            byte[] pps = [0x68, (byte)random.Next(1, 256), .. new byte[random.Next(1000)]];
            _store.OnPacket(new ExtendedSequence(_sequence++), pps);
            Assert.InRange(_store.Count, 0, ParameterSetStore.MaxSets);
            Assert.InRange(_store.Bytes, 0, ParameterSetStore.MaxBytes);
        }
        Send(Sps, Pps, Slice);

        Assert.NotNull(Missing(Idr));
    }

    [Fact]
    public void Sets_that_come_again_cost_no_memory()
    {
        byte[][] packets = [.. ((string[])[Sps, Pps, Idr, Slice]).Select(Hex.Bytes)];
        long sequence = 0;
        Round();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            Round();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            foreach (byte[] packet in packets)
                _store.OnPacket(new ExtendedSequence(sequence++), packet);
            _ = _store.OnPacket(new ExtendedSequence(sequence++), packets[2])!.Payloads;
        }
    }

    private void Send(params string[] payloads)
    {
        foreach (string payload in payloads)
            _store.OnPacket(new ExtendedSequence(_sequence++), Hex.Bytes(payload));
    }

    private void AssertMissing(string sets, string payload) => Assert.Equal(Hex.Bytes(sets), Assert.Single(Missing(payload)!.Payloads));

    private ParameterSets? Missing(string payload) => _store.OnPacket(new ExtendedSequence(_sequence++), Hex.Bytes(payload));

    private static string Base64(string hex) => Convert.ToBase64String(Hex.Bytes(hex));
}
