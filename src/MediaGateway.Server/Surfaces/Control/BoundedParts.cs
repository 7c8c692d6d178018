using Google.Protobuf;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>
/// A long list of messages in parts of a bounded size: gRPC's clients take 4 MiB at most by default, and a gateway may have more than that
/// to tell.
/// </summary>
internal static class BoundedParts
{
    /// <summary>The most bytes of a part's entries together; a single larger entry has a part of its own.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Cuts entries into parts, one by one, while they are sent. There is one part at least.</summary>
    /// <param name="entries">What is to be told, in order.</param>
    /// <param name="messageOf">The message that an entry takes its size from.</param>
    /// <param name="maxCount">The most entries of a part.</param>
    public static IEnumerable<(List<T> Entries, bool IsLast)> Cut<T>(
        IEnumerable<T> entries, Func<T, IMessage> messageOf, int maxCount = int.MaxValue)
    {
        List<T> part = [];
        int bytes = 0;
        foreach (T entry in entries)
        {
            int size = messageOf(entry).CalculateSize();
            if (part.Count > 0 && (part.Count == maxCount || bytes + size > MaxBytes))
            {
                yield return (part, false);
                part = [];
                bytes = 0;
            }
            part.Add(entry);
            bytes += size;
        }
        yield return (part, true);
    }
}
