using System.Buffers.Binary;
using System.Collections.Immutable;
using MediaGateway.Rtc.Codecs;

namespace MediaGateway.Sfu.LiveStreams;

/// <summary>Reads slates from coded files and cuts their frames into RTP payloads.</summary>
public static class SlateClipReader
{
    /// <summary>Longest payload, bytes: it leaves room for RTP and its extensions, SRTP's tag and a tunnel on the way.</summary>
    private const int MaxPayload = 1100;

    /// <summary>
    /// Length of the header of an IVF file, bytes; each frame stands behind 12 bytes more (section 3 of the container's description).
    /// </summary>
    private const int IvfHeaderLength = 32;

    private const int IvfFrameHeaderLength = 12;

    /// <summary>Length of the payload descriptor, bytes: X, I and a 15-bit picture id (RFC 7741 section 4.2).</summary>
    private const int Vp8DescriptorLength = 4;

    private const int FragmentType = 28;

    /// <summary>Reads VP8 in an IVF file.</summary>
    /// <exception cref="FormatException">The bytes are something else.</exception>
    public static SlateClip ReadVp8(ReadOnlySpan<byte> ivf)
    {
        if (ivf.Length < IvfHeaderLength || !ivf.StartsWith("DKIF"u8) || !ivf[8..12].SequenceEqual("VP80"u8))
            throw new FormatException("Not an IVF file of VP8.");
        ImmutableArray<ImmutableArray<ReadOnlyMemory<byte>>>.Builder frames =
            ImmutableArray.CreateBuilder<ImmutableArray<ReadOnlyMemory<byte>>>();
        ReadOnlySpan<byte> rest = ivf[IvfHeaderLength..];
        while (!rest.IsEmpty)
        {
            int length = rest.Length < IvfFrameHeaderLength ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest);
            if (length <= 0 || length > rest.Length - IvfFrameHeaderLength)
                throw new FormatException("The IVF file ends within a frame.");
            frames.Add(SplitVp8(rest.Slice(IvfFrameHeaderLength, length)));
            rest = rest[(IvfFrameHeaderLength + length)..];
        }
        return Checked(new SlateClip(CodecKind.Vp8, frames.ToImmutable()));
    }

    /// <summary>Reads H.264 as a byte stream (H.264 annex B), one slice a frame.</summary>
    /// <exception cref="FormatException">The bytes are something else.</exception>
    public static SlateClip ReadH264(ReadOnlySpan<byte> byteStream)
    {
        ImmutableArray<ImmutableArray<ReadOnlyMemory<byte>>>.Builder frames =
            ImmutableArray.CreateBuilder<ImmutableArray<ReadOnlyMemory<byte>>>();
        ImmutableArray<ReadOnlyMemory<byte>>.Builder frame = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        while (TryTakeUnit(ref byteStream, out ReadOnlySpan<byte> unit))
        {
            SplitH264(unit, frame);
            if ((unit[0] & 0x1F) is not ((int)H264NalUnitType.NonIdrSlice or (int)H264NalUnitType.IdrSlice))
                continue;
            frames.Add(frame.ToImmutable());
            frame.Clear();
        }
        return Checked(new SlateClip(CodecKind.H264, frames.ToImmutable()));
    }

    private static SlateClip Checked(SlateClip clip) =>
        clip.Frames.Length > 0 && KeyFrames.StartsKeyFrame(clip.Codec, clip.Frames[0][0].Span)
            ? clip
            : throw new FormatException("A slate begins with a key frame.");

    private static ImmutableArray<ReadOnlyMemory<byte>> SplitVp8(ReadOnlySpan<byte> frame)
    {
        ImmutableArray<ReadOnlyMemory<byte>>.Builder payloads = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        for (int start = 0; start < frame.Length; start += MaxPayload)
        {
            ReadOnlySpan<byte> part = frame[start..Math.Min(start + MaxPayload, frame.Length)];
            byte[] payload = new byte[Vp8DescriptorLength + part.Length];
            payload[0] = (byte)(0x80 | (start == 0 ? 0x10 : 0));
            payload[1] = 0x80;
            payload[2] = 0x80;
            part.CopyTo(payload.AsSpan(Vp8DescriptorLength));
            payloads.Add(payload);
        }
        return payloads.ToImmutable();
    }

    /// <summary>Cuts a NAL unit into payloads: whole where it fits, else in fragmentation units (RFC 6184 section 5.8).</summary>
    private static void SplitH264(ReadOnlySpan<byte> unit, ImmutableArray<ReadOnlyMemory<byte>>.Builder payloads)
    {
        if (unit.Length <= MaxPayload)
        {
            payloads.Add(unit.ToArray());
            return;
        }
        for (int start = 1; start < unit.Length; start += MaxPayload)
        {
            ReadOnlySpan<byte> part = unit[start..Math.Min(start + MaxPayload, unit.Length)];
            byte[] payload = new byte[2 + part.Length];
            payload[0] = (byte)((unit[0] & 0xE0) | FragmentType);
            payload[1] = (byte)((unit[0] & 0x1F) | (start == 1 ? 0x80 : 0) | (start + part.Length == unit.Length ? 0x40 : 0));
            part.CopyTo(payload.AsSpan(2));
            payloads.Add(payload);
        }
    }

    /// <summary>Takes the next NAL unit, without the start codes and zeros around it.</summary>
    private static bool TryTakeUnit(ref ReadOnlySpan<byte> byteStream, out ReadOnlySpan<byte> unit)
    {
        unit = default;
        while (unit.IsEmpty)
        {
            int start = byteStream.IndexOf("\0\0\u0001"u8);
            if (start < 0)
                return false;
            byteStream = byteStream[(start + 3)..];
            int end = byteStream.IndexOf("\0\0\u0001"u8);
            unit = (end < 0 ? byteStream : byteStream[..end]).TrimEnd((byte)0);
        }
        return true;
    }
}
