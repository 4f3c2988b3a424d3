import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { generatedFiles, strayFiles } from './generated-files.ts';
import { inProject } from './project.ts';

/** `npm run generate`: writes everything that follows from `events.yaml`, and completes the lockfile. */
const files = await generatedFiles();
for (const { path, text } of files) {
  await mkdir(dirname(inProject(path)), { recursive: true });
  await writeFile(inProject(path), text);
  process.stdout.write(`wrote ${path}\n`);
}
for (const path of await strayFiles(files)) {
  await rm(inProject(path));
  process.stdout.write(`removed ${path}\n`);
}
