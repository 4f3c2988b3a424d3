import { expect, it } from 'vitest';
import { notificationLinks } from './links.ts';

const id = '0193b3f0-4d5e-8000-a000-00000000000a';
const subject = '0193b3f0-4d5e-8000-a000-00000000000b';
const publicUrl = 'https://mill.example';

it.each([
  [undefined, `${publicUrl}/news#${id}`, `${publicUrl}/news`],
  ['https://app.example{path}', `https://app.example/posts/${subject}`, 'https://app.example/notifications'],
  [
    'https://app.example/#/{kind}/{subject}?told={notification}',
    `https://app.example/#/liked/${subject}?told=${id}`,
    'https://app.example/#//?told=',
  ],
])('with APP_URL %s one leads to %s, and all to %s', (appUrl, one, all) => {
  const links = notificationLinks({ publicUrl, appUrl });
  expect([links.to({ id, kind: 'liked', subject }), links.all]).toEqual([one, all]);
});
