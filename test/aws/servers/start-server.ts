import type { AwsServer } from './aws-server.ts';
import { startLocalStack } from './local-stack.ts';
import { startMiniStack } from './mini-stack.ts';
import { startMinio } from './minio.ts';

const starters = { ministack: startMiniStack, localstack: startLocalStack, minio: startMinio };

export type ServerName = keyof typeof starters;

export function isServerName(name: string): name is ServerName {
  return Object.hasOwn(starters, name);
}

/** Starts the server of this name; MiniStack gives way to one that `AWS_ENDPOINT_URL` names. */
export function startServerNamed(name: ServerName): Promise<AwsServer> {
  return starters[name]();
}
