import type { z } from 'zod';
import { nearestWord } from '#shared/errors';
import type { FieldError } from './problem.ts';

/**
 * What zod found, in words for people: the field, the value's kind, the limit, and the nearest valid name.
 *
 * `within` is put before every path (`query`, `header`); `known` are the names that an object may have. Parse with
 * `reportInput`, so that the nearest valid word of a wrong one can be named.
 */
export function fieldErrors({
  issues,
  within = '',
  known = [],
}: {
  issues: readonly z.core.$ZodIssue[];
  within?: string;
  known?: readonly string[];
}): FieldError[] {
  return issues.slice(0, 20).flatMap((issue) => describe(issue, within, known));
}

function describe(issue: z.core.$ZodIssue, within: string, known: readonly string[]): FieldError[] {
  const field = pathOf(within, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys
        .slice(0, 20)
        .map((key) => unknownField(pathOf(within, [...issue.path, key]), key, known));
    case 'invalid_value':
      return [
        {
          field,
          message: `This must be ${issue.values.map((value) => JSON.stringify(value)).join(', ')}.${meant(issue.input, issue.values.map(String))}`,
          limit: issue.values.map(String),
        },
      ];
    case 'too_big':
      return [
        { field, message: `At most ${issue.maximum}${unitOf(issue.origin)}.`, limit: Number(issue.maximum) },
      ];
    case 'too_small':
      return [
        { field, message: `At least ${issue.minimum}${unitOf(issue.origin)}.`, limit: Number(issue.minimum) },
      ];
    case 'invalid_type':
      return [
        { field, message: missing(issue) ? 'This is required.' : `This must be of type ${issue.expected}.` },
      ];
    case 'invalid_key':
      return [
        { field, message: `The name ${quote(issue.path.at(-1))} is not taken: ${words(issue.issues)}.` },
      ];
    case 'invalid_format':
      return [{ field, message: issue.format === 'uuid' ? idMessage(issue.input) : issue.message }];
    case 'custom':
      return [{ field, message: issue.message, ...limitOf(issue.params?.limit) }];
    default:
      return [{ field, message: issue.message }];
  }
}

/** A refinement names its limit in `params`. */
function limitOf(limit: unknown): Pick<FieldError, 'limit'> {
  return typeof limit === 'number' || typeof limit === 'string' ? { limit } : {};
}

function missing(issue: z.core.$ZodIssueInvalidType): boolean {
  return issue.input === undefined && issue.message.endsWith('received undefined');
}

/** An id is often what somebody is called: that is looked for elsewhere. */
function idMessage(given: unknown): string {
  return `This must be an id (a UUID, as in 0193b3f0-4d5e-8000-a000-000000000010)${given === undefined ? '' : `, not ${quote(given)}`}.`;
}

function words(issues: readonly { readonly message: string }[]): string {
  return issues.map(({ message }) => message).join('; ');
}

/** The nearest valid word, where the wrong value was near to one. */
function meant(given: unknown, valid: readonly string[]): string {
  const nearest = typeof given === 'string' ? nearestWord(given, valid) : undefined;
  return nearest === undefined ? '' : ` Did you mean ${quote(nearest)}?`;
}

function unknownField(field: string, key: string, known: readonly string[]): FieldError {
  const nearest = nearestWord(key, known);
  const hint = nearest === undefined ? `The fields are ${known.join(', ')}.` : `Did you mean "${nearest}"?`;
  return {
    field: field.slice(0, 200),
    message: `There is no field ${quote(key)}. ${hint}`,
    limit: known,
  };
}

function unitOf(origin: string): string {
  switch (origin) {
    case 'string':
      return ' characters';
    case 'array':
    case 'set':
    case 'map':
      return ' entries';
    default:
      return '';
  }
}

function pathOf(within: string, path: readonly PropertyKey[]): string {
  return [within, ...path.map(String)].filter((part) => part !== '').join('.');
}

/** A value of the caller's, short enough to be shown and with nothing that a terminal would act on. */
export function quote(value: unknown, maxLength = 60): string {
  const text = JSON.stringify(typeof value === 'string' ? value : String(value));
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 2)}…"`;
}
