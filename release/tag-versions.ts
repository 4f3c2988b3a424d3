import { parseArgs } from 'node:util';
import { answer, runCommand, thisCheckout } from './command.ts';
import { tagNewVersions } from './tag-new-versions.ts';

const NO_COMMIT = /^0*$/;

/** The release coordinator (`tag.yml`): a tag for every version of `versions.yaml` that has none. */
await runCommand(async () => {
  const { values } = parseArgs({
    options: { before: { type: 'string' }, remote: { type: 'string' }, output: { type: 'string' } },
  });
  const { before = '', remote } = values;
  const { tagged, again } = await tagNewVersions({
    checkout: thisCheckout(),
    ...(NO_COMMIT.test(before) ? {} : { before }),
    ...(remote === undefined ? {} : { remote }),
  });
  await answer(values.output, { tags: [...tagged, ...again].join(' ') });
  const text = [...tagged.map((tag) => `tagged ${tag}`), ...again.map((tag) => `again ${tag}`)];
  return `${text.join('\n') || 'nothing to tag'}\n`;
});
