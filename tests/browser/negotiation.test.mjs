import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { assertCard } from './lib/media-probe.mjs';
import { useSuite } from './lib/suite.mjs';

describe('What a browser and the gateway agree on', () => {
  const suite = useSuite({ launch: launchChromium });

  test('A viewer without the stream\'s codec is refused with 406 and told both sides\' codecs', async (t) => {
    await (await suite.publish(t, 'vp9-only', { codec: 'VP9' })).connected();
    const able = await suite.watch(t, 'vp9-only');
    await able.sees(5);

    const viewer = await suite.watch(t, 'vp9-only', { codecs: ['H264'] });
    assert.equal(viewer.status, 406);
    assert.match(viewer.response.type, /^application\/problem\+json/);
    assert.equal(viewer.problem.code, 'no_common_codec');
    assert.match(viewer.problem.detail, /VP9/);
    assert.match(viewer.problem.detail, /H264/);
  });

  for (const [published, watched] of [['42001f', '42e01f'], ['42e01f', '42001f']]) {
    test(`What is published as H264 ${published} can be watched as ${watched}`, async (t) => {
      const stream = `h264-${published}`;
      const publisher = await suite.publish(t, stream, { codec: published });
      assert.equal(publisher.status, 201, JSON.stringify(publisher.problem));
      const viewer = await suite.watch(t, stream, { codecs: [watched] });
      assert.equal(viewer.status, 201, JSON.stringify(viewer.problem));
      const view = await viewer.sees(20);
      assertCard(view);
      assert.equal(view.videoIn[0].codec, 'H264');
    });
  }

  test('Without a token, with another room\'s and with a viewer\'s: 401 and 403', async (t) => {
    const missing = await suite.publish(t, 'guarded', { token: '' });
    assert.equal(missing.status, 401);
    assert.equal(missing.problem.code, 'token_missing');
    const foreign = await suite.publish(t, 'guarded', { token: suite.gateway.token({ room: 'another' }) });
    assert.equal(foreign.status, 403);
    const viewer = await suite.publish(t, 'guarded', { token: suite.gateway.token({ room: 'guarded', publish: false }) });
    assert.equal(viewer.status, 403);
  });

  // In the answer the gateway is passive by default, so the browser is the DTLS client. An offer that says "passive"
  // makes the gateway the client (RFC 8842, section 5.3).
  for (const [setup, answered, role] of [['actpass', 'passive', 'client'], ['active', 'passive', 'client'], ['passive', 'active', 'server']]) {
    test(`An offer with setup:${setup} makes the browser the DTLS ${role}, and media flows`, async (t) => {
      const stream = `setup-${setup}`;
      const publisher = await suite.publish(t, stream, { codec: 'VP8', setup });
      assert.match(publisher.response.answer, new RegExp(`^a=setup:${answered}\\r$`, 'm'));
      const viewer = await suite.watch(t, stream, { setup });
      const view = await viewer.sees(30);
      assertCard(view);
      for (const session of [publisher, viewer]) assert.equal((await session.statistics()).dtlsRole, role);
    });
  }

  test('Media is encrypted with an AEAD cipher over at least DTLS 1.2', async (t) => {
    const publisher = await suite.publish(t, 'cipher', { codec: 'VP8' });
    await publisher.connected();
    const { srtpCipher, tlsVersion } = await publisher.statistics();
    assert.match(srtpCipher, /AEAD_AES_(128|256)_GCM$/);
    assert.match(tlsVersion, /^FEF[CD]$/i);
  });

  test('The answer is a lite agent\'s, bundled, and offers nothing that is not built', async (t) => {
    const publisher = await suite.publish(t, 'answer', { codec: 'VP8' });
    const { answer } = publisher.response;
    assert.match(answer, /^a=ice-lite\r$/m);
    assert.match(answer, /^a=group:BUNDLE 0 1\r$/m);
    assert.match(answer, /^a=fingerprint:sha-256 /m);
    assert.doesNotMatch(answer, /ulpfec|flexfec|telephone-event|goog-remb/);
  });

  test('A restart that changes half of the credentials is refused, one that changes none adds candidates, and the media goes on', async (t) => {
    const publisher = await suite.publish(t, 'patched', { codec: 'VP8', token: suite.gateway.token({ room: 'patched', identity: 'paul' }) });
    const viewer = await suite.watch(t, 'patched');
    await viewer.sees(5);
    const { location, etag, offer } = publisher.response;
    const value = (name) => new RegExp(`^a=${name}:(.*)$`, 'm').exec(offer)[1].trim();
    const ufrag = value('ice-ufrag');
    const patch = (ifMatch, lines) => fetch(new URL(location, suite.gateway.url), {
      method: 'PATCH',
      headers: {
        Authorization: `Bearer ${suite.gateway.token({ room: 'patched', identity: 'paul' })}`,
        'Content-Type': 'application/trickle-ice-sdpfrag',
        'If-Match': ifMatch,
      },
      body: [...lines, 'm=audio 9 UDP/TLS/RTP/SAVPF 0', 'a=mid:0', 'a=candidate:1 1 udp 1 192.0.2.99 9 typ host', ''].join('\r\n'),
    });

    const half = await patch('"*"', ['a=ice-ufrag:half', `a=ice-pwd:${value('ice-pwd')}`]);
    assert.equal(half.status, 422);
    assert.equal((await half.json()).code, 'unusable_sdp');
    assert.equal((await patch('"*"', [`a=ice-ufrag:${ufrag}`, `a=ice-pwd:${value('ice-pwd')}`])).status, 204);
    assert.equal((await patch('"other"', [`a=ice-ufrag:${ufrag}`])).status, 412);
    assert.equal((await patch(etag, ['a=ice-ufrag:other'])).status, 422);
    assert.equal((await patch(etag, [`a=ice-ufrag:${ufrag}`])).status, 204);
    await viewer.sees(20);
  });

  test('A deleted session is gone: its viewer is told, and deleting it again is 404', async (t) => {
    const publisher = await suite.publish(t, 'deleted', { codec: 'VP8' });
    const token = suite.gateway.token({ room: 'deleted', identity: 'eve', publish: false });
    const viewer = await suite.watch(t, 'deleted', { token });
    await viewer.sees(5);
    const url = new URL(viewer.response.location, suite.gateway.url);
    assert.equal((await viewer.close()).status, 200);
    const again = await fetch(url, { method: 'DELETE', headers: { Authorization: `Bearer ${token}` } });
    assert.equal(again.status, 404);
    assert.equal((await again.json()).code, 'session_not_found');
    await publisher.close();
  });
});
