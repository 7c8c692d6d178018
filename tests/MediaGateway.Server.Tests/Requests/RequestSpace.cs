using Google.Protobuf.Reflection;
using MediaGateway.Testing.Data;

namespace MediaGateway.Server.Tests.Requests;

/// <summary>
/// The space of requests: for a message's descriptor and a seed, one in JSON and one in protobuf. Fields are there or missing, of their
/// type or of another, usual or extreme, and some are of no message. Pure.
/// </summary>
internal sealed class RequestSpace(int seed)
{
    private const int MaxDepth = 5;

    private static readonly string[] Texts =
    [
        "stage", "ada", "bob", "show", "bars", "publisher", "slate", "TR_none", "PA_1", "RM_1", "", " ", "none", "a/b",
        "\u0000", "a\u0001b", "\ud83d\ude00", "caf\u00e9", "-1", "0", "null", "{}", "3.5s", "1970-01-01T00:00:00Z", "vp8", "video/H264",
        "h", "https://example.test/x",
        new('x', 300), new('y', 9_000), "{\"candidate\":\"candidate:1 1 udp 1 192.0.2.1 9 typ host\"}", "{\"candidate\":7}",
        "[[[[[[[[", "offer",
    ];

    private static readonly long[] Numbers =
    [
        0, 1, 2, 3, 7, 10, 100, 1_000, 65_535, 65_536, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, -1, -2,
        1L << 53, 315_576_000_001,
    ];

    private static readonly string[] JsonNumbers =
    [
        "0", "1", "-1", "2147483648", "-2147483649", "1e3", "1e400", "0.5", "18446744073709551615", "18446744073709551616",
        "99999999999999999999",
    ];

    private static readonly string[] Others =
    [
        "null", "true", "[]", "{}", "[null]", "{\"a\":1}", "\"text\"", "1.5", "[[]]", "\"\\ud800\"", "\"\\u0000\"", "\"AAAA\"", "\"=\"",
        "\"NaN\"",
    ];

    private static readonly string[] Times =
    [
        "\"0s\"", "\"10s\"", "\"-1s\"", "\"315576000001s\"", "\"0.0000000001s\"", "\"1\"", "\"s\"", "\"99999999999999999999s\"",
        "10", "\"1.5s\"",
        "\"2024-01-01T00:00:00Z\"", "\"9999-12-31T23:59:60Z\"", "\"0000-00-00\"", "{}", "{\"seconds\":1}",
    ];

    private readonly Random _random = new(seed);

    /// <summary>A request in JSON; now and then it is cut off, or none.</summary>
    public string Json(MessageDescriptor type)
    {
        string json = Message(type, 0);
        return _random.Next(40) switch
        {
            0 => json[..(json.Length / 2)],
            1 => json + "}",
            2 => Others[_random.Next(Others.Length)],
            3 => string.Concat(Enumerable.Repeat("{\"a\":", 500)) + "1" + new string('}', 500),
            4 => new string('[', 20_000),
            _ => json,
        };
    }

    /// <summary>A request in protobuf; now and then it is cut off, or of bytes that mean nothing.</summary>
    public byte[] Binary(MessageDescriptor type)
    {
        byte[] bytes = Encode(type, 0).ToArray();
        switch (_random.Next(20))
        {
            case 0 when bytes.Length > 0:
                return bytes[..^1];
            case 1:
                _random.NextBytes(bytes);
                return bytes;
            case 2 when bytes.Length > 0:
                bytes[_random.Next(bytes.Length)] ^= (byte)(1 << _random.Next(8));
                return bytes;
            default:
                return bytes;
        }
    }

    private bool Once(int cases) => _random.Next(cases) == 0;

    private string Text() => Texts[Once(2) ? _random.Next(5) : _random.Next(Texts.Length)];

