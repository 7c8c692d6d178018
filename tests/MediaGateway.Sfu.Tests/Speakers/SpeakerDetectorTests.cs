using System.Globalization;
using MediaGateway.Sfu.Speakers;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Sfu.Tests.Speakers;

[Collection(AllocationCollection.Name)]
public sealed class SpeakerDetectorTests
{
    private const int Silence = SimulatedTalk.Silence;

    private readonly SimulatedTalk _talk = new();

    [Theory]
    [InlineData(1000)]
    [InlineData(1100)]
    [InlineData(1180)]
    [InlineData(1290)]
    public void Speaker_is_announced_soon_and_stopped_once(int begin)
    {
        _talk.Add("a", time => time >= begin && time < begin + 3000 ? 25 : Silence);
        _talk.Run(10_000);

        List<int> turns = _talk.TurnsOf("a");
        Assert.Equal(2, turns.Count);
        Assert.InRange(turns[0] - begin, 0, 500);
        Assert.InRange(turns[1] - (begin + 3000), 500, 1300);
        Assert.Equal(new Speaker<string>("a", 0, false), _talk.Announced[^1].Speaker);
        Assert.Single(_talk.Announced, announced => !announced.Speaker.Active);
    }

    [Fact]
    public void Steady_speaker_is_announced_once_with_its_level()
    {
        _talk.Add("a", _ => 20);
        _talk.Run(10_000);

        Speaker<string> speaker = Assert.Single(_talk.Announced).Speaker;
        Assert.True(speaker.Active);
        Assert.Equal(0.1f, speaker.Level, 0.01f);
    }

    [Fact]
    public void Speech_with_pauses_is_one_turn_with_few_changes()
    {
        // Words of 400 to 900 ms at levels from 20 to 32, pauses up to 500 ms.
        var random = new Random(1);
        int wordEnd = 0;
        int pauseEnd = 0;
        int level = 25;
        _talk.Add("a", time =>
        {
            if (time >= pauseEnd)
            {
                wordEnd = time + random.Next(400, 900);
                pauseEnd = wordEnd + random.Next(0, 500);
                level = random.Next(20, 33);
            }
            return time < wordEnd ? level + random.Next(-3, 4) : 70;
        });
        _talk.Run(60_000);

        Assert.Single(_talk.TurnsOf("a"));
        Assert.InRange(_talk.Announced.Count, 1, 60);
    }

    [Fact]
    public void Alternating_speakers_take_turns()
    {
        _talk.Add("a", time => time / 5000 % 2 == 0 ? 25 : 70);
        _talk.Add("b", time => time / 5000 % 2 == 1 ? 25 : 70);
        _talk.Run(40_000);

        List<int> a = _talk.TurnsOf("a");
        List<int> b = _talk.TurnsOf("b");
        Assert.Equal((8, 7), (a.Count, b.Count));
        // Both are shown only for the hold time.
        Assert.All(b.Where((_, i) => i % 2 == 0).Zip(a.Where((_, i) => i % 2 == 1)), turn =>
            Assert.InRange(turn.Second - turn.First, 0, 1200));
    }

