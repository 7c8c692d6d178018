namespace MediaGateway.Rtc.Sdp;

/// <summary>Why a description was refused.</summary>
public enum SdpErrorCode
{
    TooLong,
    TooManyLines,
    LineTooLong,
    TooManyMedia,
    TooManyAttributes,
    TooManySources,

    /// <summary>NUL, or a carriage return that ends no line.</summary>
    InvalidCharacter,

    /// <summary>The line is not of the form <c>letter=value</c>, or RFC 8866 does not know its letter.</summary>
    InvalidLine,

    /// <summary>The description does not begin with <c>v=0</c>, <c>o=</c>, <c>s=</c>.</summary>
    InvalidSession,

    /// <summary>An <c>m=</c> line that cannot be read.</summary>
    InvalidMedia,

    /// <summary>An attribute the gateway uses, with a value outside its grammar.</summary>
    InvalidAttribute,

    /// <summary>A line that does not belong in a <c>trickle-ice-sdpfrag</c>.</summary>
    UnexpectedLine,

    /// <summary>Two different ICE user name fragments or passwords in one fragment.</summary>
    ConflictingIceCredentials,
}
