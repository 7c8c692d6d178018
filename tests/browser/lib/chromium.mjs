import { chromium } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

const flags = [
  '--no-sandbox', // the suite runs as root in CI, where Chromium refuses its sandbox
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  // Several pages draw and decode at once: none of them is "in the background".
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** Headless Chromium with a fresh profile. The first launch on a new machine takes half a minute. */
export function launchChromium() {
  return chromium.launch({ executablePath, headless: true, args: flags, timeout: 90_000 });
}
