import { processEnvironment } from './environment.ts';

/** Where a fault test lays down what dies at which named point (`MILLRACE_FAULTS`); undefined in production. */
export function faultFolder(): string | undefined {
  const folder = processEnvironment().MILLRACE_FAULTS;
  return folder === '' ? undefined : folder;
}
