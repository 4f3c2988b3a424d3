import type { z } from '@hono/zod-openapi';
import type { UrlSigner } from '#shared/auth';
import type { KeptAttachment, MessageView } from '#shared/conversations';
import type { Clock } from '#shared/function';
import { artifactPath, linkExpiry } from '../pipelines/artifact-view.ts';
import type { message } from './schemas.ts';

type MessageBody = z.infer<typeof message>;

/** Messages as one who may see them gets them, with links that open what goes along. */
export type MessageBodies = (views: readonly MessageView[]) => Promise<MessageBody[]>;

export function createMessageBodies({ signer, clock }: { signer: UrlSigner; clock: Clock }): MessageBodies {
  async function attached(kept: KeptAttachment): Promise<MessageBody['attachments'][number]> {
    if (kept.kind === 'picture') return { ...kept, sizes: [] };
    const path = artifactPath(kept.pipeline, kept);
    return { ...kept, href: await signer.sign({ method: 'GET', path, expiresAt: linkExpiry(clock.now()) }) };
  }

  async function body(view: MessageView): Promise<MessageBody> {
    const { id, conversation, seq, author, text, mentions, replyTo, reactions, version } = view;
    return {
      ...{ id, conversation, seq, author, text, mentions: [...mentions] },
      ...(replyTo === null ? {} : { replyTo }),
      attachments: await Promise.all(view.attachments.map(attached)),
      ...{ reactions: [...reactions], version, sentAt: view.sentAt.toISOString() },
      ...(view.editedAt === null ? {} : { editedAt: view.editedAt.toISOString() }),
      ...(view.deletedAt === null ? {} : { deletedAt: view.deletedAt.toISOString() }),
      hidden: view.isHidden,
    };
  }

  return (views) => Promise.all(views.map(body));
}
