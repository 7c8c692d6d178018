using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;
using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Operations;

/// <param name="Name">Its name.</param>
/// <param name="IsLive">Whether a publisher is connected; false while viewers wait for one.</param>
/// <param name="Viewers">Connected viewers.</param>
/// <param name="Codecs">What the publisher sends; empty when nobody does.</param>
internal sealed record StreamInfo(StreamName Name, bool IsLive, int Viewers, ImmutableArray<CodecKind> Codecs);
