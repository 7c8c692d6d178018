import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import puppeteer from 'puppeteer-core';
import { freeTcpPort } from './ports.mjs';
import { waitFor } from './wait.mjs';

const executablePath = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

const preferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
};

/**
 * Headless Firefox over WebDriver BiDi, with a home folder of its own. It needs a default route and a gateway
 * address other than 127.0.0.1, so it runs under tests/netns.sh. It slows pages in the background down: publish and
 * watch in one page.
 */
export async function launchFirefox({ line } = {}) {
  // It listens to who drives it on its own loopback, which at the far end of a line is another one.
  const port = line && await freeTcpPort();
  const tunnel = line && await line.tunnel(port);
  const home = await mkdtemp(path.join(os.tmpdir(), 'firefox-'));
  const sound = await startSoundCard(home);
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: line ? await line.executable(executablePath) : executablePath,
    ...(line ? { debuggingPort: port } : {}),
    headless: true,
    timeout: 90_000,
    extraPrefsFirefox: preferences,
    env: { ...process.env, HOME: home, PULSE_SERVER: sound.server },
  });
  return {
    newPage: () => browser.newPage(),
    close: async () => {
      await browser.close();
      tunnel?.close();
      await sound.stop();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Without an output device Firefox's audio contexts stay suspended; PulseAudio's null sink is one that keeps time. */
async function startSoundCard(home) {
  const socket = path.join(home, 'pulse.socket');
  const daemon = spawn('pulseaudio', [
    '-n', '--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no', '--log-level=error',
    '-L', 'module-null-sink rate=48000', '-L', `module-native-protocol-unix socket=${socket} auth-anonymous=1`,
  ], { env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home }, stdio: 'ignore' });
  const exited = once(daemon, 'exit');
  await waitFor('the sound card is there', () => existsSync(socket));
  return {
    server: `unix:${socket}`,
    stop: async () => {
      daemon.kill('SIGTERM');
      await exited;
    },
  };
}
