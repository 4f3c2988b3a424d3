/** Rebuilds a JSON value; `replace` answers what stands for an object, or undefined to look inside it. */
export function mapObjects(
  value: unknown,
  replace: (object: Readonly<Record<string, unknown>>) => unknown,
): unknown {
  if (Array.isArray(value)) return value.map((one) => mapObjects(one, replace));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Readonly<Record<string, unknown>>;
  const replaced = replace(object);
  if (replaced !== undefined) return replaced;
  return Object.fromEntries(Object.entries(object).map(([name, one]) => [name, mapObjects(one, replace)]));
}
