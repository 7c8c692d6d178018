using Google.Protobuf;
using MediaGateway.Server.Auth;

namespace MediaGateway.Server.Surfaces.LiveKit.Twirp;

/// <summary>A method of the service: how its request is read, and what answers it.</summary>
/// <param name="NewRequest">An empty request.</param>
/// <param name="IsCommand">Whether it changes something.</param>
/// <param name="AnswerAsync">Carries it out.</param>
internal sealed record TwirpMethod(Func<IMessage> NewRequest, bool IsCommand,
    Func<RoomServiceAdapter, IMessage, Caller, Task<IMessage>> AnswerAsync)
{
    public static TwirpMethod Question<TRequest>(Func<RoomServiceAdapter, TRequest, Caller, IMessage> answer)
        where TRequest : class, IMessage, new() =>
        new(static () => new TRequest(), IsCommand: false, (adapter, request, caller) =>
            Task.FromResult(answer(adapter, (TRequest)request, caller)));

    public static TwirpMethod Command<TRequest>(Func<RoomServiceAdapter, TRequest, Caller, Task<IMessage>> answer)
        where TRequest : class, IMessage, new() =>
        new(static () => new TRequest(), IsCommand: true, (adapter, request, caller) => answer(adapter, (TRequest)request, caller));
}
