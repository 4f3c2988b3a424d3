/** The host: serves functions. Claims, runs the handler within its limits, commits or reports the failure. */

export { createAdmission } from './admission.ts';
export { callerOf } from './caller.ts';
export { type IncomingEvent, readCloudEvent } from './cloud-event.ts';
export type { CommandAnswer, CommandRequest, Commands } from './commands/commands.ts';
export { createHttpCommands } from './commands/http-commands.ts';
export { createLocalCommands, type HostedCommand } from './commands/local-commands.ts';
export { eventProblem } from './event-problem.ts';
export { createFrameworkServer, frameworkHandler } from './framework-host.ts';
export { startHostLease } from './host-lease.ts';
export { createHostMetrics } from './host-metrics.ts';
export { runJob } from './job.ts';
export { createLaneHost, type LaneHost } from './lane-host.ts';
export { nodeHandler } from './node-handler.ts';
export { type Publication, publicationOf } from './outcome.ts';
export { createProgressReporter } from './progress.ts';
export { createReceiver } from './receiver.ts';
export { type FunctionRun, runFunction } from './run-function.ts';
