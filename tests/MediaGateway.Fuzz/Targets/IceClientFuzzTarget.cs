using System.Text;
using MediaGateway.Rtc.Ice;
using MediaGateway.Rtc.Primitives;
using MediaGateway.Rtc.Stun;
using MediaGateway.Testing.Fuzzing;
using MediaGateway.Testing.Primitives;

namespace MediaGateway.Fuzz.Targets;

/// <summary>
/// A full agent through a life that the input scripts: candidates, good and forged answers, refusals, requests of the remote in
/// either role, raw datagrams, time, restarts. Only an answer to a check of ours, from where the check went, proves a path; new
/// checks keep their pace and their bound; and a timer never asks to run again at once.
/// </summary>
public sealed class IceClientFuzzTarget : IFuzzTarget
{
    public string Name => "ice-client";

    /// <summary>Steps as <see cref="Run"/> reads them: an operation, its path and its argument.</summary>
    public IEnumerable<byte[]> Seeds =>
    [
        [0, 1, 0, 1, 1, 1, 1, 1, 1, 2, 0, 20, 2, 0, 100, 1, 0, 0, 2, 0, 255],
        [0, 1, 0, 0, 2, 1, 2, 0, 1, 3, 0, 0, 2, 0, 2, 1, 0, 0, 4, 9, 3, 1, 0, 0, 2, 0, 250, 2, 0, 250],
        [0, 1, 7, 4, 1, 2, 4, 2, 1, 2, 0, 1, 1, 0, 9, 6, 0, 0, 0, 3, 0, 2, 0, 1, 1, 0, 0],
        [5, 0, 20, 0x01, 0x01, 0, 0, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 7, 1, 1, 2, 0, 200],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        var life = new Life(input.IsEmpty || (input[0] & 0x80) == 0 ? IceRole.Controlling : IceRole.Controlled);
        while (input.Length >= 3)
        {
            byte operation = (byte)((input[0] & 0x7F) % 8), path = input[1], argument = input[2];
            input = input[3..];
            switch (operation)
            {
                case 0:
                    life.AddCandidate(path, argument);
                    break;
                case 1:
                    life.Answer(argument, fromElsewhere: (path & 1) != 0);
                    break;
                case 2:
                    life.Advance(TimeSpan.FromMilliseconds(20 * argument));
                    break;
                case 3:
                    life.Refuse(path, argument);
                    break;
                case 4:
                    life.Request(path, argument);
                    break;
                case 5:
                    int length = Math.Min(argument, input.Length);
                    life.ReceiveUnauthentic(input[..length], path);
                    input = input[length..];
                    break;
                case 6:
                    life.Restart();
                    break;
                default:
                    life.AnswerForged(argument, path);
                    break;
            }
            life.CheckInvariants();
        }
    }

    private sealed class Life
    {
        private const int MaxSent = 64;

        private readonly SeededEntropy _entropy = new(2);
        private readonly IceAgent _agent;
        private readonly byte[] _buffer = new byte[IceAgent.MaxCheckLength];
        private readonly byte[] _response = new byte[IceAgent.MaxResponseLength];
        private readonly List<(byte[] Check, NetworkPath Path)> _sent = [];
        private readonly HashSet<StunTransactionId> _transactions = [];
        private IceCredentials _remote;
        private MonotonicTime _now = MonotonicTime.FromMilliseconds(1000);
        private readonly MonotonicTime _since = MonotonicTime.FromMilliseconds(1000);

        public Life(IceRole role)
        {
            _remote = IceCredentials.Create(_entropy);
            _agent = new IceAgent(IceCredentials.Create(_entropy), IceOptions.Default, role, _entropy);
            _agent.SetRemote(_remote);
            _agent.Start(_now);
        }

        public void AddCandidate(byte number, byte foundation)
        {
            IceCandidate candidate = IceCandidate.Host(PathOf(number).Remote, number) with { Foundation = $"{foundation & 3}" };
            _agent.AddRemoteCandidate(candidate);
        }

        public void Advance(TimeSpan time)
        {
            _now += time;
            if (_agent.NextDeadline <= _now)
                _agent.OnTimeout(_now);
            int count = 0;
            while (_agent.TryWriteCheck(_buffer, _now, out int length, out NetworkPath path))
            {
                byte[] check = _buffer[..length];
                Property.Holds(StunMessageView.TryParse(check, out StunMessageView message)
                    && message.Class == StunClass.Request, "what is sent is a request");
                _transactions.Add(message.TransactionId);
                _sent.Add((check, path));
                if (_sent.Count > MaxSent)
                    _sent.RemoveAt(0);
                Property.Holds(++count <= 2 * IceOptions.Default.MaxPairs, "what is sent at once is bounded");
            }
            Property.Holds(_agent.NextDeadline > _now, "a timer asks for a later time");
        }

        public void Answer(byte which, bool fromElsewhere)
        {
            if (_sent.Count == 0)
                return;
            (byte[] check, NetworkPath path) = _sent[which % _sent.Count];
            var elsewhere = new NetworkPath(new EndpointId(1), path.Remote);
            IceCheck result = Receive(Write(check, StunClass.SuccessResponse, 0, _remote.Password), fromElsewhere ? elsewhere : path);
            Property.Holds(result.ResponseLength == 0, "an answer is not answered");
            Property.Holds(!_agent.IsValidPath(elsewhere), "an answer from elsewhere proves no path");
            Property.Holds(!result.PathAdded || _agent.IsValidPath(path), "a path that is told is valid");
        }

