using Google.Protobuf;
using Google.Protobuf.Reflection;
using MediaGateway.V1;

namespace MediaGateway.Server.Admission;

/// <summary>Requests as JSON, without the fields that their .proto files declare redacted.</summary>
internal static class RedactedRequest
{
    public static string Describe(IMessage request)
    {
        IMessage copy = request.Descriptor.Parser.ParseFrom(request.ToByteArray());
        Redact(copy);
        // The other formatter refuses durations and times that are none, which a request may have and is refused for.
        return JsonFormatter.ToDiagnosticString(copy);
    }

    private static void Redact(IMessage message)
    {
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (IsRedacted(field))
                field.Accessor.Clear(message);
            else if (field is { FieldType: FieldType.Message, IsMap: false })
            {
                foreach (IMessage part in FieldValues.Of(field, message).Cast<IMessage>())
                    Redact(part);
            }
        }
    }

    public static bool IsRedacted(FieldDescriptor field) => field.GetOptions()?.GetExtension(AccessExtensions.Redacted) == true;
}
