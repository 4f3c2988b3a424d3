/** Grafana's dashboards: the whole platform, one function, one run. */
import { grafana } from './dashboard.ts';
import { oneFunction } from './one-function.ts';
import { oneRun } from './one-run.ts';
import { overview } from './overview.ts';

/** By name of file. */
export const dashboards: Readonly<Record<string, object>> = {
  'overview.json': grafana(overview),
  'one-function.json': grafana(oneFunction),
  'one-run.json': grafana(oneRun),
};
