using System.Text;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Rtc.Tests.Sdp;

/// <summary>Seeded damage to descriptions: enough of the text survives for the deeper code to be reached.</summary>
internal sealed class SdpMutator(int seed)
{
    private static readonly string[] Tokens =
    [
        "a=", "m=", ":", " ", "/", ";", ",", "=", "~", "*", "-1", "0", "65536", "4294967296", "\r\n", "\n", "\r", "\0", "\uFFFF",
        "a=mid:0\r\n", "a=rtpmap:96 VP8/90000\r\n", "a=fmtp:96 apt=96\r\n", "a=simulcast:send 1,2;~3\r\n", "a=extmap:4 x\r\n",
        "a=rid:1 send pt=96,\r\n",
    ];

    private readonly Random _random = new(seed);

    /// <summary>Runs a target on its seeds, then on damaged ones.</summary>
    public static void Feed(IFuzzTarget target, int count = 20_000, int seed = 8866)
    {
        byte[][] seeds = [.. target.Seeds];
        Assert.NotEmpty(seeds);
        foreach (byte[] input in seeds)
            target.Run(input);
        var mutator = new SdpMutator(seed);
        for (int i = 0; i < count; i++)
        {
            string text = mutator.Mutate(Encoding.UTF8.GetString(seeds[i % seeds.Length]));
            try
            {
                target.Run(Encoding.UTF8.GetBytes(text));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Assert.Fail($"{target.Name}, mutation {i} of seed {seed}:\n{text}\n{e}");
            }
        }
    }

    public string Mutate(string text)
    {
        for (int edits = _random.Next(1, 6); edits > 0; edits--)
            text = Edit(text);
        return text;
    }

    private string Edit(string text)
    {
        int at = _random.Next(text.Length + 1);
        return _random.Next(6) switch
        {
            0 => text.Insert(at, Tokens[_random.Next(Tokens.Length)]),
            1 => text.Remove(at, Math.Min(_random.Next(1, 40), text.Length - at)),
            2 when at < text.Length => text[..at] + (char)_random.Next(256) + text[(at + 1)..],
            3 => MoveLine(text),
            4 => text.Insert(at, text.Substring(at, Math.Min(_random.Next(1, 60), text.Length - at))),
            _ => DropLine(text),
        };
    }

    private string MoveLine(string text)
    {
        List<string> lines = [.. text.Split('\n')];
        string line = lines[_random.Next(lines.Count)];
        lines.Insert(_random.Next(lines.Count), line);
        return string.Join('\n', lines);
    }

    private string DropLine(string text)
    {
        List<string> lines = [.. text.Split('\n')];
        lines.RemoveAt(_random.Next(lines.Count));
        return string.Join('\n', lines);
    }
}
