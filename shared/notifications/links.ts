import { type NotificationRow, pathOf } from './view.ts';

/** Our own page of what people are told of, where no app of the operator's shows it. */
export const NEWS_PATH = '/news';

/** Where a notification is looked at. */
type About = Pick<NotificationRow, 'id' | 'kind' | 'subject'>;

/** Addresses that people open: never one of the HTTP interface, which answers them with JSON. */
export interface NotificationLinks {
  /** Of one notification. */
  to(about: About): string;
  /** Of the whole list. */
  readonly all: string;
}

/**
 * Links into the operator's app, or to our own page.
 *
 * @param options `appUrl`: a template with `{path}`, `{kind}`, `{subject}`, `{notification}`, as `APP_URL` is read
 */
export function notificationLinks({
  publicUrl,
  appUrl,
}: {
  publicUrl: string;
  appUrl: string | undefined;
}): NotificationLinks {
  if (appUrl === undefined) {
    const all = `${publicUrl}${NEWS_PATH}`;
    return { to: ({ id }) => `${all}#${id}`, all };
  }
  return {
    to: (about) => appLink(appUrl, about),
    all: filled(appUrl, { path: '/notifications', kind: '', subject: '', notification: '' }),
  };
}

/** The link of one notification into the operator's app. */
export function appLink(appUrl: string, { id, kind, subject }: About): string {
  return filled(appUrl, { path: pathOf({ kind, subject }), kind, subject, notification: id });
}

/** Paths, kinds and ids are of letters, digits, dashes and slashes: good as they are in each part of a URL (RFC 3986). */
function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
