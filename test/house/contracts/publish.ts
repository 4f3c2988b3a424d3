import { mkdir, writeFile } from 'node:fs/promises';
import { inProject } from '../project.ts';
import { API_PATH, brokenContracts, EVENTS_PATH } from './check.ts';
import { presentApi, presentEvents } from './present.ts';

/** `npm run contracts`, at a release: what stands now is what is promised. `-- --major` may break promises. */
const broken = await brokenContracts();
if (broken.length > 0 && !process.argv.includes('--major')) {
  process.stdout.write(`These promises would be broken:\n${broken.map((line) => `  ${line}\n`).join('')}`);
  process.stdout.write('Mend them, or release a major version: npm run contracts -- --major\n');
  process.exitCode = 1;
} else {
  await mkdir(inProject('docs/contracts'), { recursive: true });
  await writeFile(inProject(EVENTS_PATH), `${JSON.stringify(presentEvents(), null, 2)}\n`);
  await writeFile(inProject(API_PATH), `${JSON.stringify(await presentApi(), null, 2)}\n`);
  process.stdout.write(`${EVENTS_PATH} and ${API_PATH} are written.\n`);
}
