import { read } from '../dockerfile.mjs';

/** The panels of the Grafana dashboard: { title, unit, kind, queries: [{ query, legend }] }, with its variables filled in. */
export async function panels() {
  const dashboard = JSON.parse(await read('deploy/grafana/mediagateway.json'));
  return dashboard.panels.map(({ title, type, description, fieldConfig, targets }) => ({
    title,
    description,
    kind: type,
    unit: fieldConfig.defaults.unit,
    max: fieldConfig.defaults.max,
    queries: targets.map(({ expr, legendFormat }) => ({
      query: expr.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '15s'), legend: legendFormat,
    })),
  }));
}

/** The names of metrics in a query. */
export const metricsIn = (query) => [...query.replaceAll(/"[^"]*"/g, '""').matchAll(/\b([a-z]+(?:_[a-z0-9]+){1,})\b(?=\s*[{[)]|\s*$| )/g)]
  .map(([, name]) => name)
  .filter((name) => /^(mediagateway|http|process|dotnet)_/.test(name) && !labels.has(name));

const labels = new Set(['http_route', 'http_response_status_code', 'cpu_mode']);
