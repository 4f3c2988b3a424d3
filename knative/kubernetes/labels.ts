export type Component = 'function' | 'platform' | 'database';

/** The labels of everything that belongs to one function or one part of the platform. */
export function labels(options: {
  name: string;
  component: Component;
  version?: string;
  profile?: string;
}): Readonly<Record<string, string>> {
  const { name, component, version, profile } = options;
  return {
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/part-of': 'millrace',
    'app.kubernetes.io/component': component,
    ...(version === undefined ? {} : { 'app.kubernetes.io/version': version }),
    ...(profile === undefined ? {} : { 'millrace/profile': profile }),
  };
}

/** Of pods that may reach what others may not: a server of mail; addresses that people give, which need not be HTTPS. */
export const reaching = {
  mail: { 'millrace/reaches-mail': 'true' },
  web: { 'millrace/reaches-web': 'true' },
};

/** What selects the pods of one name; never with the version, which changes. */
export function selects(name: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'millrace' };
}

/** A version as a part of a name: `0-1-0`. What cannot be changed, such as a Job, has it in its name. */
export function dashed(version: string): string {
  return version.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
