// Takes the pictures in docs/operations.md from a gateway under load: the panels of the Grafana dashboard, drawn from what Prometheus
// has, and the trace of a join. Wants artifacts/publish and the load tester built.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { launchChromium } from '../browser/lib/chromium.mjs';
import { freeTcpPort } from '../browser/lib/ports.mjs';
import { waitFor } from '../browser/lib/wait.mjs';
import { root } from './dockerfile.mjs';
import { panels } from './lib/dashboard.mjs';
import { startReceiver } from './lib/otlp-receiver.mjs';
import { startPrometheus } from './lib/prometheus.mjs';

const viewers = process.argv[2] ?? '150';
const colours = ['#3b6fd4', '#d9822b', '#3d9a50', '#c2453d', '#7d55b8', '#8a6b4f', '#d06aa5', '#6b7280'];
const escape = (text) => String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const scaled = (value, steps, unit) => {
  for (const [size, name] of steps) if (Math.abs(value) >= size) return `${+(value / size).toPrecision(3)} ${name}${unit}`;
  return `${+value.toPrecision(3)} ${unit}`;
};
const formats = {
  percentunit: (value) => `${+(100 * value).toPrecision(3)} %`,
  s: (value) => (value >= 1 ? `${+value.toPrecision(3)} s` : value >= 0.001 ? `${+(1000 * value).toPrecision(3)} ms` : `${+(1e6 * value).toPrecision(3)} µs`),
  bytes: (value) => scaled(value, [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']], 'B'),
  Bps: (value) => scaled(value, [[1e9, 'G'], [1e6, 'M'], [1e3, 'k']], 'B/s'),
  pps: (value) => scaled(value, [[1e6, 'M'], [1e3, 'k']], '/s'),
};
const formatOf = (unit) => formats[unit] ?? ((value) => `${+value.toPrecision(3)}${/ps$/.test(unit ?? '') ? '/s' : ''}`);

const legendOf = (legend, labels) => legend.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => labels[name] ?? '');

/** One panel as HTML: a chart of its series over the time from start to end. */
function drawPanel({ title, unit, max, kind }, series, start, end) {
  const format = formatOf(unit);
  if (kind === 'stat') {
    const last = series[0]?.values.at(-1)?.[1] ?? 0;
    return `<div class="stat"><h2>${escape(title)}</h2><p>${format(last)}</p></div>`;
  }
  const [width, height, left, bottom] = [392, 150, 58, 18];
  const highest = Math.max(...series.flatMap(({ values }) => values.map(([, value]) => value)));
  const top = max ?? (highest > 0 ? 1.1 * highest : 1);
  const x = (time) => left + (width - left - 6) * (time - start) / (end - start);
  const y = (value) => 6 + (height - bottom - 6) * (1 - value / top);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => `<line x1="${left}" x2="${width - 6}" y1="${y(part * top)}" y2="${y(part * top)}" class="grid"/>
    <text x="${left - 5}" y="${y(part * top) + 4}" text-anchor="end">${part === 0 ? 0 : format(part * top)}</text>`);
  const times = [0, 0.5, 1].map((part) => `<text x="${x(start + part * (end - start))}" y="${height - 4}" text-anchor="${['start', 'middle', 'end'][part * 2]}">${Math.round(part * (end - start))} s</text>`);
  const lines = series.map(({ values }, index) => {
    const points = values.map(([time, value]) => `${x(time).toFixed(1)},${y(value).toFixed(1)}`);
    const area = `${x(values[0][0]).toFixed(1)},${y(0)} ${points.join(' ')} ${x(values.at(-1)[0]).toFixed(1)},${y(0)}`;
    return `<polygon points="${area}" fill="${colours[index % 8]}" opacity=".09"/><polyline points="${points.join(' ')}" stroke="${colours[index % 8]}" fill="none" stroke-width="1.7"/>`;
  });
  const keys = series.map(({ name }, index) => `<span><i style="background:${colours[index % 8]}"></i>${escape(name)}</span>`);
  return `<div class="panel"><h2>${escape(title)}</h2><svg width="${width}" height="${height}">${grid.join('')}${times.join('')}${lines.join('')}</svg><div class="keys">${keys.join('')}</div></div>`;
}

/** The spans of one trace as a waterfall. */
function drawTrace(spans) {
  const start = Math.min(...spans.map((span) => span.start));
  const whole = Math.max(...spans.map((span) => span.end)) - start;
  const depth = (span) => { const parent = spans.find(({ id }) => id === span.parent); return parent ? 1 + depth(parent) : 0; };
  const inOrder = (parent) => spans.filter((span) => span.parent === parent || (parent === '' && depth(span) === 0))
    .sort((one, other) => one.start - other.start).flatMap((span) => [span, ...inOrder(span.id)]);
  const rows = inOrder('').map((span) => {
    const [from, width] = [(span.start - start) / whole, (span.end - span.start) / whole];
    return `<tr><td class="name" style="padding-left:${10 + 22 * depth(span)}px">${escape(span.name)}</td><td class="bar">
      <i style="left:${100 * from}%;width:max(2px, ${100 * width}%);background:${colours[depth(span)]}"></i></td>
      <td class="time">${formats.s((span.end - span.start) / 1000)}</td></tr>`;
  });
  const scale = [0, 0.25, 0.5, 0.75, 1].map((part) => `<span style="left:${100 * part}%">${part === 0 ? '0' : formats.s(part * whole / 1000)}</span>`);
  return `<table><tr><td class="name head">Span</td><td class="bar head">${scale.join('')}</td><td class="time head">Time</td></tr>${rows.join('')}</table>`;
}

