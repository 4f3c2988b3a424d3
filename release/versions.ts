import { valid } from 'semver';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { nearestWord, Permanent } from '#shared/errors';

/** The page that says which version of every function is deployed. */
export const VERSIONS_PAGE = 'versions.yaml';

/** Version by function. */
export type Versions = Readonly<Record<string, string>>;

const page = z.record(
  z.string(),
  z.string().refine((text) => valid(text) === text),
);

/**
 * Reads the text of `versions.yaml`.
 *
 * @throws Permanent `versions-invalid`
 */
export function readVersions(text: string): Versions {
  const document = parseDocument(text);
  const parsed = page.safeParse(document.toJS() ?? {});
  if (document.errors.length === 0 && parsed.success) return parsed.data;
  const faults = [
    ...document.errors.map(({ message }) => message.split('\n')[0]),
    ...(parsed.error?.issues.map(({ path }) => `${path.join('.') || 'page'} is no version such as 0.1.0`) ??
      []),
  ];
  throw new Permanent('versions-invalid', faults.map((fault) => `${VERSIONS_PAGE}: ${fault}`).join('\n'));
}

/** The text with other versions for some functions; every other character stays. */
export function withVersions(text: string, changed: Versions): string {
  return Object.entries(changed).reduce((page, [name, version]) => {
    const line = new RegExp(`^(${name}[ \\t]*:[ \\t]*)(["']?)[^\\s"'#]+\\2`, 'm');
    if (!line.test(page)) throw unknownFunction(name, readVersions(text));
    return page.replace(line, `$1${version}`);
  }, text);
}

/** @throws Permanent `function-unknown`, naming the nearest function */
export function versionOf(versions: Versions, name: string): string {
  const version = Object.hasOwn(versions, name) ? versions[name] : undefined;
  if (version === undefined) throw unknownFunction(name, versions);
  return version;
}

function unknownFunction(name: string, versions: Versions): Permanent {
  const meant = nearestWord(name, Object.keys(versions));
  return new Permanent(
    'function-unknown',
    `${VERSIONS_PAGE} names no function "${name}"; ` +
      (meant === undefined
        ? `it names: ${Object.keys(versions).join(', ') || 'none'}.`
        : `did you mean "${meant}"?`),
  );
}
