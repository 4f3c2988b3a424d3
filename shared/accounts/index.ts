/** People's accounts and where they are signed in: what is taken for a name, refresh tokens, and who guesses too often. */
export { isAccountId } from './account-id.ts';
export { type Account, type Accounts, createAccounts, type SessionView } from './accounts.ts';
export { deleteAccount } from './delete-account.ts';
export { aboutText, displayName, emailAddress, handle, newPassword } from './fields.ts';
export { createGuesses, type Guess, type Guesses } from './guesses.ts';
export { insertAccount, type NewAccount } from './insert-account.ts';
export { readRefreshToken } from './refresh-token.ts';
export type { PeopleQuery, Person } from './search.ts';
export { endSession, openSession, type RefreshedSession, refreshSession, revokeSession } from './sessions.ts';
export { type Profile, type UpdatedProfile, updateProfile } from './update-profile.ts';
