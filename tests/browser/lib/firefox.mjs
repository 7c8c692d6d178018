import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import puppeteer from 'puppeteer-core';

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
 * address other than 127.0.0.1, so it runs under tests/netns.sh.
 */
export async function launchFirefox() {
  const home = await mkdtemp(path.join(os.tmpdir(), 'firefox-'));
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    timeout: 90_000,
    extraPrefsFirefox: preferences,
    env: { ...process.env, HOME: home },
  });
  return {
    newPage: () => browser.newPage(),
    close: async () => {
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
