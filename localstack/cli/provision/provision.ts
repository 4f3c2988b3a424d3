import { loadConfig } from '#shared/config';
import { Permanent } from '#shared/errors';
import { readTopology } from '#shared/topology';
import { topologyPath } from '../../embedded/paths.ts';
import { createPlan, provision } from '../../provision/index.ts';
import type { Terminal } from '../terminal.ts';

export interface ProvisionWords {
  readonly endpoint?: string;
  readonly origin: readonly string[];
  readonly dryRun?: boolean;
}

/** `millrace provision`: says what S3 and SQS lack of the plan, then makes it. */
export async function provisionCommand({
  terminal,
  words,
}: {
  terminal: Terminal;
  words: ProvisionWords;
}): Promise<void> {
  const { aws, s3, queuePrefix: prefix, buckets } = loadConfig();
  const endpoint = words.endpoint ?? aws.endpoint;
  const region = aws.region ?? (endpoint === undefined ? undefined : 'us-east-1');
  if (endpoint !== undefined && !['http:', 'https:'].includes(URL.parse(endpoint)?.protocol ?? '')) {
    throw new Permanent(
      'endpoint-invalid',
      `--endpoint ${endpoint}: must be a URL like http://127.0.0.1:4566.`,
    );
  }
  const topology = readTopology({ path: topologyPath });
  const plan = createPlan({ topology, prefix, buckets, corsOrigins: words.origin });
  const where = endpoint ?? `AWS${region === undefined ? '' : ` in ${region}`}`;
  terminal.say(`${words.dryRun ? 'What would be done' : 'What is done'} at ${where}:`);
  const { created, changed, kept, cannot } = await provision({
    plan,
    connection: { endpoint, region },
    s3Endpoint: words.endpoint ?? s3.endpoint,
    mode: words.dryRun ? 'dry-run' : 'apply',
    say: (line) => terminal.say(line),
  });
  const verb = words.dryRun ? 'to make' : 'made';
  terminal.say(
    `${created} ${verb}, ${changed} ${words.dryRun ? 'to change' : 'changed'}, ${kept} as they should be.`,
  );
  if (cannot.length > 0) {
    terminal.complain(
      `This server has no such thing: ${cannot.join(', ')}. Wake-ups then go by TRANSPORT=postgres, and the sweep finds what nothing reports.`,
    );
  }
}
