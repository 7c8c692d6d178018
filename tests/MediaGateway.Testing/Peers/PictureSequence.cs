using System.Collections.Immutable;
using MediaGateway.Testing.Rooms;

namespace MediaGateway.Testing.Peers;

/// <summary>
/// The order of pictures of one encoding: three temporal layers over four pictures, of which the last one depends on the one of the
/// middle layer; or each picture on the one before, without layers.
/// </summary>
internal sealed class PictureSequence(bool hasTemporalLayers)
{
    private static readonly ImmutableArray<int> Pattern = [0, 2, 1, 2];

    private readonly int[] _newest = new int[3];
    private int _position;
    private byte _tl0PicIdx;

    /// <summary>Temporal layer of the next picture unless it is a key frame.</summary>
    public int NextLayer => Pattern[NextPosition];

    private int NextPosition => hasTemporalLayers ? (_position + 1) % Pattern.Length : 0;

    public TestFrame Next(int number, bool isKey, int packets)
    {
        _position = isKey ? 0 : NextPosition;
        int temporal = Pattern[_position];
        if (temporal == 0)
            _tl0PicIdx++;
        bool isSync = _position is 1 or 2;
        int[] references = isKey ? [] : temporal == 0 || isSync ? [_newest[0]] : [_newest[0], _newest[1], _newest[2]];
        if (isKey)
            _newest.AsSpan().Fill(number);
        _newest[temporal] = number;
        return new TestFrame(number, temporal, isSync, isKey, packets, _tl0PicIdx, references);
    }
}
