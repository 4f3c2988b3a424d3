import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Pipeline, pipeline, stepDetail } from './schemas/pipeline.ts';
import { type FrontDoor, openFrontDoor, problemIn } from './testing/front-door.ts';

// Nothing else is due behind it, so that the worker has the pipeline it means.
let door: FrontDoor;
beforeEach(async () => {
  door = await openFrontDoor();
});
afterEach(() => door.close());

const read = async (as: string, id: string): Promise<Pipeline> => {
  const answer = await door.ask(`/api/pipelines/${id}`, { as });
  expect(answer.status).toBe(200);
  return pipeline.parse(await answer.json());
};

describe('a pipeline as it goes', () => {
  test('steps, parts, progress, failure, retry, cancel and the conflicts between', async () => {
    const id = await door.start('carol');
    await door.work('keyword-fetch', { events: [{ type: 'pipeline.keywords.fetched', data: {} }] });
    const first = await read('carol', id);
    expect(first).toMatchObject({ status: 'running' });
    expect(first.progress).toBeGreaterThan(0);

    await door.work('generate-script', {
      promises: { name: 'scene', keys: ['scene-001', 'scene-002'] },
      events: [
        { type: 'pipeline.script.generated', data: {} },
        { type: 'scene.scripted', key: 'scene-001', data: {} },
        { type: 'scene.scripted', key: 'scene-002', data: {} },
      ],
    });
    const scripted = await read('carol', id);
    expect(
      scripted.steps
        .filter(({ name }) => name === 'generate-image')
        .map(({ part, status }) => [part, status]),
    ).toEqual([
      ['scene-001', 'queued'],
      ['scene-002', 'queued'],
    ]);
    // Promised, though no event has reached them.
    expect(
      scripted.steps.filter(({ name }) => name === 'render-scene').map(({ part, status }) => [part, status]),
    ).toEqual([
      ['scene-001', 'waiting'],
      ['scene-002', 'waiting'],
    ]);
    expect(scripted.progress).toBeGreaterThanOrEqual(first.progress);

    const nothingDead = await door.ask(`/orchestrator/retry/${id}/render-tts`, {
      as: 'carol',
      method: 'POST',
    });
    expect(nothingDead.status).toBe(409);
    expect(await problemIn(nothingDead)).toMatchObject({ code: 'nothing-to-retry' });

    await door.work('render-tts', {
      failure: { code: 'voice-unknown', message: 'There is no voice "bob".' },
    });
    const detail = await door.ask(`/api/pipelines/${id}/steps/render-tts`, { as: 'carol' });
    expect(stepDetail.parse(await detail.json())).toMatchObject({
      name: 'render-tts',
      status: 'failed',
      attempts: 1,
      error: { code: 'voice-unknown', message: 'There is no voice "bob".' },
    });
    await door.work('generate-image');
    await door.work('generate-image', { failure: { code: 'out-of-ink', message: 'No ink.' } });
    await door.work('make-thumbnail');
    const failed = await read('carol', id);
    expect(failed.status).toBe('failed');
    expect(failed.failure?.dead.map(({ step, code }) => [step, code]).sort()).toEqual([
      ['generate-image', 'out-of-ink'],
      ['render-tts', 'voice-unknown'],
    ]);
    expect(failed.links.retry).toContain(`/orchestrator/retry/${id}/render-tts`);
    expect(failed.endedAt).not.toBeNull();

    const parts = await door.ask(`/api/pipelines/${id}/steps/generate-image`, { as: 'carol' });
    const images = stepDetail.parse(await parts.json());
    expect(images).toMatchObject({ name: 'generate-image', status: 'failed', error: { code: 'out-of-ink' } });
    expect(images.parts).toHaveLength(2);

    const retried = await door.ask(`/orchestrator/retry/${id}/render-tts`, { as: 'carol', method: 'POST' });
    expect(retried.status).toBe(202);
    const again = pipeline.parse(await retried.json());
    expect(again.status).toBe('running');
    expect(again.failure).toBeUndefined();
    expect(again.progress).toBeGreaterThanOrEqual(failed.progress);
    expect((await door.ask(`/orchestrator/status/${id}`, { as: 'carol' })).status).toBe(200);

    const unknown = await door.ask(`/orchestrator/retry/${id}/render-tss`, { as: 'carol', method: 'POST' });
    expect(unknown.status).toBe(404);

    const cancelled = await door.ask(`/api/pipelines/${id}/cancel`, { as: 'carol', method: 'POST' });
    expect(cancelled.status).toBe(202);
    expect(pipeline.parse(await cancelled.json())).toMatchObject({ status: 'cancelled' });
    const twice = await door.ask(`/api/pipelines/${id}/cancel`, { as: 'carol', method: 'POST' });
    expect(twice.status).toBe(200);
    const late = await door.ask(`/orchestrator/retry/${id}/render-tts`, { as: 'carol', method: 'POST' });
    expect(await problemIn(late)).toMatchObject({ status: 409, code: 'run-cancelled' });
  });

  test('deleting cancels what goes on, then removes it with its files', async () => {
    const id = await door.start('dora', { script: 'Three hearts beat.' });
    const claim = await door.work('keyword-fetch', {
      files: { 'notes.txt': { bytes: 'x', type: 'text/plain' } },
    });
    await door.artifacts.put(`output/${claim.run}/video.mp4`, Buffer.from('film'));
    const other = await door.start('dora');
    const cancelled = await door.ask(`/api/pipelines/${other}`, { as: 'dora', method: 'DELETE' });
    expect(cancelled.status).toBe(202);
    expect(pipeline.parse(await cancelled.json()).status).toBe('cancelled');

    await door.ask(`/api/pipelines/${id}/cancel`, { as: 'dora', method: 'POST' });
    const gone = await door.ask(`/api/pipelines/${id}`, { as: 'dora', method: 'DELETE' });
    expect(gone.status).toBe(204);
    expect((await door.ask(`/api/pipelines/${id}`, { as: 'dora' })).status).toBe(404);
    expect((await door.ask(`/api/pipelines/${id}`, { as: 'dora', method: 'DELETE' })).status).toBe(404);
    for (const prefix of [`runs/${id}/`, `output/${id}/`]) {
      expect((await door.artifacts.list(prefix)).objects, prefix).toEqual([]);
    }
    expect((await door.ask(`/api/pipelines/${other}`, { as: 'dora' })).status).toBe(200);
  });
});
