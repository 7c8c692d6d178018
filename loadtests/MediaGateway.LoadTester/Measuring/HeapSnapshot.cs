using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace MediaGateway.LoadTester.Measuring;

/// <summary>The objects of a .NET process that are in use, counted from outside (EventPipe): what a full collection leaves.</summary>
/// <param name="BytesOf">Bytes of all objects of a type, by its name.</param>
internal sealed record HeapSnapshot(IReadOnlyDictionary<string, long> BytesOf)
{
    private const int EventsBufferMegabytes = 256;

    public long Bytes => BytesOf.Values.Sum();

    /// <summary>
    /// Has the process make a full collection and walk its objects, during which its threads stand still. What the events need of its
    /// memory stays in its resident memory, so that this is read before.
    /// </summary>
    public static HeapSnapshot Take(int processId)
    {
        var names = new Dictionary<ulong, string>();
        var bytes = new Dictionary<ulong, long>();
        int? collection = null;
        var objects = new EventPipeProvider(
            "Microsoft-Windows-DotNETRuntime", EventLevel.Verbose, (long)ClrTraceEventParser.Keywords.GCHeapSnapshot);
        using EventPipeSession session =
            new DiagnosticsClient(processId).StartEventPipeSession([objects], requestRundown: false, EventsBufferMegabytes);
        using var source = new EventPipeEventSource(session.EventStream);
        source.Clr.GCStart += started => collection ??= started.Reason == GCReason.Induced ? started.Count : null;
        source.Clr.TypeBulkType += types =>
        {
            for (int i = 0; i < types.Count; i++)
                names[types.Values(i).TypeID] = types.Values(i).TypeName;
        };
        source.Clr.GCBulkNode += nodes =>
        {
            for (int i = 0; i < nodes.Count; i++)
            {
                GCBulkNodeValues node = nodes.Values(i);
                bytes[node.TypeID] = bytes.GetValueOrDefault(node.TypeID) + (long)node.Size;
            }
        };
        source.Clr.GCStop += stopped =>
        {
            // From another thread: it ends the stream that this one is reading.
            if (stopped.Count == collection)
                _ = Task.Run(session.Stop);
        };
        source.Process();
        return new HeapSnapshot(bytes
            .GroupBy(type => names.GetValueOrDefault(type.Key, "?"), type => type.Value)
            .ToDictionary(type => type.Key, type => type.Sum()));
    }
}
