import type { Auth } from '#shared/auth';
import type { Ledger } from '#shared/ledger';
import type { People } from '../environment.ts';
import type { EraseAccount } from '../operations/account-route.ts';
import type { Route } from '../route.ts';
import { deleteAccountRoute } from './delete-account-route.ts';
import { emailRoutes } from './email-routes.ts';
import { exportRoute } from './export-route.ts';
import { passwordRoutes } from './password-routes.ts';
import { peopleRoutes } from './people-routes.ts';
import { profileRoutes } from './profile-routes.ts';
import { registerRoute } from './register-route.ts';
import { createSendCommand } from './send-command.ts';
import { sessionRoutes } from './session-routes.ts';
import { loginRoute, logoutRoute, refreshRoute } from './sign-in-routes.ts';

/** Accounts and sessions, some of them under the paths of two systems: the same functions answer both. */
export function accountRoutes({
  people,
  auth,
  ledger,
  erase,
}: {
  people: People;
  auth: Auth;
  ledger: Ledger;
  erase: EraseAccount | undefined;
}): Route[] {
  const { accounts, commands, following } = people;
  const send = createSendCommand({ commands });
  return [
    registerRoute({ send, accounts }, '/auth/register', 'register'),
    loginRoute({ send, auth }, '/auth/login', 'login'),
    refreshRoute({ send, auth }),
    logoutRoute({ send, auth }, '/auth/logout', 'logout'),
    ...sessionRoutes({ send, accounts }),
    ...emailRoutes({ send }),
    ...passwordRoutes({ send }),
    ...profileRoutes({ send, accounts }, '/users/me'),
    exportRoute({ people, ledger }),
    ...(erase === undefined ? [] : [deleteAccountRoute({ send, erase }, '/users/me', 'deleteOwnAccount')]),
    ...peopleRoutes({ accounts, following }),
    registerRoute({ send, accounts }, '/api/v1/auth/register', 'registerV1'),
    loginRoute({ send, auth }, '/api/v1/auth/login', 'loginV1'),
    logoutRoute({ send, auth }, '/api/v1/auth/logout', 'logoutV1'),
    ...profileRoutes({ send, accounts }, '/api/v1/users/profile', 'V1'),
    ...(erase === undefined
      ? []
      : [deleteAccountRoute({ send, erase }, '/api/v1/users/account', 'deleteOwnAccountV1')]),
  ];
}
