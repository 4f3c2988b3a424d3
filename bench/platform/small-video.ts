import { type BenchPlatform, until } from './platform.ts';

const LIMIT_MS = 180_000;

/** The smallest video there is: it passes every function and lane in a few seconds. */
const request = {
  script: '# Three hearts\n\nThree hearts beat inside an octopus.\n\nThe third stops when the animal swims.',
  size: '320x180',
  seconds: 6,
};

/** Starts one; answers the id of its run. */
export async function startVideo(platform: BenchPlatform): Promise<string> {
  const answer = await platform.ask('/api/pipelines', request);
  if (!answer.ok) throw new Error(`The platform refused a video, ${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}

/** Waits for its end. @throws Error unless it is completed */
export async function finishVideo(platform: BenchPlatform, id: string): Promise<void> {
  const look = async (): Promise<string | undefined> => {
    const answer = await platform.ask(`/api/pipelines/${id}`);
    const { status } = (await answer.json()) as { status: string };
    return status === 'running' || status === 'queued' || status === 'pending' ? undefined : status;
  };
  const status = await until(`the video ${id} is made`, look, LIMIT_MS);
  if (status !== 'completed') throw new Error(`The video ${id} is ${status}, not completed.`);
}
