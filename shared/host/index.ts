/** The host: serves functions. Claims, runs the handler within its limits, commits or reports the failure. */
export { startHostLease } from './host-lease.ts';
export { createHostMetrics } from './host-metrics.ts';
export { createLaneHost, type LaneHost } from './lane-host.ts';
export { publicationOf } from './outcome.ts';
export { createProgressReporter } from './progress.ts';
export { createReceiver } from './receiver.ts';
export { type FunctionRun, runFunction } from './run-function.ts';
