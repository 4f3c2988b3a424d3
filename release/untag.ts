import { parseArgs } from 'node:util';
import { runCommand, thisCheckout, wordsWrong } from './command.ts';
import { remoteOf } from './remote.ts';
import { untagFunction } from './untag-function.ts';

/** `npm run untag -- <function> <version>`: takes a release back. */
await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { remote: { type: 'string', default: 'origin' }, local: { type: 'boolean' } },
  });
  const [name, version, ...more] = positionals;
  if (name === undefined || version === undefined || more.length > 0)
    throw wordsWrong('npm run untag -- <function> <version> [--local] [--remote origin]');
  const checkout = thisCheckout();
  const remote = values.local === true ? undefined : await remoteOf(checkout.git, values.remote);
  const undone = await untagFunction({ checkout, name, version, ...(remote && { remote }) });
  const now =
    undone.version === undefined
      ? `versions.yaml still names ${version}, for there is no older release: it is tagged again with the next change of that page`
      : `versions.yaml names ${undone.version}`;
  return `took back ${undone.tag}; ${now}\n`;
});
