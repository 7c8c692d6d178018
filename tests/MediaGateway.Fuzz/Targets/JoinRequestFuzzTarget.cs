using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using Google.Protobuf;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Server.Surfaces.LiveKit.Signaling;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// Join requests, as base64url, as the wrapper within, and as what may be compressed within that: each is taken or refused,
/// and none unpacks to more than it may.
/// </summary>
public sealed class JoinRequestFuzzTarget : IFuzzTarget
{
    private const int MaxBytes = 64 * 1024;

    private static readonly byte[] Request = new JoinRequest
    {
        ClientInfo = new ClientInfo
        { Sdk = ClientInfo.Types.SDK.Js, Protocol = 17, Capabilities = { ClientInfo.Types.Capability.CapPacketTrailer } },
        ConnectionSettings = new ConnectionSettings { AutoSubscribe = true },
        ParticipantAttributes = { ["k"] = "v" },
        AddTrackRequests = { new AddTrackRequest { Cid = "c" } },
        PublisherOffer = new SessionDescription { Type = "offer", Sdp = "v=0" },
    }.ToByteArray();

    public string Name => "join-request";

    public IEnumerable<byte[]> Seeds =>
    [
        Wrap(WrappedJoinRequest.Types.Compression.None, Request),
        Wrap(WrappedJoinRequest.Types.Compression.Gzip, Zip(Request)),
        Wrap(WrappedJoinRequest.Types.Compression.Gzip, Zip(new byte[2 * MaxBytes])),
        Request,
        Zip(Request),
        Encoding.UTF8.GetBytes(Base64Url.EncodeToString(Wrap(WrappedJoinRequest.Types.Compression.None, Request))),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        Check(Encoding.UTF8.GetString(input));
        Check(Base64Url.EncodeToString(input));
        Check(Base64Url.EncodeToString(Wrap(WrappedJoinRequest.Types.Compression.None, input)));
        Check(Base64Url.EncodeToString(Wrap(WrappedJoinRequest.Types.Compression.Gzip, input)));
    }

    private static void Check(string text)
    {
        if (JoinRequestCodec.TryDecode(text, MaxBytes, out JoinRequest? request))
            Property.Holds(request.CalculateSize() <= 2 * MaxBytes, "a request keeps to the limit");
    }

    private static byte[] Wrap(WrappedJoinRequest.Types.Compression compression, ReadOnlySpan<byte> request)
        => new WrappedJoinRequest { Compression = compression, JoinRequest = ByteString.CopyFrom(request) }.ToByteArray();

    private static byte[] Zip(byte[] bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
