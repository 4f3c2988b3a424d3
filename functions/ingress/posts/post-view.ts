import type { z } from '@hono/zod-openapi';
import { type PictureLinks, pictureView } from '#shared/pictures';
import type { Comment, Post, PostArtifact } from '#shared/posts';
import { artifactPath, linkExpiry } from '../pipelines/artifact-view.ts';
import type { comment, post } from './schemas.ts';

/** Links are good for whoever sees the post, and for whom he gives them to. */
export async function postView(found: Post, links: PictureLinks): Promise<z.infer<typeof post>> {
  const { id, author, text, visibility, event, artifact, mentions, likes, comments, liked } = found;
  return {
    ...{ id, author, text, visibility },
    pictures: await Promise.all(found.pictures.map((picture) => pictureView(picture, links))),
    ...(event === null ? {} : { event }),
    ...(artifact === null ? {} : { artifact: await artifactView(artifact, links) }),
    ...{ mentions: [...mentions], likes, comments, liked, createdAt: found.createdAt.toISOString() },
    ...(found.editedAt === null ? {} : { editedAt: found.editedAt.toISOString() }),
  };
}

async function artifactView({ run, name, part, type, bytes }: PostArtifact, { signer, clock }: PictureLinks) {
  const expiresAt = linkExpiry(clock.now());
  const path = artifactPath(run, { name, part: part ?? undefined });
  return {
    ...{ pipeline: run, name, type, bytes, href: await signer.sign({ method: 'GET', path, expiresAt }) },
    ...(part === null ? {} : { part }),
  };
}

export function commentView({ id, author, text, mentions, createdAt }: Comment): z.infer<typeof comment> {
  return { id, author, text, mentions: [...mentions], createdAt: createdAt.toISOString() };
}
