import { createFolderMail, createSmtpMail } from '#shared/mail';
import type { PortMaker } from './make-ports.ts';

export const mail: PortMaker<'mail'> = ({ mail: { smtpUrl, folder, from } }) =>
  smtpUrl === undefined ? createFolderMail({ folder, from }) : createSmtpMail({ url: smtpUrl, from });
