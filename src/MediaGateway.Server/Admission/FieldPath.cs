using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace MediaGateway.Server.Admission;

/// <summary>A field of a request, or of messages in it, that names rooms or streams: <c>source.participant.room</c>.</summary>
internal sealed class FieldPath
{
    private readonly ImmutableArray<FieldDescriptor> _fields;

    /// <exception cref="InvalidOperationException">No texts, and no flag, are at the end of the path.</exception>
    public FieldPath(MessageDescriptor message, string path)
    {
        var fields = ImmutableArray.CreateBuilder<FieldDescriptor>();
        for (MessageDescriptor? within = message; path.Split('.').ElementAtOrDefault(fields.Count) is { } name;)
        {
            FieldDescriptor field = within?.FindFieldByName(name)
                ?? throw new InvalidOperationException($"{message.FullName} has no {path}.");
            fields.Add(field);
            within = field is { FieldType: FieldType.Message, IsMap: false } ? field.MessageType : null;
        }
        if (fields[^1].FieldType is not (FieldType.String or FieldType.Bool))
            throw new InvalidOperationException($"{path} of {message.FullName} is neither a name nor a flag.");
        _fields = fields.ToImmutable();
    }

    /// <summary>The names in a request, empty ones too; none of messages that it lacks. A flag that is set is one empty name.</summary>
    public IEnumerable<string> NamesIn(IMessage request)
    {
        IEnumerable<object> found = [request];
        foreach (FieldDescriptor field in _fields)
            found = found.SelectMany(message => FieldValues.Of(field, (IMessage)message));
        return found.Where(static value => value is not false).Select(static value => value as string ?? "");
    }
}
