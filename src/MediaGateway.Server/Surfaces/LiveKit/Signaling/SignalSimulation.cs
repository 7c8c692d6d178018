using MediaGateway.Rtc.Primitives;
using MediaGateway.Server.Background;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Operations;
using MediaGateway.Server.Signaling.Messages;
using MediaGateway.Sfu.Rooms;
using MediaGateway.Sfu.Rooms.Members;
using DisconnectReason = MediaGateway.Sfu.Rooms.Members.DisconnectReason;
using Messages = MediaGateway.Server.Signaling.Messages;
using Scenario = MediaGateway.Server.Signaling.Messages.SimulateScenario.ScenarioOneofCase;
using SpeakerInfo = MediaGateway.Sfu.Rooms.Notifications.SpeakerInfo;

namespace MediaGateway.Server.Surfaces.LiveKit.Signaling;

/// <summary>Failures that a client asks for, to test how it copes. Nobody else in the room is told anything untrue.</summary>
internal sealed class SignalSimulation(IRoomParticipant participant, SignalOutbox outbox, SignalInterruptions interruptions,
    Supervisor supervisor)
{
    private static readonly TimeSpan MaxSpeaking = TimeSpan.FromMinutes(1);

    public Task RunAsync(SimulateScenario request) => request.ScenarioCase switch
    {
        Scenario.SpeakerUpdate => Speak(TimeSpan.FromSeconds(request.SpeakerUpdate)),
        Scenario.SubscriberBandwidth => CapLineAsync(request.SubscriberBandwidth),
        Scenario.NodeFailure => FailAsync(),
        Scenario.Migration => Migrate(),
        Scenario.ServerLeave => participant.LeaveAsync(DisconnectReason.ServerShutdown, LeaveAction.Disconnect),
        Scenario.LeaveRequestFullReconnect => participant.LeaveAsync(DisconnectReason.StateMismatch, LeaveAction.Reconnect),
        Scenario.DisconnectSignalOnResume => Interrupt(SignalInterruption.AfterMessages),
        Scenario.DisconnectSignalOnResumeNoMessages => Interrupt(SignalInterruption.BeforeMessages),
        _ => Refuse(),
    };

    private Task Speak(TimeSpan wanted)
    {
        TimeSpan duration = wanted < TimeSpan.Zero ? TimeSpan.Zero : wanted > MaxSpeaking ? MaxSpeaking : wanted;
        outbox.Post(SignalResponses.Speakers(new SpeakerInfo(participant.Sid, 1, Active: true)));
        supervisor.Start("simulated speaker", async () =>
        {
            await Task.Delay(duration, supervisor.Clock);
            outbox.Post(SignalResponses.Speakers(new SpeakerInfo(participant.Sid, 0, Active: false)));
        });
        return Task.CompletedTask;
    }

    /// <summary>The node is gone: no word, and nobody who could be resumed.</summary>
    private Task FailAsync()
    {
        outbox.End(SignalEnd.Simulated);
        return participant.LeaveAsync(DisconnectReason.ServerShutdown, LeaveAction.Reconnect);
    }

    /// <summary>The participant is elsewhere: the client connects again and resumes.</summary>
    private Task Migrate()
    {
        outbox.Post(SignalResponses.Leave(Messages.DisconnectReason.Migration, LeaveAction.Resume));
        outbox.End(SignalEnd.Simulated);
        return Task.CompletedTask;
    }

    /// <summary>The participant's line carries so many bits a second from now on, or again what it carries when this is 0.</summary>
    private async Task CapLineAsync(long bitsPerSecond)
    {
        if (await participant.CapLineAsync(bitsPerSecond > 0 ? new Bitrate(bitsPerSecond) : null) == RequestOutcome.NotAllowed)
            await Refuse();
    }

    private Task Interrupt(SignalInterruption interruption)
    {
        interruptions.Add(participant.Sid, interruption);
        return Task.CompletedTask;
    }

    private Task Refuse()
    {
        outbox.Post(RequestResponses.Of(RequestResponse.Types.Reason.UnsupportedType, "This gateway does not simulate that."));
        return Task.CompletedTask;
    }
}
