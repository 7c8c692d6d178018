using System.Globalization;

namespace MediaGateway.LoadTester.Servers;

/// <summary>A temporary folder with all that one Janus reads: its configuration, and the two modules that it is to load.</summary>
internal sealed class JanusFolder : IDisposable
{
    private const string VideoRoom = "libjanus_videoroom.so";
    private const string WebSockets = "libjanus_websockets.so";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("janus-");

    /// <exception cref="JanusException">Debian's package is not installed.</exception>
    public JanusFolder(JanusOptions options)
    {
        try
        {
            string modules = FindModules(options.Executable);
            Link(modules, "plugins", VideoRoom);
            Link(modules, "transports", WebSockets);
            _folder.CreateSubdirectory("events");
            _folder.CreateSubdirectory("loggers");
            File.WriteAllText(Configuration, Core(options));
            File.WriteAllText(In("janus.transport.websockets.jcfg"), Transport());
            File.WriteAllText(In("janus.plugin.videoroom.jcfg"), "general: {\n}\n");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string FullName => _folder.FullName;

    public string Configuration => In("janus.jcfg");

    /// <summary>Path of the socket that its WebSocket API listens at: a port found free may be taken before Janus has opened it.</summary>
    public string ApiSocket => In("api.sock");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Debian keeps them in a folder named after the architecture.</summary>
    private static string FindModules(string executable)
    {
        string? modules = Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*")
            .Select(folder => Path.Combine(folder, "janus"))
            .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "plugins", VideoRoom))
                && File.Exists(Path.Combine(folder, "transports", WebSockets)));
        return modules is not null && File.Exists(executable)
            ? modules
            : throw new JanusException($"There is no {executable} with the modules {VideoRoom} and {WebSockets}. On Debian: apt-get "
                + "install --no-install-recommends janus");
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Janus loads every module of a folder, so it gets folders with those alone that are wanted.</summary>
    private void Link(string modules, string kind, string module)
    {
        DirectoryInfo folder = _folder.CreateSubdirectory(kind);
        File.CreateSymbolicLink(Path.Combine(folder.FullName, module), Path.Combine(modules, kind, module));
    }

    /// <summary>
    /// Writes the core's configuration. Settings left out keep Janus's defaults, among them a certificate of its own with an ECDSA P-256
    /// key, as the gateway's.
    /// </summary>
    private string Core(JanusOptions options)
    {
        string eventLoops = options.EventLoops is { } loops ? string.Create(CultureInfo.InvariantCulture, $"event_loops = {loops}") : "";
        return string.Create(CultureInfo.InvariantCulture, $$"""
            general: {
              configs_folder = "{{FullName}}"
              plugins_folder = "{{In("plugins")}}"
              transports_folder = "{{In("transports")}}"
              events_folder = "{{In("events")}}"
              loggers_folder = "{{In("loggers")}}"
              debug_level = 2
              debug_colors = false
              {{eventLoops}}
            }
            media: {
              ipv6 = false
              rtp_port_range = "{{options.MediaPorts.First}}-{{options.MediaPorts.Last}}"
            }
            nat: {
              ice_lite = true
              ice_enforce_list = "{{options.MediaAddress}}"
            }

            """);
    }

    private string Transport() => $$"""
        general: {
          json = "compact"
          ws = true
          ws_unix = "{{ApiSocket}}"
        }

        """;
}
