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

/** Headless Chromium with a fresh profile, at the far end of a line when there is one. The first launch on a new machine takes half a minute. */
export async function launchChromium({ line, trials = '' } = {}) {
  const program = line ? await line.executable(executablePath) : executablePath;
  const args = trials ? [...flags, `--force-fieldtrials=${trials}`] : flags;
  const browser = await chromium.launch({ executablePath: program, headless: true, args, timeout: 90_000 });
  // A page loads within seconds, unless many others of the test decode on the same two cores.
  const open = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await open(options);
    context.setDefaultNavigationTimeout(90_000);
    return context;
  };
  return browser;
}
