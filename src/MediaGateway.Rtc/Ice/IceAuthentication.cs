using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;

namespace MediaGateway.Rtc.Ice;

/// <summary>Decides whom a check is for, and whether it was signed for us.</summary>
public static class IceAuthentication
{
    /// <summary>
    /// The local fragment that a Binding request is addressed to: what stands before the colon of its USERNAME. Finds
    /// the peer of an unknown path; proves nothing.
    /// </summary>
    public static bool TryGetLocalUsernameFragment(ReadOnlySpan<byte> stunDatagram, out ReadOnlySpan<byte> usernameFragment)
    {
        usernameFragment = default;
        if (!StunMessageView.TryParse(stunDatagram, out StunMessageView message)
            || !message.TryGet(StunAttributeType.Username, out ReadOnlySpan<byte> username))
        {
            return false;
        }
        int colon = username.IndexOf((byte)':');
        if (colon <= 0)
            return false;
        usernameFragment = username[..colon];
        return true;
    }

    /// <summary>Takes a well-formed Binding request that is addressed to one of our generations and signed with its password.</summary>
    /// <param name="datagram">What came.</param>
    /// <param name="current">The newest generation; null when the agent has failed and takes nothing.</param>
    /// <param name="previous">The one before, while a restart is under way.</param>
    /// <param name="message">The message, which is anything well-formed after <see cref="DropReason.StunNotARequest"/>.</param>
    /// <param name="generation">The generation that signed it; null when it is dropped.</param>
    internal static DropReason Authenticate(
        ReadOnlySpan<byte> datagram, IceGeneration? current, IceGeneration? previous, out StunMessageView message,
        out IceGeneration? generation)
    {
        generation = null;
        if (!StunMessageView.TryParse(datagram, out message))
            return DropReason.StunMalformed;
        if (message.Class != StunClass.Request || message.Method != StunMethod.Binding)
            return DropReason.StunNotARequest;
        if (message.CheckFingerprint() == FingerprintStatus.Invalid)
            return DropReason.StunBadFingerprint;
        if (current is null)
            return DropReason.NotConnected;
        IceGeneration? addressed = GenerationOf(message, current, previous);
        if (addressed is null)
            return DropReason.StunUnknownUsername;
        if (!message.VerifyIntegrity(addressed.Key))
            return DropReason.StunBadIntegrity;
        generation = addressed;
        return DropReason.None;
    }

    private static IceGeneration? GenerationOf(in StunMessageView request, IceGeneration current, IceGeneration? previous)
    {
        if (!request.TryGet(StunAttributeType.Username, out ReadOnlySpan<byte> username))
            return null;
        return current.IsAddressedBy(username) ? current
            : previous is not null && previous.IsAddressedBy(username) ? previous
            : null;
    }
}
