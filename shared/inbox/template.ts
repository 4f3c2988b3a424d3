import type { EventType } from '#shared/events';

export interface Match {
  readonly type: EventType;
  /** Undefined where the template names none: it belongs to the installation. */
  readonly owner: string | undefined;
  /** With its extension. */
  readonly name: string;
}

const WORD = '[A-Za-z0-9][A-Za-z0-9._@-]{0,99}';

/** Finds the first template of `events.yaml` that a key fits. */
export function createMatcher(
  templates: Readonly<Record<string, EventType>>,
): (key: string) => Match | undefined {
  const patterns = Object.entries(templates).map(([template, type]) => {
    const pattern = template
      .split(/(\{owner\}|\{name\})/)
      .map((part) =>
        part === '{owner}'
          ? `(?<owner>${WORD})`
          : part === '{name}'
            ? '[^/]+'
            : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
      )
      .join('');
    return { type, pattern: new RegExp(`^${pattern}$`, 'u') };
  });
  return (key) => {
    const name = key.split('/').at(-1) ?? '';
    if (name.startsWith('.')) return undefined;
    for (const { type, pattern } of patterns) {
      const found = pattern.exec(key);
      if (found !== null) return { type, owner: found.groups?.owner, name };
    }
    return undefined;
  };
}
