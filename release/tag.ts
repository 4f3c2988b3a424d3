import { parseArgs } from 'node:util';
import { runCommand, thisCheckout, wordsWrong } from './command.ts';
import { remoteOf } from './remote.ts';
import { tagFunction } from './tag-function.ts';

/** `npm run tag -- <function> <version>`: releases a function by hand. */
await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { remote: { type: 'string', default: 'origin' }, local: { type: 'boolean' } },
  });
  const [name, version, ...more] = positionals;
  if (name === undefined || version === undefined || more.length > 0)
    throw wordsWrong('npm run tag -- <function> <version> [--local] [--remote origin]');
  const checkout = thisCheckout();
  if (values.local === true) return `made ${await tagFunction({ checkout, name, version })}\n`;
  const remote = await remoteOf(checkout.git, values.remote);
  return `made and pushed ${await tagFunction({ checkout, name, version, remote })}\n`;
});
