import { openArchive } from '../../../localstack/cli/bundle/read-archive.ts';

/** Every part of a bundle, unpacked. */
export async function unpack(path: string): Promise<Record<string, string>> {
  const archive = await openArchive({ path, isExpected: () => true, maxBytes: 1e9 });
  try {
    const parts = archive.names.map(
      async (name) => [name, await archive.text(name, { maxBytes: 1e9 })] as const,
    );
    return Object.fromEntries(await Promise.all(parts));
  } finally {
    archive.close();
  }
}
