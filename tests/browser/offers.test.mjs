import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import sdp from 'sdp-transform';
import { launchChromium } from './lib/chromium.mjs';
import { useSuite } from './lib/suite.mjs';

/**
 * Runs in the page: makes a peer connection with sections of a seed's choosing and offers them, written as other clients would write
 * them; what is answered has to suit the browser. Each session is closed again.
 */
async function offer({ seed, endpoint, token, receives }) {
  let state = seed + 1;
  const random = (count) => { // xorshift
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % count;
  };
  const of = (...items) => items[random(items.length)];
  const usual = receives ? 'recvonly' : 'sendonly';
  const pc = new RTCPeerConnection({ bundlePolicy: of('balanced', 'max-bundle', 'max-compat') });
  if (!random(4)) pc.createDataChannel('chat');
  for (let sections = 1 + random(4); sections > 0; sections--) {
    const kind = of('audio', 'video');
    const encodings = kind === 'video' && !random(3) && !receives ? [{ rid: 'h' }, { rid: 'l', scaleResolutionDownBy: 2 }] : undefined;
    const transceiver = pc.addTransceiver(kind, { direction: of(usual, usual, usual, 'sendrecv', 'inactive'), ...(encodings && { sendEncodings: encodings }) });
    if (!random(3)) {
      const { codecs } = RTCRtpReceiver.getCapabilities(kind);
      const chosen = codecs.filter(({ mimeType }) => random(3) || /opus|VP8/.test(mimeType));
      if (chosen.some(({ mimeType }) => !/rtx|red|ulpfec|CN|telephone/.test(mimeType))) transceiver.setCodecPreferences(chosen);
    }
  }
  await pc.setLocalDescription(await pc.createOffer());
  let body = pc.localDescription.sdp;
  if (!random(3)) body = body.replaceAll('\r\n', '\n');
  if (!random(3)) body = body.replace(/^(m=.*)$/m, (line) => line.replace(/\r?$/, ' '));
  if (!random(3)) body = body.replaceAll(/^(a=mid:.*)$/gm, '$1\na=x-unknown:1\na=candidate:').replaceAll(/\r?\n/g, '\r\n');
  // A rejected section, which the browser is told in the answer.
  if (!random(3)) body = body.replace(/^m=audio 9 /m, 'm=audio 0 ');
  const response = await fetch(endpoint, { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/sdp' }, body });
  const text = await response.text();
  const outcome = { seed, status: response.status, offer: body, text };
  if (response.status === 201) {
    await pc.setRemoteDescription({ type: 'answer', sdp: text }).catch((error) => { outcome.error = error.message; });
    await fetch(new URL(response.headers.get('Location'), endpoint), { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } });
  }
  pc.close();
  return outcome;
}

describe('Offers of a browser with sections of any kind, as clients write them', () => {
  const suite = useSuite({
    launch: launchChromium,
    environment: { MEDIAGATEWAY__Limits__HttpBurstPerSource: '10000', MEDIAGATEWAY__Limits__HttpRequestsPerSecondPerSource: '1000' },
  });

  for (const receives of [false, true]) {
    test(`Chromium and sdp-transform take every answer to ${receives ? 'a viewer' : 'a publisher'}`, async (t) => {
      const { page } = await suite.probe(t);
      const stream = receives ? 'watched' : 'published';
      let answered = 0;
      for (let seed = 0; seed < 60; seed++) {
        const outcome = await page.evaluate(offer, {
          seed,
          receives,
          endpoint: receives ? suite.gateway.whep(stream) : suite.gateway.whip(stream),
          token: suite.gateway.token({ room: stream, identity: 'otto' }),
        });
        const told = `seed ${seed}: ${outcome.error}\n${outcome.offer}\n${outcome.text}`;
        if (outcome.status !== 201) {
          assert.ok([400, 406, 422].includes(outcome.status) && JSON.parse(outcome.text).detail, told);
          continue;
        }
        answered++;
        assert.equal(outcome.error, undefined, told);
        const [asked, answer] = [sdp.parse(outcome.offer), sdp.parse(outcome.text)];
        assert.deepEqual(answer.media.map(({ type, mid }) => [type, mid]), asked.media.map(({ type, mid }) => [type, mid]), told);
        assert.deepEqual(sdp.parse(sdp.write(answer)), answer, told);
        assert.equal(answer.invalid ?? answer.media.find(({ invalid }) => invalid), undefined, told);
      }
      assert.ok(answered > 30 && answered < 60, `${answered} were answered`);
    });
  }
});
