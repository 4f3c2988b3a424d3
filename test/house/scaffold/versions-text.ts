const FIRST = '0.1.0';

/** Adds a function to the text of `versions.yaml`, where its name belongs in the alphabet. */
export function addVersion(text: string, name: string): string {
  const lines = text.split('\n');
  const line = `${name}: ${FIRST}`;
  const next = lines.findIndex((one) => /^[a-z]/.test(one) && one.slice(0, one.indexOf(':')) > name);
  if (next >= 0) return lines.toSpliced(next, 0, line).join('\n');
  return `${text.trimEnd()}\n${line}\n`;
}
