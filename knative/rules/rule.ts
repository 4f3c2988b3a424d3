import type { KubernetesObject } from '../kubernetes/object.ts';

/** What is wrong with an object, each as `path: what`; nothing when it keeps the rule. */
export type Rule = (object: KubernetesObject) => readonly string[];

/** The value at a path such as `spec.template.spec`; undefined where the path ends before. */
export function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((here, step) => {
    if (typeof here !== 'object' || here === null) return undefined;
    return (here as Record<string, unknown>)[step];
  }, value);
}

export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
