using System.Text.RegularExpressions;
using MediaGateway.Testing.Repository;

namespace MediaGateway.Rtc.Tests.Architecture;

/// <summary>Tests of the rules that every source file keeps (CONTRIBUTING.md).</summary>
public sealed partial class SourceFileTests
{
    private const int MaxLines = 500;
    private const int MaxSourceLines = 350;
    private const int MaxParameters = 7;

    [Fact]
    public void Namespace_is_the_folder()
    {
        List<string> violations = [];
        foreach (string file in Sources())
        {
            string expected = Path.GetDirectoryName(RepositoryFiles.RelativePath(file))!["src/".Length..].Replace('/', '.');
            foreach (Match declared in Namespace().Matches(File.ReadAllText(file)))
            {
                if (declared.Groups[1].Value != expected)
                    violations.Add($"{RepositoryFiles.RelativePath(file)} is in {declared.Groups[1].Value}");
            }
        }
        Assert.Empty(violations);
    }

    [Fact]
    public void File_holds_one_type_of_its_name()
    {
        List<string> violations = [];
        foreach (string file in Sources())
        {
            string[] types = [.. TopLevelType().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value)];
            if (types.Length > 1 || (types.Length == 1 && types[0] != Path.GetFileNameWithoutExtension(file)))
                violations.Add($"{RepositoryFiles.RelativePath(file)} holds {string.Join(", ", types)}");
        }
        Assert.Empty(violations);
    }

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("loadtests")]
    public void File_has_500_lines_at_most(string folder) => Assert.Empty(
        RepositoryFiles.SourcesUnder(folder).Where(file => File.ReadLines(file).Count() > MaxLines).Select(RepositoryFiles.RelativePath));

    [Fact]
    public void Class_of_the_gateway_has_350_lines_at_most() => Assert.Empty(Sources()
        .Where(file => File.ReadLines(file).Count() > MaxSourceLines)
        .Select(RepositoryFiles.RelativePath));

    [Fact]
    public void Constructor_of_the_gateway_has_seven_parameters_at_most() => Assert.Empty(
        from file in Sources()
        from Match constructor in ConstructorOf(Path.GetFileNameWithoutExtension(file)).Matches(File.ReadAllText(file))
        where ParametersOf(constructor.Groups["rest"].Value) > MaxParameters
        select $"{RepositoryFiles.RelativePath(file)}: {constructor.Value.Split('\n')[0].Trim()}");

    [Fact]
    public void Nothing_is_left_for_later() => Assert.Empty(Naming(LeftForLater(), Sources()));

    /// <summary>The gateway is ICE-lite, so that it can't be made to probe a network: it must have no way to choose another role.</summary>
    [Fact]
    public void Only_the_transport_knows_that_ICE_has_roles() => Assert.Empty(
        Naming(FullIce(), Sources()).Where(file => !file.StartsWith("src/MediaGateway.Rtc/Ice/", StringComparison.Ordinal)
            && !file.StartsWith("src/MediaGateway.Rtc/Transport/PeerTransport", StringComparison.Ordinal)).ToArray());

    [Fact]
    public void Native_code_is_called_only_from_platform() => Assert.Empty(
        Naming(NativeCode(), Sources()).Where(file => !file.StartsWith("src/MediaGateway.Platform/", StringComparison.Ordinal)).ToArray());

    /// <summary>
    /// An exception in work that no caller waits for ends the process, or is seen by nobody. The worker's thread takes all of them itself
    /// and reports them to the supervisor; the package for back ends is no part of the gateway.
    /// </summary>
    [Fact]
    public void Work_that_nobody_waits_for_is_supervised() => Assert.Equal(
        ["src/MediaGateway.Platform/Workers/WorkerThread.cs"],
        Naming(UnsupervisedWork(), Sources())
            .Where(file => !file.StartsWith("src/MediaGateway.Server/Background/", StringComparison.Ordinal))
            .Where(file => !file.StartsWith("src/MediaGateway.Client/", StringComparison.Ordinal)));

    /// <summary>
    /// A queue without a bound lets a client that is faster than its reader take all memory. The two that are left have their bound
    /// where things are put in: commands wait for room in a worker's inbox, and for its events to be read (WorkerHandle).
    /// </summary>
    [Fact]
    public void Queue_between_threads_is_bounded() => Assert.Equal(
        ["src/MediaGateway.Server/Node/WorkerEvents.cs", "src/MediaGateway.Sfu/Workers/MediaWorker.cs"],
        Naming(UnboundedQueue(), Sources()).Order(StringComparer.Ordinal));

    [Fact]
    public void Patterns_find_what_they_look_for()
    {
        Assert.Matches(UnsupervisedWork(), "internal sealed class Trim : BackgroundService");
        Assert.Matches(UnsupervisedWork(), "_loop = Task.Run(ReadAsync);");
        Assert.Matches(UnsupervisedWork(), "_timer = clock.CreateTimer(_ => Send(), null, due, period);");
        Assert.Matches(UnsupervisedWork(), "        _ = SendAsync();");
        Assert.Matches(UnsupervisedWork(), "token.Register(socket.Abort)");
        Assert.DoesNotMatch(UnsupervisedWork(), "supervisor.CreateTimer(\"refresh\", Send, due, period)");
        Assert.DoesNotMatch(UnsupervisedWork(), "_peers.Register(viewer, now);");
        Assert.Matches(LeftForLater(), "// TODO: later");
        Assert.Matches(FullIce(), "    IceRole = IceRole.Controlling,");
        Assert.Matches(NativeCode(), "[LibraryImport(\"libc\")]");
        Assert.Matches(NativeCode(), "    private unsafe void Send()");
        Assert.Equal("Peer", TopLevelType().Match("internal abstract class Peer : TimerEntry").Groups[1].Value);
        Assert.Equal("Ssrc", TopLevelType().Match("public readonly record struct Ssrc(uint Value)").Groups[1].Value);
        Assert.Equal(3, ParametersOf("int a, Func<int, (int, int)> b, int[] c) { Call(a, b); }"));
        Assert.Equal(0, ParametersOf(")"));
        Assert.Matches(ConstructorOf("Peer"), "internal sealed class Peer(int a)");
        Assert.Matches(ConstructorOf("Peer"), "    public Peer(int a)");
        Assert.DoesNotMatch(ConstructorOf("Peer"), "public sealed record Peer(int a)");
        Assert.NotEmpty(Sources());
    }

    /// <summary>The constructors of a class, primary or not. Records are left out: their parameters are fields of plain values.</summary>
    private static Regex ConstructorOf(string type) => new(
        $@"(?:\b(?:class|struct)(?<!record struct)\s+{type}(?:<[^>]*>)?"
            + $@"|\b(?:public|internal|private|protected)\s+{type})\((?<rest>[^;{{]*)");

    /// <summary>Number of parameters in a list whose opening parenthesis has been read.</summary>
    private static int ParametersOf(string list)
    {
        int depth = 0;
        int count = 0;
        foreach (char c in list)
        {
            if (c is ')' && depth == 0)
                break;
            if (count == 0 && !char.IsWhiteSpace(c))
                count = 1;
            depth += c is '(' or '[' or '<' ? 1 : c is ')' or ']' or '>' ? -1 : 0;
            if (c == ',' && depth == 0)
                count++;
        }
        return count;
    }

    private static IEnumerable<string> Sources() => RepositoryFiles.SourcesUnder("src");

    private static IEnumerable<string> Naming(Regex pattern, IEnumerable<string> files) =>
        files.Where(file => pattern.IsMatch(File.ReadAllText(file))).Select(RepositoryFiles.RelativePath);

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    /// <summary>File-scoped namespaces put a file's own types, and nothing else, at the margin.</summary>
    [GeneratedRegex(@"^(?:[a-z]+ )+?(?:class|interface|enum|record struct|record class|struct|record) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TopLevelType();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex LeftForLater();

    [GeneratedRegex(
        @"\bBackgroundService\b(?!ExceptionBehavior)|\bTask\.(Run|Factory)\b|\bnew (Thread|Timer)\(|(?<!supervisor)\.CreateTimer\("
        + @"|\.ContinueWith\(|\bThreadPool\.|\basync void\b|\bPosixSignalRegistration\.Create|\bFileSystemWatcher\b|\bChangeToken\.OnChange"
        + @"|[Tt]oken\.Register\(|\b(Drained|Draining|Stopping|Stopped|Started)\.Register\(|^\s*_ = (await )?[\w.]+Async\(|^\s*_ = Task\.",
        RegexOptions.Multiline)]
    private static partial Regex UnsupervisedWork();

    [GeneratedRegex(@"\bCreateUnbounded\b|\bConcurrent(Queue|Bag|Stack)<|\bBlockingCollection<|\bnew BufferBlock<")]
    private static partial Regex UnboundedQueue();

    [GeneratedRegex(@"\bIceRole\b")]
    private static partial Regex FullIce();

    [GeneratedRegex(@"\[(LibraryImport|DllImport)\b|\bunsafe\b [^.]*[{(]|\bunsafe\b$", RegexOptions.Multiline)]
    private static partial Regex NativeCode();
}
