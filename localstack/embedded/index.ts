/** The supervisor of one machine: Postgres, ingress, scheduler thread and a worker process for each lane. */
export { type Platform, startPlatform } from './start-platform.ts';
