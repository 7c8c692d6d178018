import { execFile, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freeTcpPort } from '../../browser/lib/ports.mjs';
import { waitFor } from '../../browser/lib/wait.mjs';
import { root } from '../dockerfile.mjs';

const run = promisify(execFile);

export const promtool = (...commandArguments) => run('promtool', commandArguments, { cwd: path.join(root, 'deploy/prometheus') });

/** Prometheus with the configuration as it ships, but for whom it scrapes and how often. */
export async function startPrometheus(target, interval = '1s') {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'prometheus-'));
  await cp(path.join(root, 'deploy/prometheus'), folder, { recursive: true });
  const configuration = path.join(folder, 'prometheus.yml');
  const shipped = await readFile(configuration, 'utf8');
  const text = shipped.replace('127.0.0.1:7891', target).replaceAll(/_interval: 10s/g, `_interval: ${interval}`);
  if (!text.includes(target) || !text.includes(`scrape_interval: ${interval}`)) throw new Error('deploy/prometheus/prometheus.yml has another shape');
  await writeFile(configuration, text);
  const address = `127.0.0.1:${await freeTcpPort()}`;
  const child = spawn('prometheus', [
    `--config.file=${configuration}`, `--storage.tsdb.path=${path.join(folder, 'data')}`, `--web.listen-address=${address}`, '--log.level=warn',
  ], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (piece) => { log += piece; });
  const ask = async (api, parameters = {}) => {
    const response = await fetch(`http://${address}/api/v1/${api}?${new URLSearchParams(parameters)}`);
    const { status, data, error } = await response.json();
    if (status !== 'success') throw new Error(`${JSON.stringify(parameters)}: ${error}`);
    return data;
  };
  await waitFor('Prometheus is ready', async () => {
    if (child.exitCode !== null) throw new Error(log);
    return (await fetch(`http://${address}/-/ready`).catch(() => undefined))?.ok;
  });
  return {
    ask,
    query: async (query) => (await ask('query', { query })).result,
    range: async (query, start, end, step) => (await ask('query_range', { query, start, end, step })).result,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
