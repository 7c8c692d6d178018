using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Tests.Sdp;

public sealed class SdpPropertyTests
{
    private const int Seed = 8866;

    [Fact]
    public void Damaged_description_never_throws_and_what_parses_is_stable()
    {
        string[] seeds = [.. SdpFixtures.Names.Select(SdpFixtures.Text)];
        var mutator = new SdpMutator(Seed);
        int parsed = 0;
        for (int i = 0; i < 20_000; i++)
        {
            string text = mutator.Mutate(seeds[i % seeds.Length]);
            if (!SessionDescription.TryParse(text, SdpLimits.Default, out SessionDescription? description, out SdpError? error))
            {
                Assert.NotNull(error);
                continue;
            }
            parsed++;
            string written = description!.ToString();
            Assert.True(SessionDescription.TryParse(written, SdpLimits.None, out SessionDescription? again, out error), $"round {i}: {error}");
            Assert.Equal(written, again!.ToString());
        }
        Assert.InRange(parsed, 1_000, 19_000);
    }

    [Fact]
    public void Damaged_fragment_never_throws_and_what_parses_is_stable()
    {
        const string seed = "a=ice-lite\r\na=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=ice-ufrag:EsAw\r\n"
            + "a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\na=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host\r\na=end-of-candidates\r\n";
        var mutator = new SdpMutator(Seed);
        int parsed = 0;
        for (int i = 0; i < 20_000; i++)
        {
            if (!SdpFragment.TryParse(mutator.Mutate(seed), SdpLimits.Default, out SdpFragment? fragment, out SdpError? error))
            {
                Assert.NotNull(error);
                continue;
            }
            parsed++;
            string written = fragment!.ToString();
            Assert.True(SdpFragment.TryParse(written, SdpLimits.None, out SdpFragment? again, out error), $"round {i}: {error}");
            Assert.Equal((written, fragment.UsernameFragment), (again!.ToString(), again.UsernameFragment));
        }
        Assert.InRange(parsed, 1_000, 19_000);
    }
}
