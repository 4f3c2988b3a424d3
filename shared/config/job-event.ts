import { join } from 'node:path';
import { processEnvironment } from './environment.ts';

/**
 * The file in which Knative's JobSink hands a Job its event (`$K_EVENT_PATH/event`); undefined where this process is no
 * Job. No setting: nobody sets it but Knative.
 */
export function jobEvent(environment = processEnvironment()): string | undefined {
  const folder = environment.K_EVENT_PATH;
  return folder ? join(folder, 'event') : undefined;
}
