using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;

namespace MediaGateway.Rtc.Ice;

/// <summary>Writes the answers to authenticated checks.</summary>
internal static class IceResponses
{
    private const int MaxUnknownAttributes = 16;

    /// <summary>Writes the error answer that an authenticated request has earned, if any; 0 when there is none to write.</summary>
    public static int TryWriteError(in StunMessageView request, IceGeneration generation, bool isRoleConflict, Span<byte> response)
    {
        Span<StunAttributeType> unknown = stackalloc StunAttributeType[MaxUnknownAttributes];
        unknown = unknown[..request.CopyUnknownRequired(unknown)];
        if (unknown.IsEmpty && !isRoleConflict)
            return 0;
        var writer = new StunWriter(response, StunClass.ErrorResponse, StunMethod.Binding, request.TransactionId);
        if (unknown.IsEmpty)
        {
            writer.AddErrorCode(StunErrorCode.RoleConflict);
        }
        else
        {
            writer.AddErrorCode(StunErrorCode.UnknownAttribute);
            writer.AddUnknownAttributes(unknown);
        }
        return Sign(ref writer, request, generation);
    }

    /// <summary>Writes the success answer, which says where the request came from.</summary>
    public static int WriteSuccess(in StunMessageView request, IceGeneration generation, in NetworkPath path, Span<byte> response)
    {
        var writer = new StunWriter(response, StunClass.SuccessResponse, StunMethod.Binding, request.TransactionId);
        writer.AddXorMappedAddress(path.Remote);
        return Sign(ref writer, request, generation);
    }

    /// <summary>FINGERPRINT answers FINGERPRINT: every agent has to send it, and without one the answer stays short.</summary>
    private static int Sign(ref StunWriter writer, in StunMessageView request, IceGeneration generation)
    {
        writer.AddMessageIntegrity(generation.Key);
        if (request.HasFingerprint)
            writer.AddFingerprint();
        return writer.Length;
    }
}
