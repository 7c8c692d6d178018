using System.Text;
using MediaGateway.Rtc.Sdp;

namespace MediaGateway.Rtc.Tests.Sdp;

/// <summary>Descriptions written by real clients, byte for byte.</summary>
internal static class SdpFixtures
{
    public static readonly string[] Names =
    [
        "chromium-offer-av1svc-gathered",
        "chromium-offer-h264sim-gathered",
        "chromium-offer-h265-gathered",
        "chromium-offer-plain-gathered",
        "chromium-offer-vp8sim-gathered",
        "chromium-offer-vp9svc-gathered",
        "firefox-answer",
        "firefox-offer-vp8sim",
        "gst-webrtcbin-offer",
        "roamhq-wrtc-answer",
        "roamhq-wrtc-offer",
    ];

    public static TheoryData<string> All => [.. Names];

    public static string Text(string name)
    {
        using Stream stream = typeof(SdpFixtures).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"No fixture {name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    public static SessionDescription Read(string name) => Parse(Text(name));

    public static SessionDescription Parse(string text)
    {
        Assert.True(SessionDescription.TryParse(text, SdpLimits.Default, out SessionDescription? description, out SdpError? error),
            error?.ToString());
        return description!;
    }
}
