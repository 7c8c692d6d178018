// Takes the pictures in docs/images: the page on a desktop and on a phone, watching a stream that is live.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChromium } from './lib/chromium.mjs';
import { startGateway } from './lib/gateway.mjs';
import { GatewayPage } from './lib/gateway-page.mjs';
import { waitFor } from './lib/wait.mjs';

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const seconds = 20; // of measurements in the charts

const gateway = await startGateway({ development: true });
const browser = await launchChromium();
try {
  const publisher = await GatewayPage.open(browser, gateway.url);
  await publisher.goLive('my-stream');
  await publisher.reaches('live');
  const desktop = await GatewayPage.open(browser, gateway.url, { height: 800 });
  const phone = await GatewayPage.open(browser, gateway.url, { width: 390, height: 844, colorScheme: 'dark' });
  for (const page of [desktop, phone]) {
    await page.watch('my-stream');
    await page.reaches('playing');
  }
  await waitFor('the charts have something to show', async () => (await desktop.video('player')).currentTime > seconds, { timeout: 60_000 });
  await desktop.screenshot(path.join(images, 'page-desktop.png'));
  await phone.screenshot(path.join(images, 'page-phone.png'));
} finally {
  await browser.close();
  await gateway.stop();
}
console.log(`Written to ${images}`);
