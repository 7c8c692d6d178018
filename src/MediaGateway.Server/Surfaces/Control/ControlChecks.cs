using Google.Protobuf.WellKnownTypes;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Operations;

namespace MediaGateway.Server.Surfaces.Control;

/// <summary>Fields of messages that several calls have. Each check throws a <see cref="ContractException"/>, InvalidArgument.</summary>
internal static class ControlChecks
{
    /// <summary>A duration of at most 24 hours; null when it is absent.</summary>
    public static TimeSpan? Timeout(Duration? duration, string field)
    {
        if (duration is null)
            return null;
        // What is not normalized, or beyond all dates, cannot be converted.
        bool isReadable = duration.Seconds is >= 0 and <= 86_400 && duration.Nanos is >= 0 and <= 999_999_999;
        return Arguments.RequireTimeout(isReadable ? duration.ToTimeSpan() : TimeSpan.MinValue, field);
    }

    /// <summary>Entries of a collection whose names are asked for; all of them when no name is given.</summary>
    public static IEnumerable<KeyValuePair<string, T>> Named<T>(
        IEnumerable<KeyValuePair<string, T>> entries, IReadOnlyCollection<string> names)
    {
        HashSet<string> wanted = [.. names];
        return entries.Where(entry => wanted.Count == 0 || wanted.Contains(entry.Key));
    }
}
