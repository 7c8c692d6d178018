namespace MediaGateway.Rtc.Tests.Streams;

/// <summary>Fault of the reports of a <see cref="ReportingSender"/>.</summary>
public enum ReportFault
{
    None,

    /// <summary>The NTP time is 0.</summary>
    WithoutClock,

    /// <summary>Reports never come.</summary>
    Absent,

    /// <summary>The NTP time does not change.</summary>
    StandingStill,

    DoubleSpeed,

    /// <summary>A random NTP time in each report.</summary>
    Random,

    /// <summary>One report in five is an hour or half a second off.</summary>
    JumpsOnce,

    /// <summary>The clock was set forward by an hour at the first report that says so.</summary>
    SetForward,

    SetBack,

    /// <summary>One RTP timestamp in three is off by minutes.</summary>
    WrongTimestamp,

    /// <summary>The RTP timestamp is 0.</summary>
    ZeroTimestamp,

    /// <summary>The first reports come before the first packets.</summary>
    BeforeFirstPacket,
}
