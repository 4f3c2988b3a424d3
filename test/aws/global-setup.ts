import type { TestProject } from 'vitest/node';
import startDatabaseDesk from '../global-setup.ts';
import type { AwsServer } from './servers/aws-server.ts';
import { startMiniStack } from './servers/mini-stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server of this run, for {@link testServer}. */
    awsServer: Pick<AwsServer, 'name' | 'endpoint' | 'region' | 'credentials'>;
  }
}

/** One server for the whole run, and the desk of the shared Postgres. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stopDesk = await startDatabaseDesk(project);
  const server = await startMiniStack();
  const { name, endpoint, region, credentials } = server;
  project.provide('awsServer', { name, endpoint, region, credentials });
  return async () => {
    await server.stop();
    await stopDesk();
  };
}
