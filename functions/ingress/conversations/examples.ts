/** Ids and times of the examples in the document. */
export const exampleUser = '0193b3f0-4d5e-4000-a000-000000000001';
export const exampleOther = '0193b3f0-4d5e-4000-a000-000000000002';
export const exampleConversation = '0193b3f0-4d5e-4000-a000-00000000000c';
export const exampleMessage = '0193b3f0-4d5e-4000-a000-00000000000e';
export const examplePipeline = '0193b3f0-4d5e-8000-a000-000000000000';
export const exampleTime = '2026-01-02T03:04:05.678Z';
