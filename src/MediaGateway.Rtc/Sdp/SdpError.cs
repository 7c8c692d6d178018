namespace MediaGateway.Rtc.Sdp;

/// <summary>Why and where a description was refused.</summary>
/// <param name="Code">The stable reason.</param>
/// <param name="Line">The line's number, from 1; 0 when the description as a whole is meant.</param>
/// <param name="Message">One sentence for the person who sent it; quotes nothing of the input.</param>
public sealed record SdpError(SdpErrorCode Code, int Line, string Message)
{
    public override string ToString() => Line == 0 ? Message : $"line {Line}: {Message}";
}
