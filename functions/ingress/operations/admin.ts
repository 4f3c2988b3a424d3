import type { Principal } from '#shared/auth';
import { HttpProblem } from '#shared/http';

export function isAdmin({ roles }: Principal): boolean {
  return roles.includes('admin');
}

/** @throws HttpProblem 403 `role-missing` */
export function demandAdmin(principal: Principal, what: string): void {
  if (isAdmin(principal)) return;
  throw new HttpProblem({
    status: 403,
    code: 'role-missing',
    detail: `${what}; it needs a token with the role admin.`,
  });
}
