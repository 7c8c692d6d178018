using MediaGateway.Platform.Dtls;
using MediaGateway.Rtc.Dtls;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Fuzzing;

namespace MediaGateway.Fuzz.Targets;

/// <summary>The filter is total, a dropped datagram leaves no trace, and what passes is exactly a run of records.</summary>
public sealed class DtlsRecordFilterFuzzTarget : IFuzzTarget
{
    private const int RecordHeaderLength = 13;

    public string Name => "dtls-record-filter";

    public IEnumerable<byte[]> Seeds =>
    [
        // An encrypted alert, a ChangeCipherSpec and a fatal plaintext alert.
        [21, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 0, 0, 26, .. new byte[26]],
        [20, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 1],
        [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 4, 0, 2, 2, 40],
        // ServerHelloDone, and the first 4 of 64 bytes of a ClientHello.
        [22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 4, 0, 12, 14, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0],
        [22, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 1, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 4, 0xFE, 0xFD, 1, 2],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        foreach (DtlsRole role in (ReadOnlySpan<DtlsRole>)[DtlsRole.Server, DtlsRole.Client])
        {
            foreach (bool connected in (ReadOnlySpan<bool>)[false, true])
                Check(input, new DtlsRecordFilter(role) { IsConnected = connected });
        }
    }

    private static void Check(ReadOnlySpan<byte> datagram, DtlsRecordFilter filter)
    {
        DropReason first = filter.Check(datagram);
        if (first == DropReason.None && !IsRunOfRecords(datagram))
            throw new InvalidOperationException("The filter passed bytes that are not a run of DTLS records.");
        if (first != DropReason.None && filter.Check(datagram) != first)
            throw new InvalidOperationException("A dropped datagram changed the filter.");
    }

    private static bool IsRunOfRecords(ReadOnlySpan<byte> datagram)
    {
        while (datagram.Length > RecordHeaderLength)
        {
            int length = datagram[11] << 8 | datagram[12];
            if (datagram[0] is < 20 or > 23 || length == 0 || length > datagram.Length - RecordHeaderLength)
                return false;
            datagram = datagram[(RecordHeaderLength + length)..];
            if (datagram.IsEmpty)
                return true;
        }
        return false;
    }
}
