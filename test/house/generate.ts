import { writeFile } from 'node:fs/promises';
import { generatedFiles } from './generated-files.ts';
import { inProject } from './project.ts';

/** `npm run generate`: writes everything that follows from `events.yaml`, and completes the lockfile. */
for (const { path, text } of await generatedFiles()) {
  await writeFile(inProject(path), text);
  process.stdout.write(`wrote ${path}\n`);
}
