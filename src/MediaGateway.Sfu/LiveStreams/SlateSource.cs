using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>A picture that is always there.</summary>
internal sealed class SlateSource(SourceDescription.Slate description, Slate slate) : StreamSource(description)
{
    public override bool IsStandIn => true;

    public override void Prepare(MonotonicTime now) => slate.Restart(now);

    protected override SourceMedia Resolve(MonotonicTime now) => slate.Media;

    protected override bool IsActive(MonotonicTime now) => true;
}
