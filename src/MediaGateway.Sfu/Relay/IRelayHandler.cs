using System.Collections.Immutable;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Transport;
using MediaGateway.Sfu.Media;

namespace MediaGateway.Sfu.Relay;

/// <summary>A worker, told what others say of streams. An audience is a stream's viewers on one worker, named by that worker.</summary>
internal interface IRelayHandler
{
    /// <summary>So many viewers of a stream of ours are there; 0 ends the audience.</summary>
    public void OnAudience(RelayLink link, int audience, string stream, int viewers, MonotonicTime now);

    /// <summary>What an audience of ours is to see and hear.</summary>
    public void OnProgram(
        RelayLink link, int audience, ProgramChange change, ImmutableArray<Publication> video, ImmutableArray<Publication> audio, MonotonicTime now);

    /// <summary>The stream of an audience of ours is no more.</summary>
    public void OnStreamEnded(RelayLink link, int audience, PeerCloseReason reason, MonotonicTime now);

    /// <summary>A bug was hit while a record was handled.</summary>
    public void OnRelayFault(Exception fault);
}
