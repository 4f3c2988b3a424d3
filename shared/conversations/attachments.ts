import { HttpProblem } from '#shared/http';
import type { Transaction } from '#shared/ledger';
import { usePictures } from '#shared/pictures';
import type { Attachment } from './fields.ts';
import type { KeptAttachment } from './message-view.ts';

/**
 * What goes along with a message, as it is kept: the author's own, and there. Pictures stay while the message shows them.
 *
 * @throws HttpProblem 400 `attachment-unknown`; Permanent `picture-unknown`
 */
export async function keepAttachments(
  tx: Transaction,
  { id, author, attachments }: { id: string; author: string; attachments: readonly Attachment[] },
): Promise<readonly KeptAttachment[]> {
  if (attachments.length === 0) return [];
  const kept: KeptAttachment[] = [];
  for (const [at, asked] of attachments.entries()) {
    const found = asked.kind === 'picture' ? asked : await ownArtifact(tx, author, asked);
    if (found === undefined) throw unknownArtifact(at);
    kept.push(found);
  }
  const pictures = kept.flatMap((one) => (one.kind === 'picture' ? [one.picture] : []));
  await usePictures(tx, { account: author, ids: [...new Set(pictures)], kind: 'message', of: id });
  return kept;
}

async function ownArtifact(
  tx: Transaction,
  owner: string,
  { kind, pipeline, name, part }: Extract<Attachment, { kind: 'artifact' }>,
): Promise<KeptAttachment | undefined> {
  const [found] = await tx.query<{ type: string; bytes: number }>(ARTIFACT, [
    ...[pipeline, owner, name, part ?? null],
  ]);
  if (found === undefined) return undefined;
  return { kind, pipeline, name, ...(part === undefined ? {} : { part }), ...found };
}

function unknownArtifact(at: number): HttpProblem {
  const message = 'There is no such artifact of yours.';
  const errors = [{ field: `attachments.${at}`, message }];
  return new HttpProblem({ status: 400, code: 'attachment-unknown', detail: message, errors });
}

/** A retried step may have made it twice. */
const ARTIFACT = `
  select a.type, a.bytes::float8 as bytes
  from ledger.run r join ledger.artifact a on a.run = r.id
  where r.id = $1::uuid and r.owner = $2 and a.name = $3 and a.part is not distinct from $4
  order by a.created_at desc limit 1`;
