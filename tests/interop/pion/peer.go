// A WHIP publisher or WHEP viewer on pion: a full ICE agent and a second independent stack, which can be held to one
// SRTP profile and counts what arrives packet by packet.
//
// It prints one JSON object a line, as the aiortc peer does, and ends when its standard input does.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/pion/dtls/v2"
	"github.com/pion/rtcp"
	"github.com/pion/webrtc"
	"github.com/pion/webrtc/pkg/media"
	"github.com/pion/webrtc/pkg/media/ivfreader"
	"github.com/pion/webrtc/pkg/media/oggreader"
)

var profiles = map[string]dtls.SRTPProtectionProfile{
	"gcm": dtls.SRTP_AEAD_AES_128_GCM,
	"cm":  dtls.SRTP_AES128_CM_HMAC_SHA1_80,
}

var (
	mode    = flag.String("mode", "", "publish or watch")
	address = flag.String("url", "", "the WHIP or WHEP endpoint")
	token   = flag.String("token", "", "the access token")
	profile = flag.String("profile", "gcm", "the one SRTP profile offered: gcm or cm")
	setup   = flag.String("setup", "actpass", "the DTLS role that the offer asks for")
	video   = flag.String("video", "", "a VP8 file (IVF) to publish, over and over")
	audio   = flag.String("audio", "", "an Opus file (Ogg) to publish, over and over")
	packets = flag.Int("packets", 200, "video packets after which a viewer reports")
)

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	pc, err := newPeer()
	if err != nil {
		return err
	}
	defer pc.Close()
	connected := make(chan struct{})
	var once sync.Once
	pc.OnConnectionStateChange(func(state webrtc.PeerConnectionState) {
		if state == webrtc.PeerConnectionStateConnected {
			once.Do(func() { close(connected) })
		}
	})

	counts := make(map[string]*count)
	reports := make(chan map[string]*count, 1)
	var start func() error
	if *mode == "publish" {
		start, err = addTracks(pc)
	} else {
		start, err = func() error { return nil }, receive(pc, counts, reports)
	}
	if err != nil {
		return err
	}
	session, err := open(pc)
	if err != nil || session == "" {
		return err
	}
	select {
	case <-connected:
		say(map[string]interface{}{"connected": true})
	case <-time.After(20 * time.Second):
		return errors.New("not connected within 20 s")
	}
	if err := start(); err != nil {
		return err
	}
	if *mode == "watch" {
		select {
		case report := <-reports:
			say(report)
		case <-time.After(40 * time.Second):
			return errors.New("too few packets within 40 s")
		}
	} else if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	status, _, _, err := request(http.MethodDelete, session, "")
	say(map[string]interface{}{"deleted": status})
	return err
}

func newPeer() (*webrtc.PeerConnection, error) {
	engine := &webrtc.MediaEngine{}
	if err := engine.RegisterDefaultCodecs(); err != nil {
		return nil, err
	}
	settings := webrtc.SettingEngine{}
	chosen, known := profiles[*profile]
	if !known {
		return nil, fmt.Errorf("unknown profile %q", *profile)
	}
	settings.SetSRTPProtectionProfiles(chosen)
	api := webrtc.NewAPI(webrtc.WithMediaEngine(engine), webrtc.WithSettingEngine(settings))
	return api.NewPeerConnection(webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle})
}

// open makes the offer and applies the answer; the session's address is empty when the gateway refused.
func open(pc *webrtc.PeerConnection) (string, error) {
	offer, err := pc.CreateOffer(nil)
	if err != nil {
		return "", err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(offer); err != nil {
		return "", err
	}
	<-gathered
	sdp := strings.ReplaceAll(pc.LocalDescription().SDP, "a=setup:actpass", "a=setup:"+*setup)
	status, location, body, err := request(http.MethodPost, *address, sdp)
	if err != nil {
		return "", err
	}
	say(map[string]interface{}{"status": status, "body": body})
	if status != http.StatusCreated {
		return "", nil
	}
	base, err := url.Parse(*address)
	if err != nil {
		return "", err
	}
	session, err := base.Parse(location)
	if err != nil {
		return "", err
	}
	return session.String(), pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: body})
}

