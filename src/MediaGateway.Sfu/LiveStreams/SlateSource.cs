using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>A source that is one of the gateway's pictures, which is always there.</summary>
internal sealed class SlateSource(SourceDescription.Slate description, Slate slate) : StreamSource(description)
{
    public override bool IsStandIn => true;

    public override void Prepare(MonotonicTime now) => slate.Restart(now);

    protected override SourcePublications Resolve(MonotonicTime now) => slate.Publications;

    protected override bool IsActive(MonotonicTime now) => true;
}
