using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MediaGateway.Platform.Workers;
using MediaGateway.Server.Contracts;

namespace MediaGateway.Server.Options;

/// <summary>The rules that a well-typed configuration must also meet. Adds one error a broken rule, never stops at the first.</summary>
internal static class OptionsValidator
{
    private static readonly string[] IceSchemes = ["stun:", "stuns:", "turn:", "turns:"];

    public static void Validate(GatewayOptions options, bool development, List<OptionsError> errors)
    {
        ValidateHttp(options.Http, development, errors);
        ValidateTls(options.Tls, errors);
        ValidateMedia(options.Media, errors);
        OptionsRanges.Check(options.Bandwidth, "Bandwidth", errors);
        ValidateAuth(options.Auth, errors);
        OptionsRanges.Check(options.Limits, "Limits", errors);
        ValidateRooms(options.Rooms, errors);
        OptionsRanges.Check(options.Signaling, "Signaling", errors);
        ValidateControl(options.Control, development, errors);
        if (options.Metrics.Listen != MetricsOptions.None)
            ValidateListen(options.Metrics.Listen, "Metrics:Listen", 7891, development, errors);
        ValidateWebhooks(options.Webhooks, options.Auth, errors);
        for (int i = 0; i < options.IceServers.Count; i++)
            ValidateIceServer(options.IceServers[i], $"IceServers:{i}", errors);
        OptionsRanges.Check(options.Stop, "Stop", errors);
    }

    private static void ValidateHttp(HttpOptions http, bool development, List<OptionsError> errors)
    {
        ValidateListen(http.Listen, "Http:Listen", 7880, development, errors);
        OptionsRanges.Check(http, "Http", errors);
        if (http.PathBase.Length > 0 && !HttpOptions.IsPathBase(http.PathBase))
            errors.Add(new OptionsError("Http:PathBase", http.PathBase, "write a path such as /live, without a slash at its end."));
        for (int i = 0; i < http.TrustedProxies.Count; i++)
        {
            if (!IPAddress.TryParse(http.TrustedProxies[i], out _) && !IPNetwork.TryParse(http.TrustedProxies[i], out _))
            {
                errors.Add(new OptionsError(
                    $"Http:TrustedProxies:{i}", http.TrustedProxies[i], "write an IP address or a network such as 10.0.0.0/8."));
            }
        }
    }

    private static void ValidateListen(string text, string key, int port, bool development, List<OptionsError> errors)
    {
        if (!ListenAddress.TryParse(text, out ListenAddress? listen))
        {
            errors.Add(new OptionsError(
                key, text,
                $"not an address and a port; write 127.0.0.1:{Text(port)}, [::1]:{Text(port)}, localhost:{Text(port)} or *:{Text(port)}."));
        }
        else if (development && !listen.IsLoopback)
        {
            errors.Add(new OptionsError(
                key, text,
                $"development mode has well-known keys and so listens on loopback only; write 127.0.0.1:{Text(port)}, or leave "
                    + "development mode."));
        }
    }

    private static void ValidateTls(TlsOptions tls, List<OptionsError> errors)
    {
        if ((tls.CertificateFile.Length == 0) != (tls.KeyFile.Length == 0))
            errors.Add(new OptionsError("Tls", null, "a certificate needs its key: set both CertificateFile and KeyFile, or neither."));
        else if (tls.IsOn && !CertificateFiles.TryLoad(tls, out _, out string? problem))
            errors.Add(new OptionsError("Tls:CertificateFile", tls.CertificateFile, $"cannot be used with Tls:KeyFile: {problem}"));
    }

    private static void ValidateControl(ControlOptions control, bool development, List<OptionsError> errors)
    {
        if (control.Listen != ControlOptions.None)
            ValidateListen(control.Listen, "Control:Listen", 7890, development, errors);
        if (control.WebListen != ControlOptions.None)
            ValidateListen(control.WebListen, "Control:WebListen", 7892, development, errors);
        OptionsRanges.Check(control, "Control", errors);
    }

