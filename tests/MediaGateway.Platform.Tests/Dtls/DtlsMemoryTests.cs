using System.Runtime.InteropServices;
using MediaGateway.Testing.Dtls;

namespace MediaGateway.Platform.Tests.Dtls;

/// <summary>Tests of the memory that an idle connection holds in libssl.</summary>
[Collection(DtlsCollection.Name)]
public sealed class DtlsMemoryTests(DtlsContexts contexts)
{
    private const int Connections = 50;

    /// <summary>Limit in bytes: a connection takes 42 KB with OpenSSL 3.0, and 60 KB with the record buffers.</summary>
    private const int MaxBytes = 50_000;

    [Fact]
    public void Connected_endpoint_keeps_no_record_buffers()
    {
        using DtlsLink warmUp = DtlsLink.Connected(contexts.Server, contexts.Client);
        nuint before = AllocatedBytes();
        DtlsLink[] links = [.. Enumerable.Range(0, Connections).Select(_ => DtlsLink.Connected(contexts.Server, contexts.Client))];

        long connected = (long)(AllocatedBytes() - before) / (2 * Connections);
        Assert.All(links, link => Assert.True(link.CarriesApplicationData()));
        long used = (long)(AllocatedBytes() - before) / (2 * Connections);

        Assert.InRange(connected, 1, MaxBytes);
        Assert.InRange(used, 1, MaxBytes);
        foreach (DtlsLink link in links)
            link.Dispose();
    }

    /// <summary>Bytes that malloc has given out in this process.</summary>
    private static nuint AllocatedBytes()
    {
        Statistics statistics = mallinfo2();
        return statistics.Used + statistics.Mapped;
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern Statistics mallinfo2();

    [StructLayout(LayoutKind.Sequential)]
    private struct Statistics
    {
        public nuint Arena, FreeChunks, FastChunks, MappedBlocks, Mapped, MostAllocated, FastBytes, Used, Free, Releasable;
    }
}
