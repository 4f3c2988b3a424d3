import type { Auth, Principal } from '#shared/auth';
import { MillraceError } from '#shared/errors';
import { HttpProblem } from '#shared/http';

/** A verified caller, and the token that says so. @throws HttpProblem 401 */
export async function callerOf(
  auth: Pick<Auth, 'verify'>,
  headers: Readonly<Record<string, string>>,
): Promise<{ principal: Principal; token: string }> {
  const token = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) throw unauthorized('token-missing', 'Send a token: "Authorization: Bearer …".');
  try {
    return { principal: await auth.verify(token), token };
  } catch (error) {
    if (error instanceof MillraceError && error.code.startsWith('token-'))
      throw unauthorized(error.code, error.message);
    throw error;
  }
}

function unauthorized(code: string, detail: string): HttpProblem {
  return new HttpProblem({ status: 401, code, detail, headers: { 'WWW-Authenticate': 'Bearer' } });
}
