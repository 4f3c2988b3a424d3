/** RFC 5321's dot-string and domain, in ASCII: no quotes, no comments, no lists, no line breaks. */
const ADDRESS =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/;

/** Whether it is one address. */
export function isAddress(text: string): boolean {
  return text.length <= 254 && ADDRESS.test(text);
}
