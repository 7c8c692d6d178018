using MediaGateway.Rtc.Primitives;
using MediaGateway.Sfu.Rooms.Members;
using MediaGateway.Sfu.Rooms.Tracks;

namespace MediaGateway.Sfu.Rooms;

/// <summary>Draws sids: a prefix, then 12 characters of 62, one of 2^71 values, so that nobody guesses one.</summary>
internal static class SidFactory
{
    private const int Length = 12;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static RoomSid Room(IEntropy entropy) => new(Draw("RM_", entropy));

    public static ParticipantSid Participant(IEntropy entropy) => new(Draw("PA_", entropy));

    public static TrackSid Track(IEntropy entropy) => new(Draw("TR_", entropy));

    private static string Draw(string prefix, IEntropy entropy)
    {
        Span<byte> random = stackalloc byte[1];
        Span<char> text = stackalloc char[Length];
        for (int i = 0; i < Length;)
        {
            entropy.Fill(random);
            // 248 is the highest multiple of 62 in a byte: what lies above would favour some characters.
            if (random[0] < 248)
                text[i++] = Alphabet[random[0] % Alphabet.Length];
        }
        return string.Concat(prefix, text);
    }
}
