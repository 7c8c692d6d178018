using MediaGateway.Rtc.Codecs;

namespace MediaGateway.LoadTester.Clients;

/// <summary>The purpose of a client in a run: what it sends and receives.</summary>
/// <param name="Room">The stream it watches, or the room it is in.</param>
/// <param name="Sends">What it publishes; nothing for a viewer.</param>
/// <param name="Codecs">Of what it receives: a section each where it offers.</param>
internal sealed record Attendance(string Room, IReadOnlyList<PublishedTrack> Sends, IReadOnlyList<CodecKind> Codecs);
