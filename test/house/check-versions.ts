import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { MillraceError } from '#shared/errors';
import { readTopology } from '#shared/topology';
import { PLATFORM } from '../../images/target.ts';
import type { HouseCheck } from './check.ts';
import { inProject } from './project.ts';

const PAGE = 'versions.yaml';
const versions = z.record(z.string(), z.unknown());
const SEMANTIC = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

/** `versions.yaml` has one line for each function of `events.yaml`, one for the platform, and no other. */
export const versionsCheck: HouseCheck = {
  name: 'versions.yaml names exactly the functions of events.yaml, and the platform',
  run: async () => {
    const document = parseDocument(await readFile(inProject(PAGE), 'utf8').catch(() => ''));
    const parsed = versions.safeParse(document.toJS() ?? {});
    if (document.errors.length > 0 || !parsed.success) {
      return [
        `${PAGE}: must be a map, a line for each function: render-tts: 0.1.0`,
        ...document.errors.map(String),
      ];
    }
    try {
      const names = readTopology({ path: inProject('events.yaml') }).functions.map(({ name }) => name);
      return compare(parsed.data, [...names, PLATFORM]);
    } catch (error) {
      // What is wrong with events.yaml is said by its own check.
      if (error instanceof MillraceError) return [];
      throw error;
    }
  },
};

function compare(found: Readonly<Record<string, unknown>>, names: readonly string[]): readonly string[] {
  return [
    ...names
      .filter((name) => !Object.hasOwn(found, name))
      .map((name) => `${PAGE}: add the line: ${name}: 0.1.0`),
    ...Object.keys(found)
      .filter((name) => !names.includes(name))
      .map((name) => `${PAGE}: names ${name}, which is no function of events.yaml; take the line out`),
    ...Object.entries(found)
      .filter(([, version]) => typeof version !== 'string' || !SEMANTIC.test(version))
      .map(([name, version]) => `${PAGE}: ${name}: "${version}" is no version such as 0.1.0`),
  ];
}
