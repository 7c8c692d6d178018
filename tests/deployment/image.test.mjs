// No container engine is needed: what these tests read and run is what an engine would.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { read, root, stagesOf } from './dockerfile.mjs';

const run = promisify(execFile);

describe('The container image', () => {
  test('Its instructions are a Dockerfile\'s, and take from stages and files that there are', async () => {
    const known = ['ARG', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'RUN', 'USER', 'WORKDIR'];
    const stages = stagesOf((await read('Dockerfile')).replace(/^ARG .*\n/m, ''));
    const earlier = [];
    for (const { from, instructions } of stages) {
      for (const { name, text } of instructions) {
        assert.ok(known.includes(name), `${name} ${text}`);
        const [, stage] = /--from=(\S+)/.exec(text) ?? [];
        if (name === 'COPY' && stage) assert.ok(earlier.includes(stage), `COPY ${text}`);
        if (name === 'WORKDIR') assert.match(text, /^\//);
        if (name === 'RUN') assert.doesNotMatch(text, /\bsudo\b|\bcd\b|apt /);
        if (name === 'RUN') await run('bash', ['-n', '-c', text]);
      }
      earlier.push(from.split(' AS ')[1]);
    }
  });

  test('Every stage has a pinned base', async () => {
    for (const { from } of stagesOf(await read('Dockerfile'))) assert.match(from, /^\S+:[^\s:]+( AS \w+)?$/, from);
  });

  test('The last stage is not root\'s, is checked for its health and starts without a shell', async () => {
    const { instructions } = stagesOf(await read('Dockerfile')).at(-1);
    const last = (name) => instructions.filter((instruction) => instruction.name === name).at(-1)?.text ?? '';
    assert.match(last('USER'), /^[1-9]\d+$/);
    assert.match(last('HEALTHCHECK'), /CMD \["\/app\/mediagateway", "health"\]$/);
    assert.equal(last('ENTRYPOINT'), '["/app/mediagateway"]');
    assert.deepEqual(last('EXPOSE').split(' '), ['7880/tcp', '7890/tcp', '7882/udp']);
    assert.ok(!instructions.some(({ name }) => name === 'ADD'), 'COPY, not ADD');
    assert.ok(!instructions.some(({ name, text }) => name === 'ENV' && /secret|password|key=/i.test(text)), 'no secret in the image');
  });

  test('Packages come without recommendations, and their lists do not stay', async () => {
    const runs = stagesOf(await read('Dockerfile')).flatMap(({ instructions }) => instructions).filter(({ name }) => name === 'RUN');
    for (const { text } of runs.filter(({ text }) => text.includes('apt-get'))) {
      assert.match(text, /^apt-get update\s+&& apt-get install --yes --no-install-recommends /);
      assert.match(text, /rm -rf \/var\/lib\/apt\/lists\/\*/);
    }
  });

  test('Its libssl is no older than the one that the tests install', async () => {
    const [, tested] = /libssl_minimum=(\S+)/.exec(await read('tests/install.sh'));
    const [, shipped] = /libssl3\)" ge (\S+)/.exec(await read('Dockerfile'));
    assert.equal(shipped, tested);
  });

  test('It is published by the script that CI tests, from the build context', async () => {
    const build = stagesOf(await read('Dockerfile'))[0].instructions;
    assert.deepEqual(build.filter(({ name }) => name === 'COPY').map(({ text }) => text), ['. .']);
    assert.deepEqual(build.filter(({ name }) => name === 'RUN').map(({ text }) => text), ['bash tests/publish.sh']);
    // What the other tests run has come out of a copy of what .dockerignore leaves of the repository.
    const steps = await read('tests/run.sh');
    assert.match(steps, /check "Publish" publish_from_context\n/);
    assert.match(steps, /publish_from_context\(\) \{[^}]*\.dockerignore[^}]*bash tests\/publish\.sh/);
    await access(path.join(root, 'artifacts/publish/mediagateway'));
  });
});
