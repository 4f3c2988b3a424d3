import { appUrl, baseUrl, mailbox, smtpUrl } from '../readers.ts';
import { variable } from './variable.ts';

/** Mails, and where their links lead. */
export const mail = {
  PUBLIC_URL: variable({
    read: baseUrl,
    rule: 'a URL like https://millrace.example.org',
    about: 'Where people reach the HTTP interface: links in mails begin so. Default http://localhost:PORT.',
  }),
  APP_URL: variable({
    read: appUrl,
    rule: 'a URL like https://app.example.org or https://app.example.org/#/open/{kind}/{subject}, with {path}, {kind}, {subject} or {notification}',
    about:
      'Your own app: links of notifications lead there, {path} (appended where none is named) to what each is about. Default: they lead to a page of ours.',
  }),
  SMTP_URL: variable({
    read: smtpUrl,
    rule: 'a URL like smtps://user:password@mail.example.org or smtp://localhost:25?tls=off',
    about: 'The server that sends mails. Default: they are kept as files in DATA_DIR/mail.',
    secret: true,
  }),
  MAIL_FROM: variable({
    read: mailbox,
    otherwise: { name: 'Millrace', address: 'millrace@localhost' },
    rule: 'an address like millrace@example.org or Millrace <millrace@example.org>',
    about: 'Who mails come from. Default Millrace <millrace@localhost>.',
  }),
};
