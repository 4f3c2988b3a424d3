import type { FrontDoor } from './front-door.ts';

/** What a pipeline is started with. */
export const FILM_BODY = { topic: 'Why octopuses have three hearts' };

/** A pipeline of `owner` with a film of ten bytes, and a picture of its first scene. */
export async function filmAt(door: FrontDoor): Promise<{ pipeline: string; artifact: string }> {
  const pipeline = await door.start('owner', FILM_BODY);
  await door.work('keyword-fetch', {
    files: { 'video.mp4': { bytes: '0123456789', type: 'video/mp4' } },
    events: [{ type: 'pipeline.keywords.fetched', data: {} }],
  });
  await door.work('generate-script', {
    promises: { name: 'scene', keys: ['scene-001'] },
    events: [{ type: 'scene.scripted', key: 'scene-001', data: {} }],
  });
  await door.work('generate-image', {
    files: { 'illustration.png': { bytes: 'picture', type: 'image/png' } },
  });
  return { pipeline, artifact: `/api/pipelines/${pipeline}/artifacts/video.mp4` };
}
