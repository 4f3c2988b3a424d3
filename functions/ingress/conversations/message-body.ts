import type { z } from '@hono/zod-openapi';
import type { KeptAttachment, MessageView } from '#shared/conversations';
import { type Picture, type PictureLinks, type Pictures, pictureView } from '#shared/pictures';
import { artifactPath, linkExpiry } from '../pipelines/artifact-view.ts';
import type { message } from './schemas.ts';

type MessageBody = z.infer<typeof message>;

/** Messages as one who may see them gets them, with links that open what goes along. */
export type MessageBodies = (views: readonly MessageView[]) => Promise<MessageBody[]>;

export function createMessageBodies({
  pictures,
  links,
}: {
  pictures: Pictures;
  links: PictureLinks;
}): MessageBodies {
  const { signer, clock } = links;

  /** A picture that its owner deleted is not there any more. */
  async function attached(
    kept: KeptAttachment,
    shown: readonly Picture[],
  ): Promise<MessageBody['attachments'][number] | undefined> {
    if (kept.kind === 'artifact') {
      const path = artifactPath(kept.pipeline, kept);
      return {
        ...kept,
        href: await signer.sign({ method: 'GET', path, expiresAt: linkExpiry(clock.now()) }),
      };
    }
    const found = shown.find(({ id }) => id === kept.picture);
    if (found === undefined) return undefined;
    const { sizes, ...picture } = await pictureView(found, links);
    return { kind: 'picture', picture: { ...picture, sizes: [...sizes] } };
  }

  async function body(view: MessageView, shown: readonly Picture[]): Promise<MessageBody> {
    const { id, conversation, seq, author, text, mentions, replyTo, reactions, version } = view;
    const all = await Promise.all(view.attachments.map((kept) => attached(kept, shown)));
    return {
      ...{ id, conversation, seq, author, text, mentions: [...mentions] },
      ...(replyTo === null ? {} : { replyTo }),
      attachments: all.filter((one) => one !== undefined),
      ...{ reactions: [...reactions], version, sentAt: view.sentAt.toISOString() },
      ...(view.editedAt === null ? {} : { editedAt: view.editedAt.toISOString() }),
      ...(view.deletedAt === null ? {} : { deletedAt: view.deletedAt.toISOString() }),
      hidden: view.isHidden,
    };
  }

  return async (views) => {
    const withPictures = views.filter(({ attachments }) =>
      attachments.some(({ kind }) => kind === 'picture'),
    );
    const ids = withPictures.map(({ id }) => id);
    const shown = ids.length === 0 ? new Map() : await pictures.shownBy({ kind: 'message', ids });
    return Promise.all(views.map((view) => body(view, shown.get(view.id) ?? [])));
  };
}
