import { defineFunction } from '#shared/function';
import { setCleaned } from '#shared/pictures';

/** Bytes go after what says so is committed; what dies between the two is done again. */
export default defineFunction({
  name: 'clean-pictures',
  summary:
    'Removes the bytes that were sent once a picture is made of them, and all bytes of a picture that is gone.',
  consumes: ['picture.ready', 'picture.refused', 'picture.removed'],
  needs: ['pictureFiles'],
  async handle(input, { pictureFiles }) {
    for (const { data } of input.all('picture.removed')) await pictureFiles.remove(data);
    const done = [...input.all('picture.ready'), ...input.all('picture.refused')].map(({ data }) => data);
    for (const id of done) await pictureFiles.removeOriginal(id);
    return {
      write: async (tx) => {
        for (const { picture } of done) await setCleaned(tx, picture);
        return {};
      },
    };
  },
});