    private string Message(MessageDescriptor type, int depth)
    {
        if (type.FullName is "google.protobuf.Duration" or "google.protobuf.Timestamp")
            return Times[_random.Next(Times.Length)];
        List<string> members = [];
        foreach (FieldDescriptor field in type.Fields.InDeclarationOrder())
        {
            if (Once(depth == 0 ? 3 : 2) || depth > MaxDepth)
                continue;
            string name = Once(3) ? field.Name : field.JsonName;
            members.Add($"\"{name}\":{(Once(25) ? Others[_random.Next(Others.Length)] : Field(field, depth))}");
        }
        if (Once(10))
            members.Add($"\"noSuchField\":{Others[_random.Next(Others.Length)]}");
        if (members.Count > 0 && Once(30))
            members.Add(members[0]);
        return "{" + string.Join(',', members) + "}";
    }

    private string Field(FieldDescriptor field, int depth)
    {
        if (field.IsMap)
        {
            FieldDescriptor value = field.MessageType.FindFieldByNumber(2);
            return "{" + string.Join(',', Enumerable.Range(0, _random.Next(3)).Select(_ => $"{Quote(Text())}:{Value(value, depth)}")) + "}";
        }
        return field.IsRepeated
            ? "[" + string.Join(',', Enumerable.Range(0, Once(30) ? 300 : _random.Next(4)).Select(_ => Value(field, depth))) + "]"
            : Value(field, depth);
    }

    private string Value(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.String => Quote(Text()),
        FieldType.Bytes => $"\"{(Once(8) ? "no base64!" : Convert.ToBase64String(Bytes()))}\"",
        FieldType.Bool => Once(2) ? "true" : "false",
        FieldType.Enum => Once(2) ? $"\"{Name(field.EnumType)}\"" : Number(),
        FieldType.Message => Message(field.MessageType, depth + 1),
        _ => Once(3) ? $"\"{Number()}\"" : Number(),
    };

    private string Name(EnumDescriptor type) => Once(8) ? "NO_SUCH_VALUE" : type.Values[_random.Next(type.Values.Count)].Name;

    private string Number() => Once(3) ? JsonNumbers[_random.Next(JsonNumbers.Length)]
        : Numbers[_random.Next(Numbers.Length)].ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private byte[] Bytes()
    {
        var bytes = new byte[Once(20) ? 70_000 : _random.Next(20)];
        _random.NextBytes(bytes);
        return bytes;
    }

    private ProtobufMessage Encode(MessageDescriptor type, int depth)
    {
        var message = new ProtobufMessage();
        foreach (FieldDescriptor field in type.Fields.InDeclarationOrder())
        {
            if (Once(depth == 0 ? 3 : 2) || depth > MaxDepth)
                continue;
            for (int count = field.IsRepeated ? _random.Next(4) : Once(20) ? 2 : 1; count > 0; count--)
                Encode(message, field, Once(25) ? (FieldType)_random.Next(18) : field.FieldType, depth);
        }
        if (Once(10))
            message.Varint(_random.Next(1, 1 << 28), ulong.MaxValue);
        return message;
    }

    private void Encode(ProtobufMessage message, FieldDescriptor field, FieldType type, int depth)
    {
        int number = field.FieldNumber;
        switch (type)
        {
            case FieldType.Message when field.FieldType == FieldType.Message:
                message.Message(number, Encode(field.MessageType, depth + 1));
                break;
            case FieldType.String:
                message.Text(number, Text());
                break;
            case FieldType.Bytes or FieldType.Message or FieldType.Group:
                message.Bytes(number, Bytes());
                break;
            case FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64:
                message.Fixed64(number, (ulong)Numbers[_random.Next(Numbers.Length)]);
                break;
            case FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32:
                message.Fixed32(number, (uint)Numbers[_random.Next(Numbers.Length)]);
                break;
            default:
                message.Varint(number, (ulong)Numbers[_random.Next(Numbers.Length)]);
                break;
        }
    }
}
