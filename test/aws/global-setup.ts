import type { TestProject } from 'vitest/node';
import startDatabaseDesk from '../global-setup.ts';
import type { AwsServer } from './servers/aws-server.ts';
import { isServerName, startServerNamed } from './servers/start-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server of this run, for `testServer()`. */
    awsServer: Pick<AwsServer, 'name' | 'endpoint' | 'region' | 'credentials'>;
  }
}

/** One server for the whole run, and the desk of the shared Postgres. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const wanted = process.env.TEST_AWS_SERVER || 'ministack';
  if (!isServerName(wanted))
    throw new Error(`TEST_AWS_SERVER=${wanted} is none of ministack, localstack, minio.`);
  const stopDesk = await startDatabaseDesk(project);
  const server = await startServerNamed(wanted);
  const { name, endpoint, region, credentials } = server;
  project.provide('awsServer', { name, endpoint, region, credentials });
  return async () => {
    await server.stop();
    await stopDesk();
  };
}
