import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Permanent } from '#shared/errors';
import { readTopology } from '#shared/topology';
import { PLATFORM } from '../images/target.ts';
import { root, runCommand, thisCheckout, wordsWrong } from './command.ts';
import { PATIENCE, PLATFORM_PATIENCE } from './deploy/await-ready.ts';
import { createKubectl } from './deploy/kubectl.ts';
import { promote } from './deploy/promote.ts';
import { rollOut } from './deploy/roll-out.ts';
import { runOf } from './platform.ts';
import { readTag } from './tags.ts';

const USAGE = 'node release/roll-out.ts <function>@v<version> --digest sha256:… | --promote';
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The last steps of `service-pipeline.yml`: one function, or the platform, to staging, or staging to production. */
await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      digest: { type: 'string', default: '' },
      promote: { type: 'boolean' },
      staging: { type: 'string', default: 'millrace-staging' },
      production: { type: 'string', default: 'millrace' },
      'staging-context': { type: 'string', default: 'staging' },
      'production-context': { type: 'string', default: 'production' },
    },
  });
  const ending = new AbortController();
  process.once('SIGTERM', () => ending.abort(new Permanent('ended', 'The roll-out was told to end.')));
  const { signal } = ending;
  const checkout = thisCheckout();
  const topology = readTopology({ path: join(root, 'events.yaml') });
  const staging = createKubectl({ context: values['staging-context'], signal });
  if (values.promote === true) {
    const production = createKubectl({ context: values['production-context'], signal });
    const moved = await promote({
      checkout,
      remote: 'origin',
      topology,
      staging: { namespace: values.staging, cluster: staging, branch: 'main' },
      production: { namespace: values.production, cluster: production, branch: 'production' },
      patience: PATIENCE,
      signal,
    });
    return `production runs ${moved.join(', ') || 'what it ran before'}\n`;
  }
  const [tag = ''] = positionals;
  const release = readTag(tag);
  const run = release && runOf(topology, release.name);
  if (release === undefined || run === undefined || !DIGEST.test(values.digest)) throw wordsWrong(USAGE);
  const ended = await rollOut({
    checkout,
    remote: { name: 'origin', branch: 'main' },
    cluster: staging,
    target: { name: release.name, run, namespace: values.staging },
    after:
      run === 'platform'
        ? undefined
        : {
            target: { name: PLATFORM, run: 'platform', namespace: values.staging },
            patience: PLATFORM_PATIENCE,
          },
    version: release.version,
    digest: values.digest,
    patience: PATIENCE,
    signal,
  });
  return `${tag}: ${ended}\n`;
});
