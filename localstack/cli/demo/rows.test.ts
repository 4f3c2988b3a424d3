import { describe, expect, it } from 'vitest';
import { applyChange, type PipelineView, pipelineView } from './pipeline-view.ts';
import { toRows } from './rows.ts';

const step = (fields: Record<string, unknown>) => ({
  name: 'render-scene',
  status: 'waiting',
  attempts: 0,
  progress: 0,
  startedAt: null,
  endedAt: null,
  ...fields,
});

const viewOf = (steps: readonly unknown[], status = 'running'): PipelineView =>
  pipelineView.parse({ id: 'r1', status, steps, artifacts: [] });

const rowsOf = (steps: readonly unknown[]) =>
  toRows({ view: viewOf(steps), now: new Date('2026-01-01T00:00:10Z') });

describe('toRows', () => {
  it('folds the parts of a step into one row, with the time from the first start to the last end', () => {
    const [row] = rowsOf([
      step({
        part: 'scene-001',
        status: 'completed',
        progress: 100,
        startedAt: '2026-01-01T00:00:01Z',
        endedAt: '2026-01-01T00:00:04Z',
      }),
      step({
        part: 'scene-002',
        status: 'completed',
        progress: 100,
        startedAt: '2026-01-01T00:00:02Z',
        endedAt: '2026-01-01T00:00:06.500Z',
      }),
    ]);
    expect(row).toMatchObject({ status: 'completed', parts: 2, done: 2, progress: 1, seconds: 5.5 });
  });

  it('counts the time on while a part is open', () => {
    const [row] = rowsOf([
      step({ part: 'a', status: 'running', progress: 50, startedAt: '2026-01-01T00:00:04Z' }),
      step({ part: 'b' }),
    ]);
    expect(row).toMatchObject({ status: 'running', progress: 0.25, seconds: 6 });
  });

  it('tells a step that waits for its input from one that waits for another try', () => {
    const [idle, again] = rowsOf([
      step({ name: 'mux-video' }),
      step({ name: 'render-tts', retryAt: '2026-01-01T00:00:12Z' }),
    ]);
    expect(idle).toMatchObject({ status: 'queued', seconds: undefined });
    expect(again).toMatchObject({ status: 'waiting' });
  });

  it('shows a failed part as a failed step, whatever the others do', () => {
    const [row] = rowsOf([step({ part: 'a', status: 'completed' }), step({ part: 'b', status: 'failed' })]);
    expect(row).toMatchObject({ status: 'failed', done: 1 });
  });
});

describe('applyChange', () => {
  it('puts a step into its place, and a new part behind the others', () => {
    const before = viewOf([step({ part: 'a' }), step({ part: 'b' })]);
    const after = applyChange(before, step({ part: 'b', status: 'completed' }));
    expect(after?.steps.map(({ part, status }) => `${part} ${status}`)).toEqual(['a waiting', 'b completed']);
    expect(applyChange(after, step({ part: 'c' }))?.steps).toHaveLength(3);
  });

  it('lets the parts of a step take the place of the step that had none yet', () => {
    const first = viewOf([step({}), step({ name: 'mux-video' })]);
    const after = ['a', 'b'].reduce<PipelineView | undefined>(
      (view, part) => applyChange(view, step({ part })),
      first,
    );
    expect(after?.steps.map(({ name, part }) => `${name} ${part}`)).toEqual([
      'render-scene a',
      'render-scene b',
      'mux-video undefined',
    ]);
  });

  it('hears that the pipeline has ended', () => {
    expect(applyChange(viewOf([step({})]), { id: 'r1', status: 'completed' })).toMatchObject({
      status: 'completed',
      steps: [{ name: 'render-scene' }],
    });
  });

  it('lets a whole pipeline replace what was known', () => {
    const before = viewOf([step({ part: 'a' })]);
    expect(applyChange(before, { id: 'r1', status: 'failed', steps: [], artifacts: [] })?.steps).toEqual([]);
  });

  it.each([undefined, null, 'text', 7, {}, { status: 'dancing' }])(
    'ignores %j, which says nothing of it',
    (odd) => {
      const before = viewOf([step({})]);
      expect(applyChange(before, odd)).toBe(before);
    },
  );
});