const style = `
  body { margin: 0; padding: 14px; background: #f3f4f6; font: 13px/1.35 "DejaVu Sans", sans-serif; color: #1f2937; width: max-content; }
  h1 { font-size: 17px; margin: 0 0 10px; } h2 { font-size: 12px; margin: 0 0 4px; color: #374151; }
  .panels { display: grid; grid-template-columns: repeat(3, 416px); gap: 10px; } .stats { display: grid; grid-template-columns: repeat(6, 203px); gap: 10px; margin-bottom: 10px; }
  .panel, .stat, table { background: #fff; border: 1px solid #d8dce3; border-radius: 6px; } .panel, .stat { padding: 8px 11px; }
  .stat p { margin: 2px 0; font-size: 23px; color: #2f62c2; } svg text { font-size: 10px; fill: #6b7280; } .grid { stroke: #e5e7eb; }
  .keys { display: flex; flex-wrap: wrap; gap: 1px 11px; font-size: 10.5px; color: #4b5563; min-height: 14px; } .keys i { display: inline-block; width: 9px; height: 9px; border-radius: 2px; margin-right: 4px; }
  table { border-collapse: collapse; } td { padding: 5px 10px; border-top: 1px solid #eceef2; } .name { width: 210px; white-space: nowrap; } .bar { width: 640px; position: relative; padding: 0; }
  .bar i { position: absolute; top: 6px; bottom: 6px; border-radius: 3px; } .time { width: 70px; text-align: right; color: #4b5563; } .head { color: #6b7280; font-size: 11px; height: 15px; border: 0; }
  .head span { position: absolute; top: 5px; white-space: nowrap; transform: translateX(-50%); } .head span:first-child { transform: none; } .head span:last-child { transform: translateX(-100%); }`;

async function save(browser, name, body) {
  const page = await browser.newPage({ viewport: { width: 1320, height: 600 } });
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>${style}</style>${body}`);
  await page.locator('body').screenshot({ path: path.join(root, 'docs/images', name) });
  await page.close();
}

const receiver = await startReceiver();
const metrics = `127.0.0.1:${await freeTcpPort()}`;
const prometheus = await startPrometheus(metrics, '2s');
const tester = spawn('dotnet', [
  'run', '--project', 'loadtests/MediaGateway.LoadTester', '--configuration', 'Release', '--no-build', '--', 'run',
  'loadtests/MediaGateway.LoadTester/scenarios/churn.json', '--viewers', viewers, '--seconds', '45', '--set', `Metrics:Listen=${metrics}`,
], { cwd: root, stdio: 'inherit', env: { ...process.env, ...receiver.environment } });
await waitFor('the gateway is scraped', async () => (await prometheus.query('up == 1')).length === 1, { timeout: 60_000 });
const start = Date.now() / 1000;
await once(tester, 'exit');
const end = (await prometheus.ask('query', { query: 'max_over_time(timestamp(mediagateway_viewers > 0)[5m:1s])' })).result[0].value[1];
const drawn = await Promise.all((await panels()).map(async (panel) => {
  const answers = await Promise.all(panel.queries.map(async ({ query, legend }) => (await prometheus.range(query, start, end, 2))
    .map(({ metric, values }) => ({ name: legendOf(legend, metric), values: values.map(([time, value]) => [time, Number(value)]).filter(([, value]) => !Number.isNaN(value)) }))));
  const series = answers.flat().filter(({ values }) => values.length > 1);
  return { panel, html: series.length > 0 ? drawPanel(panel, series, start, end) : '' };
}));
const html = (wanted) => drawn.filter(({ panel: { kind } }) => (kind === 'stat') === wanted).map((one) => one.html).join('');
const browser = await launchChromium();
await save(browser, 'dashboard.png', `<h1>MediaGateway</h1><div class="stats">${html(true)}</div><div class="panels">${html(false)}</div>`);

const joins = receiver.spans.filter(({ name, ok }) => name === 'join whep' && ok).sort((one, other) => (one.end - one.start) - (other.end - other.start));
const median = joins[Math.floor(joins.length / 2)];
await save(browser, 'trace.png', drawTrace(receiver.spans.filter(({ trace }) => trace === median.trace)));
console.log(`${joins.length} joins`);
await browser.close();
await prometheus.stop();
receiver.close();
