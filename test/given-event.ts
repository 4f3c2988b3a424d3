import { randomUUID } from 'node:crypto';
import { gatheringCommand, insertGathering, readContent } from '#shared/gatherings';
import type { CommandBench } from './command-bench.ts';

/** What an owner says of an event, as a command carries it. */
export const tea = {
  title: 'Tea with the hatter',
  description: '',
  place: 'The garden',
  starts: '2030-05-01T18:30:00',
  ends: '2030-05-01T21:00:00',
  zone: 'Europe/Paris',
  visibility: 'public',
  capacity: null,
} as const;

/** An event of somebody's, by rows alone; answers its id. */
export async function givenEvent(bench: CommandBench, owner: string, more: object = {}): Promise<string> {
  const id = randomUUID();
  const content = readContent(gatheringCommand.parse({ ...tea, ...more }));
  await bench.within((tx) => insertGathering(tx, { id, owner, content }));
  return id;
}
