import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { launchChromium } from '../browser/lib/chromium.mjs';
import { executable } from '../browser/lib/gateway.mjs';
import { freeTcpPort } from '../browser/lib/ports.mjs';
import { dispose, Robot } from '../browser/lib/robot.mjs';
import { useSuite } from '../browser/lib/suite.mjs';
import { waitFor } from '../browser/lib/wait.mjs';
import { read } from './dockerfile.mjs';
import { metricsIn, panels } from './lib/dashboard.mjs';
import { startReceiver } from './lib/otlp-receiver.mjs';
import { promtool, startPrometheus } from './lib/prometheus.mjs';

const run = promisify(execFile);
const receiver = await startReceiver();
const metrics = `127.0.0.1:${await freeTcpPort()}`;

/** An offer of sound whose sender never connects. */
const offer = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 0.0.0.0', 'a=mid:0',
  'a=sendonly', 'a=rtcp-mux', 'a=setup:actpass', `a=ice-ufrag:${randomBytes(4).toString('hex')}`, `a=ice-pwd:${randomBytes(16).toString('hex')}`,
  `a=fingerprint:sha-256 ${createHash('sha256').update('nobody').digest('hex').toUpperCase().match(/../g).join(':')}`, 'a=rtpmap:111 opus/48000/2', ''].join('\r\n');