        public void AnswerForged(byte which, byte change)
        {
            if (_sent.Count == 0)
                return;
            (byte[] check, NetworkPath path) = _sent[which % _sent.Count];
            byte[] answer = Write(check, StunClass.SuccessResponse, 0, _remote.Password);
            answer[20 + (change % (answer.Length - 28))] ^= (byte)(change | 1);
            ReceiveUnauthentic(answer, path);
        }

        public void Refuse(byte which, byte code)
        {
            if (_sent.Count == 0)
                return;
            (byte[] check, NetworkPath path) = _sent[which % _sent.Count];
            NetworkPath? selected = _agent.SelectedPath;
            Receive(Write(check, StunClass.ErrorResponse, code % 2 == 0 ? StunErrorCode.RoleConflict
                : (StunErrorCode)(300 + code), _remote.Password), path);
            Property.Holds(_agent.SelectedPath == selected, "a refusal selects nothing");
        }

        public void Request(byte number, byte argument)
        {
            var writer = new StunWriter(_buffer, StunClass.Request, StunMethod.Binding, StunTransactionId.Create(_entropy));
            writer.AddUsername(Encoding.UTF8.GetBytes(_agent.LocalCredentials.UsernameFragment),
                Encoding.UTF8.GetBytes(_remote.UsernameFragment));
            writer.AddTieBreaker((argument & 1) == 0 ? StunAttributeType.IceControlling
                : StunAttributeType.IceControlled, (ulong)argument << 56);
            if ((argument & 2) != 0)
                writer.AddUseCandidate();
            writer.AddPriority(argument);
            writer.AddMessageIntegrity(Encoding.UTF8.GetBytes(_agent.LocalCredentials.Password));
            writer.AddFingerprint();
            byte[] request = _buffer[..writer.Length];
            bool wasValid = _agent.IsValidPath(PathOf(number));
            IceCheck result = Receive(request, PathOf(number));
            Property.Holds(result.ResponseLength <= request.Length, "an answer is no longer than its request");
            Property.Holds(wasValid == _agent.IsValidPath(PathOf(number)), "a request of the remote proves no path");
        }

        public void ReceiveUnauthentic(ReadOnlySpan<byte> datagram, byte number) => ReceiveUnauthentic(datagram, PathOf(number));

        public void Restart()
        {
            _remote = IceCredentials.Create(_entropy);
            _agent.Restart(IceCredentials.Create(_entropy), _remote, _now);
            _sent.Clear();
        }

        public void CheckInvariants()
        {
            Property.Holds(_agent.SelectedPath is not { } selected || _agent.IsValidPath(selected), "the selected path is valid");
            Property.Holds(_agent.State != IceState.Failed || _agent.SelectedPath is null, "a failed agent sends nowhere");
            Property.Holds(_agent.Role != IceRole.ControlledLite, "a full agent stays one");
            // One new check each Ta, and besides one each for nomination and consent, which have their own times.
            double elapsed = (_now - _since) / IceOptions.Default.CheckInterval;
            Property.Holds(_transactions.Count <= (2 * elapsed) + 8, "new checks keep their pace");
            while (_agent.TryTakeRemovedPath(out NetworkPath removed))
                Property.Holds(_agent.SelectedPath != removed || _agent.IsValidPath(removed), "a removed path is not selected");
        }

        private void ReceiveUnauthentic(ReadOnlySpan<byte> datagram, in NetworkPath path)
        {
            (NetworkPath? Selected, IceState State, bool Valid, IceRole Role) before = Snapshot(path);
            IceCheck result = _agent.OnStun(datagram, path, _now, _response);
            Property.Holds(result.Drop != DropReason.None && result.ResponseLength == 0, "an unauthentic datagram is not answered");
            Property.Holds(before == Snapshot(path), "an unauthentic datagram changes nothing");
        }

        private IceCheck Receive(byte[] datagram, in NetworkPath path) => _agent.OnStun(datagram, path, _now, _response);

        private (NetworkPath? Selected, IceState State, bool Valid, IceRole Role) Snapshot(in NetworkPath path) =>
            (_agent.SelectedPath, _agent.State, _agent.IsValidPath(path), _agent.Role);

        private static byte[] Write(byte[] check, StunClass kind, StunErrorCode code, string password)
        {
            byte[] buffer = new byte[200];
            var writer = new StunWriter(buffer, kind, StunMethod.Binding, StunTransactionId.Read(check.AsSpan(8)));
            if (kind == StunClass.ErrorResponse)
                writer.AddErrorCode(code);
            else
                writer.AddXorMappedAddress(TransportAddress.FromIPv4(0xC000_0201, 40_000));
            writer.AddMessageIntegrity(Encoding.UTF8.GetBytes(password));
            writer.AddFingerprint();
            return buffer[..writer.Length];
        }

        private static NetworkPath PathOf(byte number) => new(new EndpointId(0), TransportAddress.FromIPv4(0xC000_0200u + number, 5000));
    }
}
