import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { executable } from '../browser/lib/gateway.mjs';
import { protoFiles, protos, useGateway } from './lib/control.mjs';

const run = promisify(execFile);
const page = await readFile(new URL('../../docs/control-api.md', import.meta.url), 'utf8');
const block = (language) => new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(page)[1];

describe('The examples of docs/control-api.md', () => {
  const suite = useGateway();
  const environment = () => ({ ...process.env, GATEWAY: suite.gateway.url, CONTROL: suite.gateway.control, TOKEN: suite.token });

  async function folder(t) {
    const made = await mkdtemp(path.join(os.tmpdir(), 'example-'));
    t.after(() => rm(made, { recursive: true }));
    return made;
  }

  test('sh', async () => {
    // The page's command line signs with the keys of its configuration: here with those of the gateway under test.
    const { key, secret } = suite.gateway.keys;
    const script = `mediagateway() { "${executable}" "$@" --key "${key}" --secret "${secret}"; }\nset -euo pipefail\n${block('sh')}`;
    const { stdout } = await run('bash', ['-c', script], { env: environment() });
    assert.match(stdout, /"created":\s*true.*"created":\s*true/s);
    assert.match(stdout, /"name":\s*"stage"/);
  });

  test('js', async (t) => {
    const made = await folder(t);
    await symlink(fileURLToPath(new URL('node_modules', import.meta.url)), path.join(made, 'node_modules'));
    await symlink(protos.replace(/\/$/, ''), path.join(made, 'protos'));
    await writeFile(path.join(made, 'example.mjs'), block('js'));
    const { stdout } = await run('node', ['example.mjs'], { cwd: made, env: environment(), timeout: 30_000 });
    assert.match(stdout, /from-node is RM_/);
    assert.match(stdout, /roomUpserted/);
    assert.match(stdout, /done\n$/);
  });

  test('python', async (t) => {
    const made = await folder(t);
    await run('protoc', [`-I${protos}`, '-I/usr/include', `--python_out=${made}`, `--grpc_python_out=${made}`, '--plugin=protoc-gen-grpc_python=/usr/bin/grpc_python_plugin', ...protoFiles]);
    await writeFile(path.join(made, 'example.py'), block('python'));
    const { stdout } = await run('/usr/bin/python3', ['example.py'], { cwd: made, env: environment(), timeout: 30_000 });
    assert.match(stdout, /^from-python is RM_\w+\nNOT_FOUND There is no room none\.\n$/);
  });
});
