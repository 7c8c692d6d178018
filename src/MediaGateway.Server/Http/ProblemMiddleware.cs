using MediaGateway.Server.Contracts;
using MediaGateway.Server.Telemetry;

namespace MediaGateway.Server.Http;

/// <summary>Turns a request's <see cref="ContractException"/> into its problem document, and counts it.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, RequestMetrics metrics)
{
    public async Task InvokeAsync(HttpContext context)
    {
        ContractException refusal;
        try
        {
            await next(context);
            return;
        }
        catch (ContractException error)
        {
            refusal = error;
        }
        catch (BadHttpRequestException error)
        {
            refusal = HttpProblems.From(error);
        }
        metrics.Refused(HttpProblems.Kinds[refusal.Code].Code);
        await HttpProblems.WriteAsync(context, refusal);
    }
}
