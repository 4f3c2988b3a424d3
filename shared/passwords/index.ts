/** Passwords: argon2id hashes that take as long for somebody who does not exist, off the event loop and few at a time. */
export { createPasswords, type Passwords } from './passwords.ts';
