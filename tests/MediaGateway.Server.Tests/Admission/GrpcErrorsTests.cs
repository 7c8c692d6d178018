using Google.Rpc;
using Grpc.Core;
using MediaGateway.Server.Admission;
using MediaGateway.Server.Contracts;
using MediaGateway.Server.Surfaces.LiveKit.Twirp;

namespace MediaGateway.Server.Tests.Admission;

public sealed class GrpcErrorsTests
{
    [Fact]
    public void Every_code_has_its_status_and_its_reason()
    {
        foreach (ErrorCode code in System.Enum.GetValues<ErrorCode>())
        {
            RpcException refusal = GrpcErrors.Of(new ContractException(code, "No."));
            Google.Rpc.Status status = refusal.GetRpcStatus()!;
            ErrorInfo info = status.GetDetail<ErrorInfo>()!;

            Assert.Equal((GrpcErrors.CodeOf(code), "No."), (refusal.StatusCode, refusal.Status.Detail));
            Assert.Equal(((int)refusal.StatusCode, "No."), (status.Code, status.Message));
            Assert.Equal((GrpcErrors.ReasonOf(code), "mediagateway"), (info.Reason, info.Domain));
            Assert.Equal(info.Reason, TwirpErrors.Of(new ContractException(code, "No.")).Reason);
        }
    }

    [Fact]
    public void Field_at_fault_and_time_to_wait_are_details()
    {
        var refusal = new ContractException(ErrorCode.InvalidRequest, "page_size is too large.")
        { Field = "page_size", RetryAfter = TimeSpan.FromSeconds(3) };
        Google.Rpc.Status status = GrpcErrors.Of(refusal).GetRpcStatus()!;

        BadRequest.Types.FieldViolation violation = Assert.Single(status.GetDetail<BadRequest>()!.FieldViolations);
        Assert.Equal(("page_size", "page_size is too large."), (violation.Field, violation.Description));
        Assert.Equal(3, status.GetDetail<RetryInfo>()!.RetryDelay.Seconds);
    }

    [Fact]
    public void Long_message_is_cut_before_it_breaks_a_header() =>
        Assert.Equal(2048, GrpcErrors.Of(new ContractException(ErrorCode.InvalidRequest, new string('x', 10_000))).Status.Detail.Length);
}
