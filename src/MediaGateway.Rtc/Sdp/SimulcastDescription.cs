using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Sdp;

/// <summary>
/// <c>a=simulcast</c> (RFC 8853 section 5.1): for each direction a list of streams, each a list of alternatives.
/// </summary>
/// <param name="Send">Streams the writer wants to send, in its order of preference.</param>
/// <param name="Receive">Streams the writer wants to receive.</param>
public sealed record SimulcastDescription(
    ImmutableArray<ImmutableArray<SimulcastEncoding>> Send,
    ImmutableArray<ImmutableArray<SimulcastEncoding>> Receive)
{
    public static bool TryParse(ReadOnlySpan<char> value, out SimulcastDescription? description)
    {
        description = null;
        // Chrome once wrote "a=simulcast: send …"; RFC 8853 has no space there.
        string[] words = value.Trim(' ').ToString().Split(' ');
        if (words.Length is not 2 and not 4)
            return false;
        ImmutableArray<ImmutableArray<SimulcastEncoding>> send = [], receive = [];
        for (int i = 0; i < words.Length; i += 2)
        {
            if (!TryParseStreams(words[i + 1], out ImmutableArray<ImmutableArray<SimulcastEncoding>> streams))
                return false;
            if (words[i] == "send" && send.IsEmpty)
                send = streams;
            else if (words[i] == "recv" && receive.IsEmpty)
                receive = streams;
            else
                return false;
        }
        description = new SimulcastDescription(send, receive);
        return true;
    }

    /// <summary>The attribute's value.</summary>
    public override string ToString()
    {
        string send = Send.IsEmpty ? "" : "send " + Text(Send);
        string receive = Receive.IsEmpty ? "" : "recv " + Text(Receive);
        return send.Length > 0 && receive.Length > 0 ? $"{send} {receive}" : send + receive;
    }

    private static string Text(ImmutableArray<ImmutableArray<SimulcastEncoding>> streams) =>
        string.Join(';', streams.Select(alternatives => string.Join(',', alternatives)));

    private static bool TryParseStreams(string list, out ImmutableArray<ImmutableArray<SimulcastEncoding>> streams)
    {
        streams = [];
        var result = ImmutableArray.CreateBuilder<ImmutableArray<SimulcastEncoding>>();
        foreach (string stream in list.Split(';'))
        {
            var alternatives = ImmutableArray.CreateBuilder<SimulcastEncoding>();
            foreach (string alternative in stream.Split(','))
            {
                bool paused = alternative.StartsWith('~');
                string rid = paused ? alternative[1..] : alternative;
                if (!SdpTokens.IsRid(rid))
                    return false;
                alternatives.Add(new SimulcastEncoding(new Rid(rid), paused));
            }
            result.Add(alternatives.ToImmutable());
        }
        streams = result.ToImmutable();
        return true;
    }
}
