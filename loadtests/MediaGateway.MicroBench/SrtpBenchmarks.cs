using BenchmarkDotNet.Attributes;
using MediaGateway.Rtc.Primitives;

namespace MediaGateway.MicroBench;

/// <summary>Encryption and decryption of packets with 80 bytes of audio and 1,200 of video.</summary>
public class SrtpBenchmarks : IDisposable
{
    private readonly SrtpStream _gcmAudio = new(SrtpProfile.AeadAes128Gcm, BenchPackets.Audio());
    private readonly SrtpStream _gcmVideo = new(SrtpProfile.AeadAes128Gcm, BenchPackets.Video());
    private readonly SrtpStream _cmAudio = new(SrtpProfile.Aes128CmHmacSha1Tag80, BenchPackets.Audio());
    private readonly SrtpStream _cmVideo = new(SrtpProfile.Aes128CmHmacSha1Tag80, BenchPackets.Video());
    private readonly ReplayWindow _window = new(words: 32, first: 0);

    [Benchmark]
    public int ProtectGcmAudio() => _gcmAudio.Protect();

    [Benchmark]
    public int ProtectGcmVideo() => _gcmVideo.Protect();

    [Benchmark]
    public int ProtectCmAudio() => _cmAudio.Protect();

    [Benchmark]
    public int ProtectCmVideo() => _cmVideo.Protect();

    [Benchmark]
    public int UnprotectGcmAudio() => _gcmAudio.Unprotect();

    [Benchmark]
    public int UnprotectGcmVideo() => _gcmVideo.Unprotect();

    [Benchmark]
    public int UnprotectCmAudio() => _cmAudio.Unprotect();

    [Benchmark]
    public int UnprotectCmVideo() => _cmVideo.Unprotect();

    /// <summary>Checks the replay window, which the receiver does besides.</summary>
    [Benchmark]
    public int ReplayWindow()
    {
        long index = _window.Highest + 1;
        if (_window.IsReplay(index))
            return 0;
        _window.Add(index);
        return 1;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _gcmAudio.Dispose();
        _gcmVideo.Dispose();
        _cmAudio.Dispose();
        _cmVideo.Dispose();
        GC.SuppressFinalize(this);
    }
}
