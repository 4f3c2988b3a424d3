import { MillraceError } from '#shared/errors';
import { defineFunction, type Outcome } from '#shared/function';
import { makeSizes, setReady, setRefused } from '#shared/pictures';

/** What is no picture is no failure of ours: its owner is told why it is not shown. */
export default defineFunction({
  name: 'ingest-image',
  summary: 'Cleans a picture of what it tells about its maker, turns it upright and makes it in a few sizes.',
  consumes: ['picture.received'],
  needs: ['pictureFiles'],
  async handle(input, { pictureFiles, signal, progress }): Promise<Outcome> {
    const id = input.one('picture.received').data;
    try {
      const { width, height, sizes } = await makeSizes(
        await pictureFiles.original({ ...id, signal }),
        signal,
      );
      progress(0.5, 'its sizes are made');
      for (const { name, bytes } of sizes) await pictureFiles.write({ ...id, size: name, bytes, signal });
      const rows = sizes.map(({ bytes, ...size }) => ({ ...size, bytes: bytes.length }));
      return {
        write: async (tx) => {
          const isWanted = await setReady(tx, { picture: id.picture, width, height, sizes: rows });
          return { events: [{ type: isWanted ? 'picture.ready' : 'picture.removed', data: id }] };
        },
      };
    } catch (error) {
      if (!(error instanceof MillraceError) || error.kind !== 'permanent') throw error;
      const { code } = error;
      return {
        write: async (tx) => {
          const isWanted = await setRefused(tx, { picture: id.picture, code });
          return {
            events: [
              isWanted
                ? { type: 'picture.refused', data: { ...id, code } }
                : { type: 'picture.removed', data: id },
            ],
          };
        },
      };
    }
  },
});
