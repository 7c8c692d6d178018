using System.Text;
using Echo.V1;
using Google.Protobuf;
using MediaGateway.Server.Http;
using MediaGateway.V1;

namespace MediaGateway.Server.Tests.Http;

public sealed class ProtobufJsonTests
{
    [Theory]
    [InlineData("+/8=")]
    [InlineData("+/8")]
    [InlineData("-_8=")]
    [InlineData("-_8")]
    public void Bytes_may_be_in_either_base64_with_padding_or_without(string text)
    {
        var request = (SayRequest)ProtobufJson.Parse($$"""{"text":"a-b_c","unknown":{"x":[1]},"data":"{{text}}"}""", SayRequest.Descriptor);

        Assert.Equal((ByteString.CopyFrom(0xFB, 0xFF), "a-b_c"), (request.Data, request.Text));
    }

    [Theory]
    [InlineData("""{"data":"***"}""")]
    [InlineData("""{"data":"A"}""")]
    [InlineData("""{"data":"-_8","data":"-_8","text":5}""")]
    [InlineData("""{"data":"-_8"} x""")]
    [InlineData("""{"data":5}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public void What_is_no_message_stays_a_fault_of_the_parsers(string json)
    {
        Exception? fault = Record.Exception(() => ProtobufJson.Parse(json, SayRequest.Descriptor));

        Assert.NotNull(fault);
        Assert.True(MalformedMessages.IsFault(fault), fault.ToString());
    }

    [Fact]
    public void Deep_nesting_is_a_fault_and_not_the_end_of_the_stack()
    {
        var deep = new StringBuilder().Insert(0, "{\"spec\":", 100_000).ToString();

        Exception? fault = Record.Exception(() => ProtobufJson.Parse(deep, StreamSource.Descriptor));

        Assert.True(fault is not null && MalformedMessages.IsFault(fault), fault?.ToString());
    }
}
