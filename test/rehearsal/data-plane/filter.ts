import { z } from 'zod';
import type { CloudEvent } from './cloud-event.ts';

const words = z.record(z.string(), z.string());

/** `filter` and `filters` of a Trigger, as far as they are emulated. */
export const filterSpec = z.object({
  filter: z.object({ attributes: words.optional() }).optional(),
  filters: z
    .array(
      z.union([
        z.strictObject({ exact: words }),
        z.strictObject({ prefix: words }),
        z.strictObject({ suffix: words }),
      ]),
    )
    .optional(),
});
export type FilterSpec = z.infer<typeof filterSpec>;

/** Whether a Trigger wants an event. `filters` overrides `filter`, in which an empty word means that there is one. */
export function wants({ filter, filters }: FilterSpec, { attributes }: CloudEvent): boolean {
  const all = (wanted: Record<string, string>, holds: (has: string, word: string) => boolean): boolean =>
    Object.entries(wanted).every(([name, word]) => {
      const has = attributes[name];
      return has !== undefined && holds(has, word);
    });
  if (filters !== undefined && filters.length > 0)
    return filters.every((each) => {
      if ('exact' in each) return all(each.exact, (has, word) => has === word);
      if ('prefix' in each) return all(each.prefix, (has, word) => has.startsWith(word));
      return all(each.suffix, (has, word) => has.endsWith(word));
    });
  return all(filter?.attributes ?? {}, (has, word) => word === '' || has === word);
}
