// `make lines`: what viewers with real browsers behind thin and changing lines have of them, as a table. See docs/bandwidth.md.
//   node lines.mjs [RUNS [CASE]]     under tests/netns.sh; BROWSER=firefox for the other one
import { LineBench } from './lib/line-bench.mjs';
import { cases } from './lib/line-cases.mjs';
import { quantile } from './lib/line-figures.mjs';

const [runs = 3, wanted = ''] = process.argv.slice(2);
const browser = process.env.BROWSER ?? 'chromium';
const bench = await LineBench.open({ browser });
let broken = 0;
try {
  await bench.publish();
  console.log(`\n${browser}, ${runs} runs: median (least to greatest)\n\n| Case | Figure | Value | Bound |\n|---|---|--:|--:|`);
  for (const [name, run] of Object.entries(cases).filter(([title]) => title.split(':')[0].split(', ').includes(wanted) || wanted === '')) {
    const results = [];
    for (let i = 0; i < Number(runs); i++) results.push(await run(bench));
    for (const figure of Object.keys(results[0])) console.log(row(name, figure, results.map((result) => result[figure])));
  }
} finally {
  await bench.close();
  if (process.env.GATEWAY_LOG) console.error(bench.gateway.log);
}
process.exitCode = broken === 0 ? 0 : 1;

function row(name, figure, results) {
  const values = results.map(({ value }) => value);
  const median = quantile(values, 0.5);
  const spread = values.length > 1 ? ` (${text(Math.min(...values))} to ${text(Math.max(...values))})` : '';
  const [{ bound, sign }] = results;
  const keeps = bound === undefined || (sign === '<=' ? median <= bound : median >= bound);
  if (!keeps) broken++;
  return `| ${name} | ${figure} | ${text(median)}${spread} | ${bound === undefined ? '' : `${sign} ${bound}${keeps ? '' : ' **broken**'}`} |`;
}

function text(value) {
  if (value === Infinity) return 'never';
  return value < 10 ? value.toFixed(2).replace(/\.?0+$/, '') : String(Math.round(value));
}
