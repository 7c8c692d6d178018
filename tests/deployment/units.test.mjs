// No systemd is needed: it is its own tool that reads the units, and the rights that they give are given by setpriv.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, chown, copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { executable } from '../browser/lib/gateway.mjs';
import { read, root } from './dockerfile.mjs';

const run = promisify(execFile);
const deploy = (name) => path.join(root, 'deploy', name);

async function temporaryFolder(t) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'units-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The settings of a unit, later ones over earlier ones: { name: value }. */
const settingsOf = (text) => Object.fromEntries([...text.matchAll(/^([A-Z]\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));

describe('The systemd unit', () => {
  for (const withTls of [false, true]) {
    test(`systemd reads it${withTls ? ' with the file for TLS' : ''} without a complaint`, async (t) => {
      const host = await temporaryFolder(t);
      const units = path.join(host, 'etc/systemd/system');
      await mkdir(path.join(units, 'mediagateway.service.d'), { recursive: true });
      await mkdir(path.join(host, 'opt/mediagateway'), { recursive: true });
      await cp('/usr/lib/systemd/system', path.join(host, 'usr/lib/systemd/system'), { recursive: true, verbatimSymlinks: true });
      await copyFile('/bin/true', path.join(host, 'opt/mediagateway/mediagateway'));
      await mkdir(path.join(host, 'bin'));
      await copyFile('/bin/kill', path.join(host, 'bin/kill'));
      await copyFile(deploy('mediagateway.service'), path.join(units, 'mediagateway.service'));
      if (withTls) await copyFile(deploy('mediagateway-tls.conf'), path.join(units, 'mediagateway.service.d/tls.conf'));
      const { stdout, stderr } = await run('systemd-analyze', ['verify', '--man=no', `--root=${host}`, 'mediagateway.service']);
      assert.equal(stdout + stderr, '');
    });
  }

  test('The audit file of the example lies where the unit, the image and the compose file let the gateway write', async () => {
    const [, file] = /MEDIAGATEWAY__Control__AuditFile=(\S+)/.exec(await read('deploy/environment.example'));
    const folder = path.dirname(file);
    assert.equal(path.join('/var/log', settingsOf(await read('deploy/mediagateway.service')).LogsDirectory), folder);
    assert.match(await read('deploy/compose.yaml'), new RegExp(`^    volumes: \\["logs:${folder}"\\]$`, 'm'));
    const dockerfile = await read('Dockerfile');
    const [, user] = /^USER (\d+)$/m.exec(dockerfile);
    assert.match(dockerfile, new RegExp(`install --directory --owner ${user} .*${folder}$`, 'm'));
  });

  test('With the file for TLS the gateway may read its key and listen on port 443; without it, neither', { timeout: 90_000 }, async (t) => {
    const folder = await temporaryFolder(t);
    const [key, certificate] = ['privkey.pem', 'fullchain.pem'].map((name) => path.join(folder, name));
    await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', '/CN=localhost', '-keyout', key, '-out', certificate]);
    // As deploy/mediagateway-tls.conf has them put there: for the members of a group. The owner is somebody else.
    const group = 4711;
    for (const file of [key, certificate]) {
      await chmod(file, 0o640);
      await chown(file, 65534, group);
    }
    await chmod(folder, 0o755);
    const script = path.join(folder, 'serve.sh');
    await writeFile(script, `
      "$1" & gateway=$!
      for attempt in $(seq 100); do
        kill -0 $gateway 2>/dev/null || { wait $gateway; exit $?; }
        "$1" health && { kill -TERM $gateway; wait $gateway; exit $?; }
        sleep 0.1
      done
      kill -KILL $gateway; exit 9`);
    const serve = async (capabilities, groups, tls) => {
      const given = ['-all', ...capabilities].join(',');
      const setpriv = ['--bounding-set', given, '--inh-caps', given, ...(groups.length > 0 ? ['--groups', groups.join(',')] : ['--clear-groups'])];
      const { stdout, stderr } = await run('unshare', [
        '--net', '--', 'bash', '-c', 'ip link set lo up && exec "$@"', 'unshare', 'setpriv', ...setpriv, 'bash', script, executable,
      ], {
        cwd: path.dirname(executable),
        env: {
          ...process.env,
          ASPNETCORE_ENVIRONMENT: 'Production',
          MEDIAGATEWAY__Auth__Keys__test: 'a-secret-of-more-than-thirty-two-bytes',
          MEDIAGATEWAY__Control__Listen: 'none',
          MEDIAGATEWAY__Media__BindAddresses__0: '127.0.0.1',
          MEDIAGATEWAY__Http__Listen: '*:443',
          ...(tls ? { MEDIAGATEWAY__Tls__CertificateFile: certificate, MEDIAGATEWAY__Tls__KeyFile: key } : {}),
        },
      }).catch((error) => error);
      return stdout + stderr;
    };
    const unit = settingsOf(await read('deploy/mediagateway.service'));
    const dropIn = settingsOf(await read('deploy/mediagateway-tls.conf'));
    assert.equal(unit.CapabilityBoundingSet, '');
    assert.equal(dropIn.AmbientCapabilities, dropIn.CapabilityBoundingSet);
    assert.equal(dropIn.PrivateUsers, 'no', 'a capability in a user namespace of its own opens no port of the host');
    assert.match(await read('deploy/mediagateway-tls.conf'), new RegExp(`groupadd --system ${dropIn.SupplementaryGroups}$`, 'm'));
    const capability = `+${dropIn.CapabilityBoundingSet.replace('CAP_', '').toLowerCase()}`;

    assert.match(await serve([], [], true), /Tls:CertificateFile = ".*": cannot be used with Tls:KeyFile: Access to the path .* is denied/);
    assert.match(await serve([], [group], true), /cannot listen on Http:Listen = "\*:443"/);
    assert.match(await serve([capability], [group], true), /^https:\/\/127\.0\.0\.1(:443)?\/healthz 200$/m);
  });
});
