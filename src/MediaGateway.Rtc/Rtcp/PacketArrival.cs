using MediaGateway.Rtc.Primitives;

namespace MediaGateway.Rtc.Rtcp;

/// <summary>A packet that transport-wide feedback reports as received.</summary>
/// <param name="Sequence">Its transport-wide sequence number.</param>
/// <param name="Time">When it arrived, on the same clock as <see cref="TransportFeedbackView.ReferenceTime"/>; steps of 250 us.</param>
public readonly record struct PacketArrival(SequenceNumber Sequence, TimeSpan Time);
