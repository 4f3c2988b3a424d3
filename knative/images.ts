import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { nearestWord, Permanent } from '#shared/errors';
import { lineIn } from '#shared/topology';
import { REGISTRY } from './installation.ts';

const PAGE = 'digests.yaml';
const versions = z.record(z.string(), z.string());
const pushed = z.record(z.string(), z.string().regex(/^[^\s@]+@sha256:[0-9a-f]{64}$/));

/** Which image a pod of each name runs: what was pushed last, and by version alone where nothing was pushed yet. */
export interface Images {
  version(name: string): string;
  /** `registry/name:version@digest`; without a digest only before the first push. */
  reference(name: string): string;
}

/**
 * Reads which version is wanted (`versions.yaml`), and what was pushed (`digests.yaml`, a line an image:
 * `render-tts: 0.1.0@sha256:…`).
 *
 * @throws Permanent `digests-invalid`, naming lines, values and the nearest words
 */
export function readImages(options: { versions: string; digests: string }): Images {
  const known = versions.parse(parseDocument(options.versions).toJS() ?? {});
  const digests = readDigests(options.digests, Object.keys(known));
  // Between the bump of a version and its push the new tag is in no registry: a cluster that asks for it would wait.
  const runs = (name: string) => digests[name] ?? known[name] ?? '0.0.0';
  return {
    version: (name) => runs(name).split('@')[0] ?? '',
    reference: (name) => `${REGISTRY}/${name}:${runs(name)}`,
  };
}

function readDigests(text: string, names: readonly string[]): Readonly<Record<string, string>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (name: string, what: string) => `${PAGE}:${lineIn(text, [name])}: ${name}: ${what}`;
  const value: unknown = document.errors.length > 0 ? {} : (document.toJS() ?? {});
  const parsed = pushed.safeParse(value);
  const faults = [
    ...document.errors.map(
      ({ pos, message }) => `${PAGE}:${lines.linePos(pos[0]).line}: ${message.split('\n')[0]}`,
    ),
    ...(parsed.error?.issues ?? []).map(({ path: [name = 'page'] }) => {
      const found = JSON.stringify((value as Record<string, unknown>)[String(name)]);
      return at(String(name), `${found} must read 0.1.0@sha256: and 64 hexadecimal digits`);
    }),
    ...Object.keys(parsed.data ?? {})
      .filter((name) => !names.includes(name))
      .map((name) => {
        const meant = nearestWord(name, names);
        const hint = meant === undefined ? 'take the line out' : `did you mean "${meant}"?`;
        return at(name, `versions.yaml does not name it; ${hint}`);
      }),
  ];
  if (faults.length > 0) throw new Permanent('digests-invalid', faults.join('\n'));
  return parsed.data ?? {};
}
