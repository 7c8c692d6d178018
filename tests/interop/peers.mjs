import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startPeer } from './peer.mjs';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const built = path.resolve(here, '../../artifacts/interop');

/** Options of a peer that do not depend on its stack; `token` is one for that stream. */
const common = (gateway, mode, stream, { setup = 'actpass' } = {}) => [
  '--url', mode === 'publish' ? gateway.whip(stream) : gateway.whep(stream),
  '--token', gateway.token({ room: stream }),
  '--setup', setup,
];

// Debian's own Python: the first one in PATH may be another, without aiortc.
export const aiortc = (gateway, mode, stream, { codec = 'VP8', ...options } = {}) => startPeer(
  '/usr/bin/python3',
  [path.join(here, 'aiortc/peer.py'), mode, '--codec', codec, ...common(gateway, mode, stream, options)],
);

export const pion = (gateway, mode, stream, { profile = 'gcm', packets = 200, ...options } = {}) => startPeer(
  path.join(built, 'pion-peer'),
  ['--mode', mode, '--profile', profile, '--packets', String(packets), ...common(gateway, mode, stream, options),
    '--video', path.join(built, 'card.ivf'), '--audio', path.join(built, 'tone.ogg')],
);

/** Compiles the pion peer against Debian's packages, and makes the files that it publishes. Go's build cache makes the second time quick. */
export async function buildPion() {
  await mkdir(built, { recursive: true });
  await run('go', ['build', '-o', path.join(built, 'pion-peer'), '.'], {
    cwd: path.join(here, 'pion'),
    env: { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '', GOCACHE: path.join(built, 'go-cache') },
  });
  const ffmpeg = (...options) => run('ffmpeg', ['-loglevel', 'error', '-y', ...options]);
  // A key frame a second; the grain keeps frames above one packet.
  await ffmpeg('-f', 'lavfi', '-i', 'color=c=0xc82828:size=320x240:rate=25,noise=alls=12:allf=t', '-t', '4', '-c:v', 'libvpx',
    '-deadline', 'realtime', '-b:v', '600k', '-g', '25', path.join(built, 'card.ivf'));
  await ffmpeg('-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', '4', '-c:a', 'libopus', '-ac', '2',
    '-frame_duration', '20', '-page_duration', '20000', path.join(built, 'tone.ogg'));
}
