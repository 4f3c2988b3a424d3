/** The host: serves functions. Claims, runs the handler within its limits, commits or reports the failure. */
export { createLaneHost, type LaneHost } from './lane-host.ts';
export { createReceiver } from './receiver.ts';
export { runFunction, type FunctionRun } from './run-function.ts';
