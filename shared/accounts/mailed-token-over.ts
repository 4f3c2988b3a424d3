import { HttpProblem } from '#shared/http';

/** Used, expired, or never ours: which of them is nobody's business. */
export function mailedTokenOver(): HttpProblem {
  return new HttpProblem({
    status: 400,
    code: 'mailed-token-invalid',
    detail: 'This link was used, has expired, or is none of ours; ask for a new one.',
    errors: [{ field: 'token', message: 'It is not good, or no longer.' }],
  });
}
