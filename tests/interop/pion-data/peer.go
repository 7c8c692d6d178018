// Data channels on pion, whose SCTP shares no code with usrsctp or with the gateway. It speaks as the aiortc data peer
// does: JSON lines out, JSON lines in, and it ends when its standard input does.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/pion/webrtc"
)

const chunk = 16 * 1024

var expect = flag.Int("expect", 0, "bytes after which to report")

type command struct {
	Answer string `json:"answer"`
	Text   string `json:"text"`
	Binary int    `json:"binary"`
}

func main() {
	flag.Parse()
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	pc, err := webrtc.NewPeerConnection(webrtc.Configuration{})
	if err != nil {
		return err
	}
	defer pc.Close()
	var opened sync.WaitGroup
	opened.Add(2)
	text, err := open(pc, "chat", &opened)
	if err != nil {
		return err
	}
	binary, err := open(pc, "files", &opened)
	if err != nil {
		return err
	}
	text.OnMessage(func(message webrtc.DataChannelMessage) { say(map[string]interface{}{"text": string(message.Data)}) })
	digest, count := sha256.New(), 0
	binary.OnMessage(func(message webrtc.DataChannelMessage) {
		digest.Write(message.Data)
		count += len(message.Data)
		if count == *expect {
			say(map[string]interface{}{"received": map[string]interface{}{"bytes": count, "sha256": hex.EncodeToString(digest.Sum(nil))}})
		}
	})
	if err := offer(pc); err != nil {
		return err
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var wanted command
		if err := json.Unmarshal(lines.Bytes(), &wanted); err != nil {
			return err
		}
		if err := obey(pc, wanted, text, binary, &opened); err != nil {
			return err
		}
	}
	return lines.Err()
}

func open(pc *webrtc.PeerConnection, label string, opened *sync.WaitGroup) (*webrtc.DataChannel, error) {
	channel, err := pc.CreateDataChannel(label, nil)
	if err == nil {
		channel.OnOpen(opened.Done)
	}
	return channel, err
}

func offer(pc *webrtc.PeerConnection) error {
	description, err := pc.CreateOffer(nil)
	if err != nil {
		return err
	}
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(description); err != nil {
		return err
	}
	<-gathered
	say(map[string]interface{}{"offer": pc.LocalDescription().SDP})
	return nil
}

func obey(pc *webrtc.PeerConnection, wanted command, text, binary *webrtc.DataChannel, opened *sync.WaitGroup) error {
	switch {
	case wanted.Answer != "":
		if err := pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: wanted.Answer}); err != nil {
			return err
		}
		done := make(chan struct{})
		go func() { opened.Wait(); close(done) }()
		select {
		case <-done:
			say(map[string]interface{}{"open": true})
		case <-time.After(20 * time.Second):
			return errors.New("the channels did not open within 20 s")
		}
	case wanted.Text != "":
		return text.SendText(wanted.Text)
	case wanted.Binary > 0:
		for index := 0; index < wanted.Binary/chunk; index++ {
			for binary.BufferedAmount() > 1<<20 {
				time.Sleep(10 * time.Millisecond)
			}
			if err := binary.Send(bytes.Repeat([]byte{byte(index % 251)}, chunk)); err != nil {
				return err
			}
		}
	}
	return nil
}

func say(values map[string]interface{}) {
	line, err := json.Marshal(values)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(line))
}
