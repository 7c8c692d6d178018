using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Rtp;
using MediaGateway.Rtc.Srtp;

namespace MediaGateway.MicroBench;

/// <summary>One stream's packets to protect, and one protected packet to open again and again.</summary>
internal sealed class SrtpStream : IDisposable
{
    private readonly SrtpSender _sender;
    private readonly SrtpTransform _receiving;
    private readonly byte[] _outgoing;
    private readonly byte[] _protected;
    private readonly byte[] _incoming;
    private readonly int _length;
    private readonly int _headerLength;
    private ExtendedSequence _index = new(1);

    public SrtpStream(SrtpProfile profile, byte[] packet)
    {
        byte[] key = BenchPackets.Random(16, seed: 1);
        byte[] salt = BenchPackets.Random(profile == SrtpProfile.Aes128CmHmacSha1Tag80 ? 14 : 12, seed: 2);
        _sender = new SrtpSender(profile, key, salt);
        using var keys = SrtpSessionKeys.Derive(profile, key, salt, SrtpKeyUsage.Rtp);
        _receiving = SrtpTransform.Create(profile, keys);
        _length = packet.Length;
        _headerLength = RtpHeader.TryParse(packet, out RtpHeader header) ? header.HeaderLength : 0;
        _outgoing = [.. packet, .. new byte[_sender.RtpOverhead]];
        _protected = [.. _outgoing];
        _incoming = new byte[_protected.Length];
        _sender.ProtectRtp(_protected, _length, _headerLength, BenchPackets.Source, _index);
    }

    /// <summary>Encrypts what the last call left in the buffer.</summary>
    public int Protect()
    {
        _index += 1;
        return _sender.ProtectRtp(_outgoing, _length, _headerLength, BenchPackets.Source, _index) == _outgoing.Length ? 1 : 0;
    }

    /// <summary>
    /// Decrypts without the receiver's replay window, which takes each packet once; and with a copy that puts the packet back, as it
    /// is opened in place.
    /// </summary>
    public int Unprotect()
    {
        _protected.CopyTo(_incoming.AsSpan());
        return _receiving.TryUnprotectRtp(_incoming, _headerLength, BenchPackets.Source, new ExtendedSequence(1)) ? 1 : 0;
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiving.Dispose();
    }
}
