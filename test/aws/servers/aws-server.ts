/** A server that speaks the protocols of AWS, ready to be used. */
export interface AwsServer {
  readonly name: 'ministack' | 'localstack' | 'minio' | 'given';
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Ends it and removes what it kept; nothing for a server that was given. */
  stop(): Promise<void>;
  /** Ends it at once, as a power cut would (SIGKILL); its data stays for the next start on the same folder. */
  kill?(): Promise<void>;
}

/** The environment with which any AWS client, ours too, reaches the server. */
export function environmentFor(
  server: Pick<AwsServer, 'endpoint' | 'region' | 'credentials'>,
): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: server.endpoint,
    AWS_REGION: server.region,
    AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
  };
}

/** The server that `AWS_ENDPOINT_URL` names, with the keys of the environment; undefined where none is given. */
export function givenServer(): AwsServer | undefined {
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
  if (!endpoint) return undefined;
  return {
    name: 'given',
    endpoint,
    region: AWS_REGION ?? 'us-east-1',
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID ?? 'test',
      secretAccessKey: AWS_SECRET_ACCESS_KEY ?? 'test',
    },
    stop: async () => undefined,
  };
}
