import type { PictureLinks } from '#shared/pictures';
import type { Feed, Posts } from '#shared/posts';
import type { SendCommand } from '../accounts/send-command.ts';

/** What the routes of posts work with. */
export interface PostPorts {
  readonly posts: Posts;
  readonly feed: Feed;
  readonly send: SendCommand;
  readonly links: PictureLinks;
}
