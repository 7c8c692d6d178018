using System.Globalization;
using MediaGateway.Sfu.Allocation;
using MediaGateway.Sfu.Workers;

namespace MediaGateway.Server.Node;

/// <summary>Log of workers' events: faults, overload, rooms that end.</summary>
internal static class WorkerReports
{
    public static void Report(this ILogger logger, WorkerEvent happened)
    {
        switch (happened)
        {
            case WorkerEvent.PeerFaulted fault:
                logger.PeerFault(fault.Peer, fault.Fault);
                break;
            case WorkerEvent.RoomClosed room:
                logger.RoomClosed(room.Name, room.Sid);
                break;
            case WorkerEvent.RoomFaulted fault:
                logger.RoomFault(fault.Room, fault.Fault);
                break;
            case WorkerEvent.LiveStreamFaulted fault:
                logger.StreamFault(fault.Stream, fault.Fault);
                break;
            case WorkerEvent.RelayFaulted fault:
                logger.RelayFault(fault.Fault);
                break;
            case WorkerEvent.OverloadChanged { Overload: var overload }:
                logger.ReportOverload(overload);
                break;
        }
    }

    private static void ReportOverload(this ILogger logger, OverloadInfo overload)
    {
        if (overload.IsOverloaded)
        {
            string behind = overload.Load.Delay is { } delay
                ? string.Create(CultureInfo.InvariantCulture, $"{delay.TotalMilliseconds:F0} ms")
                : "an unknown time";
            double busy = Math.Round(100 * overload.Load.Busy);
            logger.WorkerOverloaded(overload.Worker, busy, behind, overload.Load.Lost, overload.HighestLevel, SheddingPlan.MaxLevel);
        }
        else
        {
            double seconds = Math.Round(overload.Lasted.TotalSeconds, 1);
            logger.WorkerRecovered(overload.Worker, seconds, overload.PacketsShed, overload.HighestLevel, SheddingPlan.MaxLevel);
        }
    }
}
