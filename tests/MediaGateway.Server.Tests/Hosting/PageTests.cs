using System.Net;
using System.Text.RegularExpressions;
using MediaGateway.Server.Tests.Support;

namespace MediaGateway.Server.Tests.Hosting;

public sealed partial class PageTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/meet/")]
    public async Task Page_and_all_that_it_refers_to_is_served_under_a_strict_policy(string path)
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        Uri url = new(gateway.Client.BaseAddress!, path);
        using HttpResponseMessage page = await gateway.Client.GetAsync(url);
        string html = await page.Content.ReadAsStringAsync();

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'none'; script-src 'self'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Header("X-Content-Type-Options"));
        Assert.DoesNotMatch(InlineCode(), html);
        string[] references = [.. Reference().Matches(html).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(references);
        foreach (string reference in references.Where(reference => !reference.StartsWith("data:", StringComparison.Ordinal)))
        {
            using HttpResponseMessage file = await gateway.Client.GetAsync(new Uri(url, reference));
            Assert.True(file.StatusCode == HttpStatusCode.OK, $"{reference}: {file.StatusCode}");
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/meet/")]
    public async Task Modules_import_only_files_that_exist(string path)
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        Queue<string> pending = new(["app.js"]);
        HashSet<string> seen = [];
        while (pending.TryDequeue(out string? module))
        {
            if (!seen.Add(module))
                continue;
            using HttpResponseMessage file = await gateway.Client.GetAsync(new Uri(path + module, UriKind.Relative));
            Assert.True(file.StatusCode == HttpStatusCode.OK, $"{module}: {file.StatusCode}");
            Assert.Equal("text/javascript", file.Content.Headers.ContentType?.MediaType);
            foreach (Match import in Import().Matches(await file.Content.ReadAsStringAsync()))
                pending.Enqueue(import.Groups[1].Value);
        }
        Assert.True(seen.Count > 1);
    }

    [Fact]
    public async Task Meeting_page_without_its_slash_is_redirected_with_its_room()
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        using HttpResponseMessage page = await gateway.Client.GetAsync(new Uri("/meet?room=stand-up", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("/meet/?room=stand-up", page.RequestMessage!.RequestUri!.PathAndQuery);
    }

    [Fact]
    public async Task Head_of_the_page_is_answered()
    {
        await using TestGateway gateway = await TestGateway.StartAsync();
        using HttpResponseMessage response = await gateway.Client.SendAsync(TestGateway.Request(HttpMethod.Head, "/", null));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>Scripts without a source, style elements and attributes, event attributes: the policy would block them.</summary>
    [GeneratedRegex(@"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", RegexOptions.IgnoreCase)]
    private static partial Regex InlineCode();

    /// <summary>Other files, not parts of the page itself.</summary>
    [GeneratedRegex(@"(?:src|href)=""([^""#]+)""")]
    private static partial Regex Reference();

    [GeneratedRegex(@"from ""\./([a-z-]+\.js)""")]
    private static partial Regex Import();
}