    private static void ValidateWebhooks(WebhookOptions webhooks, AuthOptions auth, List<OptionsError> errors)
    {
        for (int i = 0; i < webhooks.Urls.Count; i++)
        {
            if (!Uri.TryCreate(webhooks.Urls[i], UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
                errors.Add(new OptionsError($"Webhooks:Urls:{Text(i)}", webhooks.Urls[i], "write an http or https URL."));
        }
        if (webhooks.ApiKey.Length > 0 && !auth.Keys.ContainsKey(webhooks.ApiKey))
            errors.Add(new OptionsError("Webhooks:ApiKey", webhooks.ApiKey, "no such key under Auth:Keys."));
        if (webhooks.ApiKey.Length == 0 && webhooks.Urls.Count > 0 && auth.Keys.Count > 1)
            errors.Add(new OptionsError("Webhooks:ApiKey", null, "several API keys are configured; name the one that signs webhooks."));
        OptionsRanges.Check(webhooks, "Webhooks", errors);
    }

    private static void ValidateProcessors(MediaOptions media, List<OptionsError> errors)
    {
        if (media.Processors.Count > 0 && media.Processors.Count != media.Workers)
        {
            errors.Add(new OptionsError(
                "Media:Processors", null,
                $"names {media.Processors.Count} processors for {media.Workers} media workers; name one for each worker, or none."));
        }
        for (int i = 0; i < media.Processors.Count; i++)
        {
            int processor = media.Processors[i];
            if (!ProcessorAffinity.MayUse(processor))
                errors.Add(new OptionsError($"Media:Processors:{Text(i)}", Text(processor),
                    "the system has no such processor for this process; see `nproc --all` and `taskset -p`."));
            else if (media.Processors.Take(i).Contains(processor))
                errors.Add(
                    new OptionsError($"Media:Processors:{Text(i)}", Text(processor), "another media worker has this one; name each once."));
        }
    }

    private static void ValidateMedia(MediaOptions media, List<OptionsError> errors)
    {
        OptionsRanges.Check(media, "Media", errors);
        if (media.Port is > 0 and <= 65535 && media.Workers is >= 1 and <= 256 && media.Port + media.Workers - 1 > 65535)
        {
            errors.Add(new OptionsError(
                "Media:Workers", Text(media.Workers),
                $"worker n listens on Media:Port + n, and {media.Port} + {media.Workers - 1} is no port; lower one of them."));
        }
        ValidateProcessors(media, errors);
        RequireAddresses(media.BindAddresses, "Media:BindAddresses", allowAny: true, errors);
        RequireAddresses(media.AnnouncedAddresses, "Media:AnnouncedAddresses", allowAny: false, errors);
    }

    private static void ValidateAuth(AuthOptions auth, List<OptionsError> errors)
    {
        if (auth.Keys.Count == 0)
        {
            errors.Add(new OptionsError(
                "Auth:Keys", null,
                "no API key is configured, so nobody could sign in; run `mediagateway key create` and set what it prints. "
                + "To try the gateway on this machine, set ASPNETCORE_ENVIRONMENT=Development."));
        }
        foreach ((string key, Secret secret) in auth.Keys)
        {
            int length = Encoding.UTF8.GetByteCount(secret.Reveal());
            if (length < AuthOptions.MinSecretBytes)
            {
                errors.Add(new OptionsError(
                    "Auth:Keys:" + key, null,
                    $"the secret has {length} bytes and needs {AuthOptions.MinSecretBytes} or more (RFC 7518 section 3.2); "
                    + "`mediagateway key create` prints a good one."));
            }
        }
    }

    private static void ValidateRooms(RoomsOptions rooms, List<OptionsError> errors)
    {
        OptionsRanges.Check(rooms, "Rooms", errors);
        for (int i = 0; i < rooms.Presets.Count; i++)
            ValidatePreset(rooms, i, errors);
    }

    private static void ValidatePreset(RoomsOptions rooms, int index, List<OptionsError> errors)
    {
        RoomPresetOptions preset = rooms.Presets[index];
        string path = $"Rooms:Presets:{Text(index)}";
        if (preset.Name.Length == 0)
            errors.Add(new OptionsError(path + ":Name", preset.Name, "a preset needs a name."));
        if (rooms.Presets.Take(index).Any(other => other.Name == preset.Name))
            errors.Add(new OptionsError(path + ":Name", preset.Name, "another preset has this name."));
        OptionsRanges.Check(preset, path, errors);
    }

    private static void ValidateIceServer(IceServerOptions server, string path, List<OptionsError> errors)
    {
        if (server.Urls.Count == 0)
            errors.Add(new OptionsError(path + ":Urls", null, "an ICE server needs a URL, such as stun:stun.example.net:3478."));
        for (int i = 0; i < server.Urls.Count; i++)
        {
            string url = server.Urls[i];
            if (!IceSchemes.Any(scheme => url.StartsWith(scheme, StringComparison.Ordinal) && url.Length > scheme.Length)
                || !IsLinkSafe(url))
                errors.Add(new OptionsError($"{path}:Urls:{i}", url, "write a stun:, stuns:, turn: or turns: URL (RFC 7064, RFC 7065)."));
        }
        bool isTurn = server.Urls.Any(url => url.StartsWith("turn", StringComparison.Ordinal));
        if (isTurn && (server.Username.Length == 0 || server.Credential.IsEmpty))
            errors.Add(new OptionsError(path, null, "a TURN server needs both Username and Credential."));
        if (!IsLinkSafe(server.Username) || !IsLinkSafe(server.Credential.Reveal()))
            errors.Add(new OptionsError(path, null, "Username and Credential take visible ASCII characters other than <, >, \" and \\."));
    }

    /// <summary>Tells whether a text can stand in a Link header, in its URI or in a quoted parameter (RFC 8288 section 3).</summary>
    private static bool IsLinkSafe(string text) =>
        text.All(character => character is > ' ' and < '\x7f' and not ('<' or '>' or '"' or '\\'));

    private static void RequireAddresses(IReadOnlyList<string> addresses, string path, bool allowAny, List<OptionsError> errors)
    {
        for (int i = 0; i < addresses.Count; i++)
        {
            string? problem = null;
            if (!IPAddress.TryParse(addresses[i], out IPAddress? address) || !LooksComplete(addresses[i], address))
                problem = "write an IP address such as 192.0.2.1 or 2001:db8::1, without a port.";
            else if (!allowAny && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
                problem = "clients cannot send to it; write the address they reach this machine under.";
            if (problem is not null)
                errors.Add(new OptionsError($"{path}:{i}", addresses[i], problem));
        }
    }

    /// <summary>IPAddress.TryParse also takes "7882" for 0.0.30.202, which is never what was meant.</summary>
    private static bool LooksComplete(string text, IPAddress address)
        => address.AddressFamily == AddressFamily.InterNetworkV6 || text.Count(character => character == '.') == 3;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
