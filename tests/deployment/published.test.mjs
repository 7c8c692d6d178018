import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { executable, startGateway } from '../browser/lib/gateway.mjs';
import { read } from './dockerfile.mjs';

const execute = (commandArguments, environment = {}) => new Promise((resolve) => {
  execFile(executable, commandArguments, {
    cwd: path.dirname(executable), timeout: 20_000, env: { ...process.env, ASPNETCORE_ENVIRONMENT: 'Production', ...environment },
  }, (error, stdout, stderr) => resolve({ code: error ? error.code : 0, output: stdout + stderr }));
});

/** The settings in a file of NAME=value lines. */
const settingsIn = (text) => Object.fromEntries(text.split('\n').filter((line) => /^MEDIAGATEWAY__/.test(line)).map((line) => {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}));

describe('The gateway as it ships', () => {
  test('`health` tells a running gateway from one that is gone', async () => {
    const gateway = await startGateway();
    const healthy = await execute(['health', '--url', gateway.url]);
    await gateway.stop();
    assert.equal(healthy.code, 0, healthy.output);
    const gone = await execute(['health', '--url', gateway.url]);
    assert.notEqual(gone.code, 0);
  });

  test('Without a key it refuses to start, in words and without a stack trace', async () => {
    const { code, output } = await execute([]);
    assert.equal(code, 1, output);
    assert.match(output, /mediagateway key create/);
    assert.doesNotMatch(output, /^\s+at /m);
  });

  test('The command line takes its key and the gateway\'s address from the settings of the unit', async (t) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'settings-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const gateway = await startGateway();
    t.after(() => gateway.stop());
    const file = path.join(folder, 'environment');
    await writeFile(file, `# As systemd reads it.\nMEDIAGATEWAY__Auth__Keys__${gateway.keys.key}="${gateway.keys.secret}"\nMEDIAGATEWAY__Control__Listen=${gateway.control}\n`);
    const unknown = await execute(['rooms', 'list']);
    assert.equal(unknown.code, 1, unknown.output);
    const { code, output } = await execute(['rooms', 'list'], { MEDIAGATEWAY_ENVIRONMENT_FILE: file });
    assert.equal(code, 0, output);
    assert.match(output, /^ROOM +SID/);
  });

  test('It is compiled ahead', async () => {
    for (const name of ['mediagateway.dll', 'MediaGateway.Client.dll', 'MediaGateway.Contracts.dll', 'MediaGateway.Rtc.dll', 'MediaGateway.Sfu.dll', 'MediaGateway.Platform.dll']) {
      const assembly = await readFile(path.join(path.dirname(executable), name));
      assert.ok(assembly.includes(Buffer.from('RTR\0')), `${name} has no ReadyToRun header`);
    }
  });

  test('The example of its settings does not start as it is, and does with a key', async () => {
    const settings = settingsIn(await read('deploy/environment.example'));
    const refused = await execute([], settings);
    assert.equal(refused.code, 1, refused.output);
    assert.match(refused.output, /Auth:Keys:changeme/i);

    delete settings.MEDIAGATEWAY__Auth__Keys__changeme;
    delete settings.MEDIAGATEWAY__Http__Listen; // the harness gives ports and a key
    delete settings.MEDIAGATEWAY__Control__Listen;
    delete settings.MEDIAGATEWAY__Media__Port;
    const gateway = await startGateway({ environment: settings });
    await gateway.stop();
  });

  test('Every setting that the example names is documented', async () => {
    const text = await read('deploy/environment.example');
    const documented = (await read('docs/configuration.md')).match(/`[A-Z][A-Za-z]+:[A-Za-z:{}]+`/g)
      .map((key) => new RegExp(`^${key.slice(1, -1).replace(/\{n\}/g, '\\d+').replace(/\{name\}/g, '\\w+')}$`));
    const named = [...text.matchAll(/MEDIAGATEWAY__([A-Za-z0-9_]+)=/g)].map(([, name]) => name.replaceAll('__', ':'));
    assert.ok(named.length >= 5);
    for (const name of named) assert.ok(documented.some((key) => key.test(name)), `${name} is not in docs/configuration.md`);
  });
});
