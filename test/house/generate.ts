import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generatedFiles } from './generated-files.ts';
import { inProject } from './project.ts';

/** `npm run generate`: writes everything that follows from `events.yaml`, and completes the lockfile. */
for (const { path, text } of await generatedFiles()) {
  await mkdir(dirname(inProject(path)), { recursive: true });
  await writeFile(inProject(path), text);
  process.stdout.write(`wrote ${path}\n`);
}
