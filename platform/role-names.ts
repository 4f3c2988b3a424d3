/** The parts of the platform that are processes of their own where it runs on more than one machine. */
export const roleNames = ['ingress', 'streams', 'scheduler', 'adapter', 'dispatcher', 'migrate'] as const;

export type RoleName = (typeof roleNames)[number];
