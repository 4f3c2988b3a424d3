/** One thing of the plan as it is found on the server. */
export interface Step {
  /** `queue millrace-wake-cpu`. */
  readonly what: string;
  /** `keep`: it is as it should be. `cannot`: this server has no such thing; the platform can do without. */
  readonly state: 'create' | 'change' | 'keep' | 'cannot';
  /** What is made or changed, in a few words. */
  readonly detail: string;
  apply?(): Promise<void>;
}

/** The same data, however its members are ordered, and whether what stands alone is in a list. */
export function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    const entries = value.map(canonical).sort();
    return entries.length === 1 ? (entries[0] ?? '') : `[${entries.join(',')}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? '';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined && member !== '')
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.sort().join(',')}}`;
}
