import { after, before, describe, test } from 'node:test';
import { launchChromium } from './lib/chromium.mjs';
import { launchFirefox } from './lib/firefox.mjs';
import { Member } from './lib/livekit-member.mjs';
import { useSuite } from './lib/suite.mjs';

const address = process.env.TEST_HOST_ADDRESS;

describe('livekit-client in Firefox and in Chromium, in one room', { skip: address ? false : 'needs tests/netns.sh' }, () => {
  const suite = useSuite({ launch: launchFirefox, address, pagesAddress: '127.0.0.1' });
  let chromium;
  before(async () => { chromium = await launchChromium(); });
  after(() => chromium?.close());

  const join = async (t, browser, identity) => {
    const member = await Member.join(browser, { pages: suite.pages, gateway: suite.gateway, room: 'mixed', identity });
    t.after(() => member.close().catch(() => {}));
    return member;
  };

  test('They see each other\'s cards, hear each other\'s tones and get each other\'s messages', async (t) => {
    const fox = await join(t, suite.browser, 'fox');
    const chrome = await join(t, chromium, 'chrome');
    await fox.call('publishCard', { turn: 1 });
    await fox.call('publishTone', { tone: 620 });
    await chrome.call('publishCard', { turn: 2 });
    await chrome.call('publishTone', { tone: 440 });

    await chrome.seesFluently('fox', 20, { turn: 1 });
    await chrome.hears('fox', 620);
    await fox.seesFluently('chrome', 20, { turn: 2 });
    await fox.hears('chrome', 440);
    await fox.call('sendData', { text: 'from Firefox' });
    await chrome.reaches('has the message', ({ received }) => received.some(({ text, from }) => text === 'from Firefox' && from === 'fox'));
    await chrome.call('sendData', { text: 'from Chromium' });
    await fox.reaches('has the message', ({ received }) => received.some(({ text, from }) => text === 'from Chromium' && from === 'chrome'));
  });
});
