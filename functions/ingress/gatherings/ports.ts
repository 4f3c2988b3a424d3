import type { Gatherings } from '#shared/gatherings';
import type { PictureLinks, Pictures } from '#shared/pictures';
import type { SendCommand } from '../accounts/send-command.ts';

/** What the routes of events work with. */
export interface EventPorts {
  readonly gatherings: Gatherings;
  readonly pictures: Pictures;
  readonly send: SendCommand;
  readonly links: PictureLinks;
}
