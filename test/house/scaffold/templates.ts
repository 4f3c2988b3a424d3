import { type EventType, eventCatalogue } from '#shared/events';

interface Code {
  readonly name: string;
  readonly on: EventType;
  readonly emits: EventType | undefined;
}

/** A handler that does nothing yet but answers as it should. */
export function functionText({ name, on, emits }: Code): string {
  return `import { defineFunction } from '#shared/function';

export default defineFunction({
  name: '${name}',
  summary: 'Wakes on ${on}: write here in a sentence what it does.',
  consumes: ['${on}'],
  needs: [],
  async handle(input, deps) {
    const { id } = input.one('${on}');
    deps.signal.throwIfAborted();
    deps.log.info({ id }, '${name} works');
    deps.progress(1);
    return ${outcomeText(on, emits)};
  },
});
`;
}

export function testText({ name, on, emits }: Code): string {
  const { key } = eventCatalogue[on];
  const given = `{ type: '${on}', ${key === undefined ? '' : `key: '${key}-001', `}data: eventCatalogue['${on}'].example } as const`;
  const [title, expected] =
    emits === undefined
      ? ['works and emits nothing yet', 'toEqual([])']
      : [`emits ${emits}`, `toMatchObject([{ type: '${emits}', data: eventCatalogue['${emits}'].example }])`];
  return `import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventCatalogue } from '#shared/events';
import { createTestBench, type TestBench } from '../../../test/function-harness.ts';
import definition from './function.ts';

let bench: TestBench;

beforeAll(async () => {
  bench = await createTestBench();
});

afterAll(() => bench.remove());

const event = ${given};

it('${title}', async () => {
  const { published } = await bench.run({ definition, events: [event], ports: {} });
  expect(published).${expected};
});

it('ends when it is cancelled', async () => {
  const signal = AbortSignal.abort(new Error('${name} was cancelled'));
  await expect(bench.run({ definition, events: [event], ports: {}, signal })).rejects.toThrow('cancelled');
});
`;
}

function outcomeText(on: EventType, emits: EventType | undefined): string {
  if (emits === undefined) return '{}';
  const { key, example } = eventCatalogue[emits];
  // The part of the event that woke it is taken by itself.
  const part = key === undefined || key === eventCatalogue[on].key ? '' : `key: '${key}-001', `;
  return `{ emits: [{ type: '${emits}', ${part}data: ${JSON.stringify(example)} }] }`;
}