func request(method, to, body string) (int, string, string, error) {
	call, err := http.NewRequest(method, to, bytes.NewBufferString(body))
	if err != nil {
		return 0, "", "", err
	}
	call.Header.Set("Authorization", "Bearer "+*token)
	if body != "" {
		call.Header.Set("Content-Type", "application/sdp")
	}
	response, err := (&http.Client{Timeout: 10 * time.Second}).Do(call)
	if err != nil {
		return 0, "", "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Header.Get("Location"), string(answer), err
}

func addTracks(pc *webrtc.PeerConnection) (func() error, error) {
	picture, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "video", "pion")
	if err != nil {
		return nil, err
	}
	sound, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus}, "audio", "pion")
	if err != nil {
		return nil, err
	}
	for _, track := range []webrtc.TrackLocal{sound, picture} {
		transceiver, err := pc.AddTransceiverFromTrack(track, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		if err != nil {
			return nil, err
		}
		go drain(transceiver.Sender())
	}
	start := func() error {
		frames, interval, err := readIvf(*video)
		if err != nil {
			return err
		}
		pages, err := readOgg(*audio)
		if err != nil {
			return err
		}
		go play(picture, frames, interval)
		go play(sound, pages, 20*time.Millisecond)
		return nil
	}
	return start, nil
}

// drain lets pion's interceptors see the feedback: they answer NACKs from what was sent.
func drain(sender *webrtc.RTPSender) {
	buffer := make([]byte, 1500)
	for {
		if _, _, err := sender.Read(buffer); err != nil {
			return
		}
	}
}

func play(track *webrtc.TrackLocalStaticSample, samples [][]byte, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for index := 0; ; index = (index + 1) % len(samples) {
		if err := track.WriteSample(media.Sample{Data: samples[index], Duration: interval}); err != nil {
			return
		}
		<-ticker.C
	}
}

func readIvf(name string) ([][]byte, time.Duration, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer file.Close()
	reader, header, err := ivfreader.NewWith(file)
	if err != nil {
		return nil, 0, err
	}
	interval := time.Second * time.Duration(header.TimebaseNumerator) / time.Duration(header.TimebaseDenominator)
	var frames [][]byte
	for {
		frame, _, err := reader.ParseNextFrame()
		if errors.Is(err, io.EOF) {
			return frames, interval, nil
		}
		if err != nil {
			return nil, 0, err
		}
		frames = append(frames, frame)
	}
}

func readOgg(name string) ([][]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	reader, _, err := oggreader.NewWith(file)
	if err != nil {
		return nil, err
	}
	var pages [][]byte
	for {
		page, header, err := reader.ParseNextPage()
		if errors.Is(err, io.EOF) {
			return pages, nil
		}
		if err != nil {
			return nil, err
		}
		if header.GranulePosition > 0 { // not the comment header
			pages = append(pages, page)
		}
	}
}

// count is what a viewer tells of one track.
type count struct {
	Packets   int    `json:"packets"`
	Missing   int    `json:"missing"`
	Repeated  int    `json:"repeated"`
	Backwards int    `json:"backwards"`
	Sources   int    `json:"sources"`
	Codec     string `json:"codec"`

	seen      map[uint16]bool
	first     uint16
	highest   uint16
	timestamp uint32
}

func receive(pc *webrtc.PeerConnection, counts map[string]*count, reports chan<- map[string]*count) error {
	var lock sync.Mutex
	pc.OnTrack(func(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		kind := track.Kind().String()
		lock.Lock()
		tally := counts[kind]
		if tally == nil {
			tally = &count{seen: map[uint16]bool{}}
			counts[kind] = tally
		}
		tally.Sources++
		tally.Codec = track.Codec().MimeType
		lock.Unlock()
		if track.Kind() == webrtc.RTPCodecTypeVideo {
			_ = pc.WriteRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: uint32(track.SSRC())}})
		}
		for {
			packet, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			lock.Lock()
			tally.add(packet.SequenceNumber, packet.Timestamp)
			if kind == "video" && tally.Packets == *packets {
				for _, each := range counts {
					each.Missing = int(each.highest-each.first) + 1 - len(each.seen)
				}
				reports <- counts
			}
			lock.Unlock()
		}
	})
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		init := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}
		if _, err := pc.AddTransceiverFromKind(kind, init); err != nil {
			return err
		}
	}
	return nil
}

func (c *count) add(sequence uint16, timestamp uint32) {
	if c.Packets == 0 {
		c.first, c.highest, c.timestamp = sequence, sequence, timestamp
	}
	c.Packets++
	if c.seen[sequence] {
		c.Repeated++
	}
	c.seen[sequence] = true
	if int16(sequence-c.highest) > 0 {
		c.highest = sequence
		if int32(timestamp-c.timestamp) < 0 {
			c.Backwards++
		}
		c.timestamp = timestamp
	}
}

func say(value interface{}) {
	line, err := json.Marshal(value)
	if err == nil {
		fmt.Println(string(line))
	}
}
