import { inject } from 'vitest';
import type { AwsServer } from './servers/aws-server.ts';

/** The server that this run of the tests stands on; `npm run test:aws` starts it. */
export function testServer(): Pick<AwsServer, 'name' | 'endpoint' | 'region' | 'credentials'> {
  return inject('awsServer');
}
