import { stringify } from 'yaml';
import type { KubernetesObject } from './object.ts';

const HEADER = '# Generated from events.yaml and versions.yaml: npm run generate\n';

/** Objects as one file, a document each. */
export function writeYaml(objects: readonly KubernetesObject[]): string {
  return HEADER + objects.map(document).join('---\n');
}

/** One value as YAML that readers of YAML 1.1 read the same: `"on"` and `"1e3"` are quoted. */
export function document(value: unknown): string {
  return stringify(value, { lineWidth: 0, version: '1.1', aliasDuplicateObjects: false });
}
