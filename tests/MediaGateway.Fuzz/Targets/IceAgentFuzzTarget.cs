using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Testing.Fuzzing;
using MediaGateway.Testing.Peers;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// An agent through a life that the input scripts: raw datagrams, good checks, forged and replayed ones, time, restarts.
/// What is not authentic is never answered and changes nothing; no answer is longer than its request; the selected path
/// is always a valid one; and a timer never asks to run again at once.
/// </summary>
public sealed class IceAgentFuzzTarget : IFuzzTarget
{
    public string Name => "ice-agent";

    /// <summary>Steps as <see cref="Run"/> reads them: an operation, its path and its arguments.</summary>
    public IEnumerable<byte[]> Seeds =>
    [
        [0x01, 0x00, 0x01, 0x01, 0x01, 0x00, 0x04, 0x02],
        [0x01, 0x00, 0x00, 0x01, 0x01, 0x01, 0x03, 0x00, 0x19, 0x01, 0x01, 0x01, 0x03, 0x00, 0xFF, 0x03, 0x00, 0xFF],
        [0x01, 0x00, 0x01, 0x05, 0x00, 0x01, 0x00, 0x00, 0x01, 0x02, 0x01, 0x02, 0x00, 0x20, 0x55],
        [0x00, 0x00, 0x14, 0x00, 0x01, 0x00, 0x00, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var life = new Life();
        while (input.Length >= 3)
        {
            byte operation = (byte)(input[0] % 6), path = input[1], argument = input[2];
            input = input[3..];
            switch (operation)
            {
                case 0:
                    int length = Math.Min(argument, input.Length);
                    life.ReceiveUnauthentic(input[..length], path);
                    input = input[length..];
                    break;
                case 1:
                    life.ReceiveCheck(path, nominate: (argument & 1) != 0, priority: argument);
                    break;
                case 2:
                    byte change = input.IsEmpty ? (byte)1 : input[0];
                    life.ReceiveForged(path, argument, change == 0 ? (byte)1 : change);
                    break;
                case 3:
                    life.Advance(TimeSpan.FromMilliseconds(100 * argument));
                    break;
                case 4:
                    life.ReceiveReplay(path);
                    break;
                default:
                    life.Restart();
                    break;
            }
        }
    }

    private sealed class Life
    {
        // FINGERPRINT stands behind MESSAGE-INTEGRITY and is not covered by it.
        private const int FingerprintLength = 8;

        private readonly SeededEntropy _entropy = new(1);
        private readonly IceCredentials _remote;
        private readonly IceAgent _agent;
        private readonly byte[] _response = new byte[IceAgent.MaxResponseLength];
        private byte[] _lastCheck = [];
        private NetworkPath _lastPath;
        private MonotonicTime _now = MonotonicTime.FromMilliseconds(1000);

        public Life()
        {
            _remote = IceCredentials.Create(_entropy);
            _agent = new IceAgent(IceCredentials.Create(_entropy), IceOptions.Default);
            _agent.SetRemote(_remote);
            _agent.Start(_now);
        }

        public void ReceiveUnauthentic(ReadOnlySpan<byte> datagram, byte from)
        {
            NetworkPath path = PathOf(from);
            (NetworkPath? Selected, IceState State, bool Valid, MonotonicTime Deadline) before = Snapshot(path);
            IceCheck check = _agent.OnStun(datagram, path, _now, _response);
            Require(check.Drop != DropReason.None && check.ResponseLength == 0, "an unauthentic datagram is not answered");
            Require(before == Snapshot(path), "an unauthentic datagram changes nothing");
        }

        public void ReceiveCheck(byte from, bool nominate, uint priority)
        {
            byte[] datagram = CreateCheck(nominate, priority);
            NetworkPath path = PathOf(from);
            NetworkPath? selected = _agent.SelectedPath;
            IceCheck check = _agent.OnStun(datagram, path, _now, _response);
            Require(check.ResponseLength <= datagram.Length, "an answer is no longer than its request");
            Require(check.SelectedPathChanged == (selected != _agent.SelectedPath), "a change of path is told");
            Require(check.Drop != DropReason.None || _agent.IsValidPath(path), "an authentic check makes its path valid");
            if (check.Drop == DropReason.None)
                (_lastCheck, _lastPath) = (datagram, path);
            CheckInvariants();
        }

        public void ReceiveForged(byte from, byte at, byte change)
        {
            byte[] datagram = CreateCheck(nominate: true, priority: uint.MaxValue);
            datagram[at % (datagram.Length - FingerprintLength)] ^= change;
            ReceiveUnauthentic(datagram, from);
        }

        public void ReceiveReplay(byte from)
        {
            if (PathOf(from) != _lastPath)
                ReceiveUnauthentic(_lastCheck, from);
        }

        public void Advance(TimeSpan time)
        {
            _now += time;
            if (_agent.NextDeadline <= _now)
                _agent.OnTimeout(_now);
            Require(_agent.NextDeadline > _now, "a timer asks for a later time");
            CheckInvariants();
        }

        public void Restart()
        {
            _agent.Restart(IceCredentials.Create(_entropy), _remote, _now);
            CheckInvariants();
        }

        private byte[] CreateCheck(bool nominate, uint priority)
        {
            byte[] buffer = new byte[TestIceClient.MaxCheckLength];
            var client = new TestIceClient(_remote, _agent.LocalCredentials, _entropy, priority);
            return buffer[..client.WriteCheck(buffer, nominate, _now)];
        }

        private void CheckInvariants()
        {
            Require(_agent.SelectedPath is not { } selected || _agent.IsValidPath(selected), "the selected path is valid");
            Require(_agent.State != IceState.Failed || _agent.SelectedPath is null, "a failed agent sends nowhere");
            while (_agent.TryTakeRemovedPath(out NetworkPath removed))
                Require(_agent.SelectedPath != removed || _agent.IsValidPath(removed), "a removed path is not selected");
        }

        private (NetworkPath? Selected, IceState State, bool Valid, MonotonicTime Deadline) Snapshot(NetworkPath path) =>
            (_agent.SelectedPath, _agent.State, _agent.IsValidPath(path), _agent.NextDeadline);

        private static NetworkPath PathOf(byte number) =>
            new(new EndpointId(number >> 7), TransportAddress.FromIPv4(0xC000_0200u + number, 5000));

        private static void Require(bool condition, string property)
        {
            if (!condition)
                throw new InvalidOperationException($"Violated: {property}.");
        }
    }
}
