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
export const aiortc = (gateway, mode, stream, { codec = 'VP8', setsOnce = false, ...options } = {}) => startPeer(
  '/usr/bin/python3',
  [path.join(here, 'aiortc/peer.py'), mode, '--codec', codec, ...common(gateway, mode, stream, options), ...setsOnce ? ['--sets-once'] : []],
);

export const pion = (gateway, mode, stream, { profile = 'gcm', packets = 200, ...options } = {}) => startPeer(
  path.join(built, 'pion-peer'),
  ['--mode', mode, '--profile', profile, '--packets', String(packets), ...common(gateway, mode, stream, options),
    '--video', path.join(built, 'card.ivf'), '--audio', path.join(built, 'tone.ogg')],
);

export const aiortcData = ({ expect }) => startPeer(
  '/usr/bin/python3', [path.join(here, 'aiortc/data_peer.py'), '--expect', String(expect)]);

export const pionData = ({ expect }) => startPeer(path.join(built, 'pion-data-peer'), ['--expect', String(expect)]);

/** Compiles against Debian's packages; Go's build cache makes the second time quick. */
const build = (name, folder) => run('go', ['build', '-o', path.join(built, name), '.'], {
  cwd: path.join(here, folder),
  env: { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOFLAGS: '', GOCACHE: path.join(built, 'go-cache') },
});

export async function buildPionData() {
  await mkdir(built, { recursive: true });
  await build('pion-data-peer', 'pion-data');
}

/** Compiles the pion peer, and makes the files that it publishes. */
export async function buildPion() {
  await mkdir(built, { recursive: true });
  await build('pion-peer', 'pion');
  const ffmpeg = (...options) => run('ffmpeg', ['-loglevel', 'error', '-y', ...options]);
  // A key frame a second; the grain keeps frames above one packet.
  await ffmpeg('-f', 'lavfi', '-i', 'color=c=0xc82828:size=320x240:rate=25,noise=alls=12:allf=t', '-t', '4', '-c:v', 'libvpx',
    '-deadline', 'realtime', '-b:v', '600k', '-g', '25', path.join(built, 'card.ivf'));
  await ffmpeg('-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-t', '4', '-c:a', 'libopus', '-ac', '2',
    '-frame_duration', '20', '-page_duration', '20000', path.join(built, 'tone.ogg'));
}
