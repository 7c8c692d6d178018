using System.Buffers.Binary;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;

namespace MediaGateway.MicroBench;

/// <summary>
/// Benchmarks that the others are measured in, and the base library's AES-GCM beside ours. As everywhere here, a benchmark returns how
/// many operations it has done, so that one that fails fast is found out by a test.
/// </summary>
public class ReferenceBenchmarks : IDisposable
{
    private const int Copies = 8;

    private readonly byte[] _source = BenchPackets.Random(Copies * BenchPackets.VideoPayload, seed: 1);
    private readonly byte[] _destination = new byte[Copies * BenchPackets.VideoPayload];
    private readonly byte[] _text = new byte[BenchPackets.VideoPayload];
    private readonly AesGcm _aes = new(BenchPackets.Random(16, seed: 2), tagSizeInBytes: 16);
    private readonly byte[] _nonce = new byte[12];
    private readonly byte[] _tag = new byte[16];
    private readonly byte[] _header = new byte[24];
    private ulong _packets;

    /// <summary>1,200 bytes, from places that are aligned in all ways: a copy's time depends on it.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Copies)]
    public int Copy()
    {
        int copies = 0;
        for (int start = 0; start < _source.Length; start += BenchPackets.VideoPayload, copies++)
            _source.AsSpan(start, BenchPackets.VideoPayload).CopyTo(_destination.AsSpan(start));
        return copies;
    }

    [Benchmark]
    public int LibraryGcmAudio() => Encrypt(_text.AsSpan(0, BenchPackets.AudioPayload));

    [Benchmark]
    public int LibraryGcmVideo() => Encrypt(_text);

    [GlobalCleanup]
    public void Dispose()
    {
        _aes.Dispose();
        GC.SuppressFinalize(this);
    }

    private int Encrypt(Span<byte> text)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_nonce, ++_packets);
        _aes.Encrypt(_nonce, text, text, _tag, _header);
        return 1;
    }
}
