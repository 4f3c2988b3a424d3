import { z } from '@hono/zod-openapi';
import { PICTURE_SIZES } from '#shared/pictures';

export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const;

const examplePicture = '0193b3f0-4d5e-8000-a000-000000000020';

export const pictureId = z
  .string()
  .openapi({ format: 'uuid', description: 'Id of a picture.', example: examplePicture });
export const pictureSizeName = z
  .enum(PICTURE_SIZES)
  .openapi({ description: 'At most 320, 960 and 1920 pixels a side.', example: 'medium' });

/** In place of the bytes. */
export const pictureUpload = z
  .strictObject({
    upload: z.uuid().openapi({
      description:
        'Id of a finished upload of yours (`POST /api/v1/uploads`): png, jpg or webp, at most 20 MB.',
    }),
  })
  .openapi('PictureUpload', { example: { upload: '0193b3f0-4d5e-4000-a000-000000000021' } });

export const picture = z
  .object({
    id: z.uuid(),
    state: z.enum(['pending', 'ready', 'refused']).openapi({
      description: '`pending`: it is being cleaned and made in its sizes, which takes a moment.',
    }),
    refusal: z.string().optional().openapi({ description: 'Code of why it cannot be shown.' }),
    width: z.int().optional(),
    height: z.int().optional(),
    sizes: z.array(
      z.object({
        name: z.string(),
        width: z.int(),
        height: z.int(),
        bytes: z.int(),
        href: z.string().openapi({ description: 'WebP. Signed: good without a token, for an hour or two.' }),
      }),
    ),
  })
  .openapi('Picture', {
    example: {
      id: examplePicture,
      state: 'ready',
      width: 4_000,
      height: 3_000,
      sizes: [
        {
          name: 'small',
          width: 320,
          height: 240,
          bytes: 12_345,
          href: `/media/${examplePicture}/small?expires=1767326400&signature=abc`,
        },
      ],
    },
  });