describe('A gateway that is watched', () => {
  const suite = useSuite({
    launch: launchChromium,
    environment: {
      ...receiver.environment,
      MEDIAGATEWAY__Metrics__Listen: metrics,
      MEDIAGATEWAY__Media__Workers: '2',
      MEDIAGATEWAY__Media__ViewersPerWorker: '1',
      MEDIAGATEWAY__Bandwidth__Enabled: 'true',
      DOTNET_GCgen0size: '200000', // hexadecimal bytes: a garbage collection now and then
    },
  });
  let prometheus;
  let robot;
  before(async () => { prometheus = await startPrometheus(metrics); });
  after(async () => {
    await robot?.leave();
    await dispose();
    await prometheus?.stop();
    receiver.close();
  });

  const post = (path, body, token) => fetch(`${suite.gateway.url}${path}`, {
    method: 'POST', headers: { 'Content-Type': 'application/sdp', ...(token ? { Authorization: `Bearer ${token}` } : {}) }, body,
  });

  const command = (...commandArguments) => run(executable, [
    ...commandArguments, '--server', `http://${suite.gateway.control}`, '--key', suite.gateway.keys.key, '--secret', suite.gateway.keys.secret,
  ]);

  /** Something of everything that a panel shows. */
  async function work(t) {
    await command('streams', 'create', 'show');
    await command('streams', 'add-source', 'show', 'camera', '--publisher', 'camera');
    await command('streams', 'add-source', 'show', 'bars', '--slate', 'bars');
    const publisher = await suite.publish(t, 'camera', { codec: 'VP8' });
    assert.equal(publisher.status, 201, JSON.stringify(publisher.problem));
    const viewers = [await suite.watch(t, 'show'), await suite.watch(t, 'show')];
    for (const viewer of viewers) await viewer.connected();
    await command('cut', 'show', 'camera');
    for (const viewer of viewers) await viewer.sees(10);
    await command('cut', 'show', 'bars');
    robot = await Robot.join(suite.gateway, 'meeting', 'ada');
    await robot.publishTone(440);
    const guest = await Robot.join(suite.gateway, 'lobby', 'guest');
    await guest.leave();
    const lost = await post('/whip/lost', offer, suite.gateway.token({ room: 'lost' }));
    assert.equal(lost.status, 201, await lost.text());
    await fetch(new URL(lost.headers.get('location'), suite.gateway.url), {
      method: 'DELETE', headers: { Authorization: `Bearer ${suite.gateway.token({ room: 'lost' })}` },
    });
    assert.equal((await post('/whip/refused', offer)).status, 401);
  }

  test('Its metrics are not for the public', async () => {
    assert.equal((await fetch(`${suite.gateway.url}/metrics`)).status, 404);
    for (const path of ['/', '/healthz', '/whip/x', '/metrics/']) assert.equal((await fetch(`http://${metrics}${path}`)).status, 404, path);
    assert.equal((await fetch(`http://${metrics}/metrics`)).status, 200);
  });

  test('Prometheus, as it ships, scrapes it, and every query of every panel returns data', { timeout: 180_000 }, async (t) => {
    const all = (await panels()).flatMap(({ title, queries }) => queries.map(({ query }) => ({ title, query })));
    await waitFor('the first scrape', async () => (await prometheus.query('up == 1')).length === 1);
    await work(t);
    // Rates need a series twice, and what is rare must happen between two scrapes.
    const busy = setInterval(() => void post('/whip/refused', offer).then((response) => response.text()), 500);
    t.after(() => clearInterval(busy));
    const left = new Set(all);
    await waitFor('every query has data', async () => {
      for (const one of left) {
        const result = await prometheus.query(one.query);
        if (result.some(({ value: [, value] }) => value !== 'NaN')) left.delete(one);
      }
      return left.size === 0;
    }, { timeout: 90_000, interval: 1000 }).catch((error) => {
      throw new Error(`${error.message}\n${[...left].map(({ title, query }) => `${title}: ${query}`).join('\n')}`);
    });
    assert.ok(all.length >= 30, `${all.length} queries`);
  });

  test('Its alert rules are loaded, ask for metrics that there are, and none fires', async () => {
    const { groups } = await prometheus.ask('rules');
    const rules = groups.flatMap((group) => group.rules);
    assert.ok(rules.length >= 10);
    for (const { name, health, lastError, state } of rules) {
      assert.equal(health, 'ok', `${name}: ${lastError}`);
      assert.notEqual(state, 'firing', name);
    }
    const exported = new Set(await prometheus.ask('label/__name__/values'));
    for (const { name, query } of rules) {
      for (const metric of metricsIn(query)) assert.ok(exported.has(metric), `${name} asks for ${metric}`);
    }
  });

  test('Every metric of its own that is exported is described', async () => {
    const text = await (await fetch(`http://${metrics}/metrics`)).text();
    const described = new Set([...text.matchAll(/^# HELP (\S+) \S/gm)].map(([, name]) => name));
    const typed = [...text.matchAll(/^# TYPE (mediagateway_\S+) /gm)].map(([, name]) => name);
    assert.ok(typed.length >= 20, typed.join(' '));
    for (const name of typed) assert.ok(described.has(name), name);
  });

  test('A join is one trace, from its request to its connected peer, without ids and tokens', { timeout: 60_000 }, async () => {
    const phases = { 'join whip': ['admit', 'answer', 'open', 'connect'], 'join whep': ['admit', 'answer', 'open', 'connect'], 'join meeting': ['admit', 'enter', 'connect'] };
    for (const [name, expected] of Object.entries(phases)) {
      const join = await waitFor(name, () => receiver.spans.find((span) => span.name === name && span.ok));
      const inside = receiver.spans.filter(({ parent }) => parent === join.id).sort((one, other) => one.start - other.start);
      assert.deepEqual(inside.map((span) => span.name), expected);
      for (const span of inside) {
        assert.equal(span.trace, join.trace);
        assert.ok(span.start >= join.start - 1 && span.end <= join.end + 1, `${span.name} is outside of ${name}`);
      }
      if (name === 'join meeting') {
        assert.equal(join.parent, '');
      } else {
        const request = await waitFor('the request', () => receiver.spans.find(({ id }) => id === join.parent));
        assert.match(request.name, /^POST \/whe?i?p\/\{stream\}$/);
        assert.ok(request.start <= join.start, 'the join begins with its request');
        // Its request may have its end in the trace later than a peer that is quick on a machine that is not.
        const { start, end } = inside.at(-1);
        assert.ok(end - start > 1, `the peer has connected within ${end - start} ms, before it can have had the answer`);
      }
    }
    await waitFor('the join that was given up', () => receiver.spans.some(({ name, ok }) => name === 'join whip' && !ok));
    const text = JSON.stringify(receiver.spans);
    assert.doesNotMatch(text, /sessions\/[A-Za-z0-9_-]{16}|access_token|eyJ/);
  });
});

describe('The alert rules', () => {
  test('are sound', async () => {
    await promtool('check', 'config', 'prometheus.yml');
    await promtool('check', 'rules', 'alerts.yml');
  });

  test('fire when they should', async () => {
    await promtool('test', 'rules', '../../tests/deployment/alerts.test.yml');
  });

  test('are explained, every one', async () => {
    const rules = [...(await read('deploy/prometheus/alerts.yml')).matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
    const documented = [...(await read('docs/operations.md')).matchAll(/^\| (`\w+`(?:, `\w+`)*) \|/gm)].flatMap(([, names]) => names.replaceAll('`', '').split(', '));
    for (const rule of rules) assert.ok(documented.includes(rule), `docs/operations.md does not say what to do about ${rule}`);
  });
});
