import { type FieldError, HttpProblem } from '#shared/http';

/** Fields that the sentence names; the document's `errors` hold all that were found. */
const MOST_NAMED = 10;

/** The refusal of a request: each wrong field is named once, however much is wrong with it. */
export function invalidRequest(errors: readonly FieldError[]): HttpProblem {
  const fields = [...new Set(errors.map(({ field }) => field))];
  return new HttpProblem({ status: 400, code: 'request-invalid', detail: sentence(fields, errors), errors });
}

function sentence(fields: readonly string[], errors: readonly FieldError[]): string {
  const [only = ''] = fields;
  if (fields.length === 1) {
    const messages = [...new Set(errors.map(({ message }) => message))].join(' ');
    return only === '' ? `The body is wrong. ${messages}` : `One field is wrong: ${only}. ${messages}`;
  }
  const named = fields.slice(0, MOST_NAMED).map((field) => field || 'the body');
  const more = fields.length - named.length;
  const list = more === 0 ? `${named.slice(0, -1).join(', ')} and ${named.at(-1)}` : named.join(', ');
  return `${fields.length} fields are wrong: ${list}${more === 0 ? '' : ` and ${more} more`}.`;
}
