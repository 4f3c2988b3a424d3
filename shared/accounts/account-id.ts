const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether somebody may be called so: accounts of tokens that the operator made may have any name. */
export function isAccountId(text: string): boolean {
  return UUID.test(text);
}
