import { z } from '@hono/zod-openapi';

/** RFC 9457, with our `code` and `errors`. */
export const problem = z
  .object({
    type: z.string().openapi({ description: 'A URI that names the kind of problem.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: 'What was wrong here, with which value, and what to do.' }),
    code: z.string().openapi({ description: 'Stable word for programs: lower case with dashes.' }),
    instance: z
      .string()
      .optional()
      .openapi({ description: 'The id of this request; it also stands in the log.' }),
    errors: z
      .array(
        z.object({
          field: z.string().openapi({ description: 'Path of the field; empty for the body as a whole.' }),
          message: z.string(),
          limit: z
            .union([z.number(), z.string(), z.array(z.union([z.string(), z.number()]))])
            .optional()
            .openapi({ description: 'The limit that was passed, or the values that are taken.' }),
        }),
      )
      .optional(),
  })
  .openapi('Problem', {
    description: 'A problem document (RFC 9457).',
    example: {
      type: 'urn:millrace:problem:request-invalid',
      title: 'The request is not valid',
      status: 400,
      detail: 'One field is wrong: format. This must be "long", "short", "square".',
      code: 'request-invalid',
      instance: 'urn:millrace:request:5d0c7f0e-1f6e-4a6b-9d0b-0d8b3b6d5a52',
      errors: [
        {
          field: 'format',
          message: 'This must be "long", "short", "square".',
          limit: ['long', 'short', 'square'],
        },
      ],
    },
  });
