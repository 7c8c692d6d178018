import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { startGateway } from '../browser/lib/gateway.mjs';
import { waitFor } from '../browser/lib/wait.mjs';
import { read, root } from './dockerfile.mjs';

const run = promisify(execFile);
const feed = path.join(root, 'artifacts/packages');

describe('The packages', () => {
  let version;
  before(async () => {
    [, version] = /<Version>(.*)<\/Version>/.exec(await read('Directory.Build.props'));
  });

  /** The files of a package, unpacked. */
  async function unpacked(t, name) {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'package-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    await run('python3', ['-m', 'zipfile', '-e', path.join(feed, name), folder]);
    return folder;
  }

  for (const [id, references] of [
    ['MediaGateway.Contracts', ['Google.Protobuf', 'Grpc.Core.Api']],
    ['MediaGateway.Client', [
      'Google.Protobuf', 'Grpc.Core.Api', 'Grpc.Net.Client', 'Grpc.StatusProto', 'MediaGateway.Contracts', 'Microsoft.IdentityModel.JsonWebTokens',
    ]],
  ]) {
    test(`${id} says what it is and brings its documentation, its symbols and nothing of the gateway`, async (t) => {
      const folder = await unpacked(t, `${id}.${version}.nupkg`);
      const nuspec = await readFile(path.join(folder, `${id}.nuspec`), 'utf8');
      assert.match(nuspec, new RegExp(`<id>${id}</id>\\s*<version>${version}</version>`));
      assert.match(nuspec, /<license type="expression">MIT<\/license>/);
      assert.match(nuspec, /<description>.{40,}<\/description>/);
      assert.match(nuspec, /<readme>README\.md<\/readme>/);
      assert.deepEqual([...nuspec.matchAll(/<dependency id="([^"]+)"/g)].map(([, name]) => name).sort(), references);
      assert.match(await readFile(path.join(folder, 'README.md'), 'utf8'), new RegExp(`^# ${id}\n`));
      assert.deepEqual((await readdir(path.join(folder, 'lib/net10.0'))).sort(), [`${id}.dll`, `${id}.xml`]);
      assert.match(await readFile(path.join(folder, `lib/net10.0/${id}.xml`), 'utf8'), /<summary>/);
      await access(path.join(await unpacked(t, `${id}.${version}.snupkg`), `lib/net10.0/${id}.pdb`));
    });
  }

  test('A program elsewhere builds on the client, and its watch goes on after the gateway was started again', async (t) => {
    const output = await mkdtemp(path.join(os.tmpdir(), 'example-'));
    t.after(() => rm(output, { recursive: true, force: true }));
    // Packages of this version that an earlier run left on the machine are not taken for these: the program restores into a folder of its own.
    const { stdout: locals } = await run('dotnet', ['nuget', 'locals', 'global-packages', '--list']);
    await run('dotnet', [
      'build', path.join(root, 'docs/examples/client'), '--configuration', 'Release', '--nologo', '--artifacts-path', output,
      `-p:RestorePackagesPath=${output}/packages`, `-p:RestoreFallbackFolders=${locals.split('global-packages:')[1].trim()}`,
    ]);
    const gateway = await startGateway();
    t.after(() => gateway.stop());
    const program = spawn('dotnet', [path.join(output, 'bin/client/release/client.dll')], {
      env: { ...process.env, GATEWAY: `http://${gateway.control}`, API_KEY: gateway.keys.key, API_SECRET: gateway.keys.secret },
    });
    t.after(() => program.kill('SIGKILL'));
    let told = '';
    for (const stream of [program.stdout, program.stderr]) stream.setEncoding('utf8').on('data', (text) => { told += text; });
    const ended = once(program, 'exit');

    await waitFor('the program is told of its room', () => /^event received: example is RM_\w+$/m.test(told), { timeout: 30_000 })
      .catch((error) => { throw new Error(`${error.message}\n${told}`); });
    await gateway.stop();
    const again = await startGateway({
      environment: { MEDIAGATEWAY__Control__Listen: gateway.control, [`MEDIAGATEWAY__Auth__Keys__${gateway.keys.key}`]: gateway.keys.secret },
    });
    t.after(() => again.stop());
    const [code] = await ended;
    assert.equal(code, 0, told);
    const [, sid] = /^room created: example is (RM_\w+)$/m.exec(told);
    assert.ok(told.includes(`event received: example is ${sid}\n`), told);
    assert.match(told, /^interrupted: The gateway is stopping\.$/m);
    assert.match(told, /^resumed: TokenUnknown, rooms: 0$/m);
    assert.match(told, /^refused: ROOM_NOT_FOUND, There is no room example\.\n$/m);
  });
});
