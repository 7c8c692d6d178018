using System.Collections.Frozen;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Auth;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Http;
using MediaGateway.Server.Options;

namespace MediaGateway.Server.Surfaces.LiveKit.Twirp;

/// <summary>The route of LiveKit's server API: POST with protobuf or JSON, answered in the same.</summary>
internal static class TwirpEndpoints
{
    /// <summary>The service's name in paths and in the audit log.</summary>
    public const string Service = "livekit.RoomService";

    private const string Prefix = $"/twirp/{Service}";
    private const string Protobuf = "application/protobuf";

    /// <summary>Writer of JSON in snake_case, as LiveKit writes it; SDKs read both forms.</summary>
    private static readonly JsonFormatter Writer = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    public static bool IsTwirp(PathString path) => path.StartsWithSegments(Prefix, StringComparison.Ordinal);

    public static void MapTwirp(this IEndpointRouteBuilder app)
    {
        FrozenDictionary<string, TwirpMethod> methods = RoomServiceAdapter.Methods();
        app.MapPost(Prefix + "/{method}", context =>
        {
            string name = (string)context.Request.RouteValues["method"]!;
            if (!methods.TryGetValue(name, out TwirpMethod? method))
                return RefuseAsync(context, TwirpErrors.BadRoute(name));
            return IsJson(context.Request.ContentType) is { } isJson
                ? AnswerAsync(context, method, isJson)
                : RefuseAsync(context, TwirpErrors.WrongType());
        });
    }

    private static async Task AnswerAsync(HttpContext context, TwirpMethod method, bool isJson)
    {
        IServiceProvider services = context.RequestServices;
        try
        {
            ControlGate gate = services.GetRequiredService<ControlGate>();
            Caller caller = await gate.AdmitAsync(context.Connection.RemoteIpAddress, context.Request.Headers.Authorization.ToString());
            IMessage request = await ReadAsync(context, method, isJson, services.GetRequiredService<ControlOptions>().MaxMessageBytes);
            RoomServiceAdapter adapter = services.GetRequiredService<RoomServiceAdapter>();
            IMessage answer =
                await gate.AnswerAsync(caller, method.Access, request, () => method.AnswerAsync(adapter, request, caller));
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
        byte[] body;
        try
        {
            body = await RequestBody.ReadBytesAsync(context.Request, maxBytes);
        }
        catch (BadHttpRequestException unreadable)
        {
            throw HttpProblems.From(unreadable);
        }
        try
        {
            return isJson ? ProtobufJson.Parse(Encoding.UTF8.GetString(body), method.Request) : method.Request.Parser.ParseFrom(body);
        }
        catch (Exception malformed) when (MalformedMessages.IsFault(malformed))
        {
            throw new ContractException(
                ErrorCode.MalformedMessage, $"The body is not the method's {method.Request.FullName}: {malformed.Message}");
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