    [Theory]
    [InlineData(36, 0)]
    [InlineData(40, 0)]
    [InlineData(33, 1)]
    public void Steady_noise_near_the_threshold_does_not_flap(int level, int turns)
    {
        _talk.Add("a", _ => level);
        _talk.Run(30_000);

        Assert.Equal(turns, _talk.TurnsOf("a").Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Noise_around_the_threshold_begins_at_most_once(int seed)
    {
        var random = new Random(seed);
        _talk.Add("a", _ => 35 + random.Next(-4, 5));
        _talk.Run(60_000);

        Assert.InRange(_talk.TurnsOf("a").Count, 0, 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keyboard_is_no_speech(bool discontinuous)
    {
        // Six clicks a second, 40 ms each, as loud as a voice; between them quiet packets or none.
        _talk.Add("a", time => time % 160 < 40 ? 15 : discontinuous ? null : 60);
        _talk.Run(30_000);

        Assert.Empty(_talk.Announced);
    }

    [Fact]
    public void Silence_without_packets_ends_a_turn()
    {
        _talk.Add("a", time => time < 2000 ? 25 : time % 400 == 0 ? Silence : null);
        _talk.Run(2000);
        Assert.True(Assert.Single(_talk.Announced).Speaker.Active);
        _talk.Run(1300);

        Assert.False(_talk.Announced[^1].Speaker.Active);
    }

    [Fact]
    public void Track_that_ends_without_a_word_is_silent()
    {
        _talk.Add("a", time => time < 2000 ? 25 : null);
        _talk.Run(3300);

        Assert.Equal(2, _talk.TurnsOf("a").Count);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(120)]
    public void Length_of_packets_does_not_matter(int interval)
    {
        _talk.Add("a", time => time is > 1200 and <= 5000 ? 25 : Silence, interval);
        _talk.Run(10_000);

        List<int> turns = _talk.TurnsOf("a");
        Assert.Equal(2, turns.Count);
        Assert.InRange(turns[0] - 1200, 0, 600);
    }

    [Fact]
    public void Loss_of_every_third_packet_silences_nobody()
    {
        int packets = 0;
        _talk.Add("a", _ => packets++ % 3 == 0 ? null : 25);
        _talk.Run(20_000);

        Assert.Single(_talk.TurnsOf("a"));
    }

    [Fact]
    public void Muted_speaker_is_gone_at_once()
    {
        AudioLevelMeter meter = _talk.Add("a", _ => 25);
        _talk.Run(1000);
        meter.SetMuted(true);
        _talk.Update();

        Assert.Equal((1000, new Speaker<string>("a", 0, false)), _talk.Announced[^1]);
        Assert.Empty(_talk.Detector.Active);
        _talk.Run(2000);
        Assert.Equal(1000, _talk.Announced[^1].At);
        meter.SetMuted(false);
        _talk.Run(600);
        Assert.True(_talk.Announced[^1].Speaker.Active);
    }

    [Fact]
    public void Removed_speaker_is_gone_at_once_and_may_come_back()
    {
        AudioLevelMeter meter = _talk.Add("a", time => time < 1000 ? 25 : null);
        _talk.Run(1000);
        _talk.Detector.RemoveMeter("a", meter);
        _talk.Add("a", _ => 25);
        _talk.Run(600);

        Assert.Equal([true, false, true], _talk.Announced.Select(announced => announced.Speaker.Active));
    }

    [Fact]
    public void Speaker_with_two_tracks_is_as_loud_as_the_louder()
    {
        AudioLevelMeter loud = _talk.Add("a", _ => 20);
        _talk.Add("a", _ => 34);
        _talk.Run(1000);
        Assert.Equal(0.1f, Assert.Single(_talk.Announced).Speaker.Level, 0.01f);
        _talk.Detector.RemoveMeter("a", loud);
        _talk.Run(400);

        Assert.True(_talk.Announced[^1].Speaker.Active);
        Assert.Equal(0.02f, _talk.Announced[^1].Speaker.Level, 0.005f);
    }

    [Fact]
    public void Ranking_puts_the_clearly_louder_first_and_keeps_the_rest()
    {
        _talk.Add("a", time => 25 + (time / 600 % 2));
        _talk.Add("b", time => 26 - (time / 600 % 2));
        _talk.Add("c", time => time < 5000 ? 32 : 15);
        _talk.Run(5000);
        string[] before = [.. _talk.Detector.Active.Select(speaker => speaker.Key)];
        Assert.Equal("c", before[2]);
        for (int i = 0; i < 10; i++)
        {
            _talk.Run(600);
            Assert.Equal(["c", before[0], before[1]], _talk.Detector.Active.Select(speaker => speaker.Key));
        }
    }

    [Fact]
    public void Everybody_of_a_hundred_who_speaks_is_announced()
    {
        for (int i = 0; i < 100; i++)
        {
            int number = i;
            _talk.Add(i.ToString(CultureInfo.InvariantCulture), _ => number % 10 == 0 ? 20 + (number / 10) : 60);
        }
        _talk.Run(5000);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i * 10}").Order(), _talk.Announced.Select(a => a.Speaker.Key).Order());
        Assert.All(
            _talk.Detector.Active.Zip(_talk.Detector.Active.Skip(1)),
            pair => Assert.True(pair.Second.Level <= pair.First.Level * 1.42f));
    }

    [Fact]
    public void Listening_and_updating_allocate_nothing()
    {
        _talk.Add("a", time => time / 2000 % 2 == 0 ? 25 : 70);
        _talk.Add("b", time => time / 2000 % 2 == 1 ? 25 : 70);
        _talk.Announced.EnsureCapacity(1000);
        _talk.Run(20_000);

        Assert.Equal(0, AllocatedBytes.LeastOf(() => _talk.Run(20_000)));
    }
}
