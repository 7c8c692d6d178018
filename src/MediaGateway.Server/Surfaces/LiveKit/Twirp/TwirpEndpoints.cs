using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;
using MediaGateway.Server.Options;
using Microsoft.AspNetCore.Http.Features;

namespace MediaGateway.Server.Surfaces.LiveKit.Twirp;

/// <summary>The route of LiveKit's server API: POST with protobuf or JSON, answered in the same.</summary>
internal static class TwirpEndpoints
{
    private const string Prefix = "/twirp/livekit.RoomService";
    private const string Protobuf = "application/protobuf";
    private const int MaxDepth = 32;

    private static readonly JsonParser Reader = new(new JsonParser.Settings(MaxDepth).WithIgnoreUnknownFields(true));

    /// <summary>Writer of JSON in snake_case, as LiveKit writes it; SDKs read both forms.</summary>
    private static readonly JsonFormatter Writer = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    public static bool IsTwirp(PathString path) => path.StartsWithSegments(Prefix, StringComparison.Ordinal);

    public static void MapTwirp(this IEndpointRouteBuilder app) => app.MapPost(Prefix + "/{method}", AnswerAsync);

    private static async Task AnswerAsync(HttpContext context)
    {
        string name = (string)context.Request.RouteValues["method"]!;
        bool? isJson = IsJson(context.Request.ContentType);
        if (!RoomServiceAdapter.Methods.TryGetValue(name, out TwirpMethod? method))
            await RefuseAsync(context, TwirpErrors.BadRoute(name));
        else if (isJson is null)
            await RefuseAsync(context, TwirpErrors.WrongType());
        else
            await AnswerAsync(context, name, method, isJson.Value);
    }

    private static async Task AnswerAsync(HttpContext context, string name, TwirpMethod method, bool isJson)
    {
        IServiceProvider services = context.RequestServices;
        try
        {
            ControlGate gate = services.GetRequiredService<ControlGate>();
            Caller caller = await gate.AdmitAsync(context.Connection.RemoteIpAddress, context.Request.Headers.Authorization.ToString());
            IMessage request = await ReadAsync(context, method, isJson, services.GetRequiredService<ControlOptions>().MaxMessageBytes);
            RoomServiceAdapter adapter = services.GetRequiredService<RoomServiceAdapter>();
            IMessage answer = method.IsCommand
                ? await gate.CommandAsync(caller, $"/livekit.RoomService/{name}", request, () =>
                    method.AnswerAsync(adapter, request, caller))
                : await method.AnswerAsync(adapter, request, caller);
            context.Response.ContentType = isJson ? MediaTypeNames.Application.Json : Protobuf;
            await context.Response.BodyWriter.WriteAsync(isJson ? Encoding.UTF8.GetBytes(Writer.Format(answer))
                : answer.ToByteArray(), context.RequestAborted);
        }
        catch (ContractException refusal)
        {
            await RefuseAsync(context, TwirpErrors.Of(refusal));
        }
    }

    private static bool? IsJson(string? contentType) => (contentType ?? "").Split(';')[0].Trim().ToLowerInvariant() switch
    {
        MediaTypeNames.Application.Json => true,
        Protobuf => false,
        _ => null,
    };

    private static async Task<IMessage> ReadAsync(HttpContext context, TwirpMethod method, bool isJson, int maxBytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = maxBytes;
        using var body = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        }
        catch (BadHttpRequestException unreadable)
        {
            throw HttpProblems.From(unreadable);
        }
        return TryParse(method.NewRequest(), body.ToArray(), isJson, out IMessage? request)
            ? request!
            : throw new ContractException(ErrorCode.MalformedMessage, "The body is not the method's request.");
    }

    private static bool TryParse(IMessage empty, byte[] body, bool isJson, out IMessage? request)
    {
        request = null;
        try
        {
            request = isJson ? Reader.Parse(Encoding.UTF8.GetString(body), empty.Descriptor) : empty.Descriptor.Parser.ParseFrom(body);
            return true;
        }
        catch (Exception malformed) when (
            malformed is InvalidProtocolBufferException or InvalidJsonException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            // The last two: a length that is none, see ProtobufMessages.
            return false;
        }
    }

    private static Task RefuseAsync(HttpContext context, TwirpError error)
    {
        context.Response.StatusCode = error.Status;
        context.Response.ContentType = MediaTypeNames.Application.Json;
        Dictionary<string, object> body = new() { ["code"] = error.Code, ["msg"] = error.Message };
        if (error.Reason.Length > 0)
            body["meta"] = new Dictionary<string, string> { ["reason"] = error.Reason };
        return context.Response.WriteAsync(JsonSerializer.Serialize(body), context.RequestAborted);
    }
}
