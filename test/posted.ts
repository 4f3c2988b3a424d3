import { randomUUID } from 'node:crypto';
import { type PostDraft, publishPost } from '#shared/posts';
import type { CommandBench } from './command-bench.ts';

/** A post of somebody's that everybody sees; answers its id. */
export async function posted(bench: CommandBench, author: string): Promise<string> {
  const id = randomUUID();
  const draft: PostDraft = { text: 'Hello', visibility: 'public', pictures: [] };
  await bench.within((tx) => publishPost(tx, { id, author, draft }));
  return id;
}
