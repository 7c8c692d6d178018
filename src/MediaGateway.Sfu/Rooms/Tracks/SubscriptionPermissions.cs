using System.Collections.Immutable;
using MediaGateway.Sfu.Rooms.Members;

namespace MediaGateway.Sfu.Rooms.Tracks;

/// <summary>Permissions of others to subscribe to a publisher's tracks; everybody may until the publisher says otherwise.</summary>
internal sealed class SubscriptionPermissions
{
    private bool _all = true;
    private ImmutableArray<TrackPermission> _permissions = [];

    public void Set(bool all, ImmutableArray<TrackPermission> permissions)
    {
        _all = all;
        _permissions = permissions;
    }

    public bool Allow(Participant subscriber, TrackSid track) => _all || _permissions.Any(permission =>
        (permission.Participant is { } sid ? sid == subscriber.Sid : permission.Identity == subscriber.Identity)
        && (permission.AllTracks || permission.Tracks.Contains(track)));
}
