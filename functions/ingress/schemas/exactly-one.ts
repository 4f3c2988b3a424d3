/** What the document says of a body that takes one of several fields, and no two. */
export function exactlyOne(...fields: readonly string[]): { oneOf: { required: string[] }[] } {
  return { oneOf: fields.map((field) => ({ required: [field] })) };
}
