/** Mail: checked, written as plain text and HTML, and sent by SMTP, or kept in a folder where no server is configured. */
export { createFolderMail } from './folder-mail.ts';
export {
  createLetters,
  type Letter,
  type LetterContent,
  type LetterRequest,
  type Letters,
  type LetterTemplate,
} from './letters.ts';
export type { Mail, Message, Sender, Sent } from './port.ts';
export { createSmtpMail } from './smtp-mail.ts';
