/** Roles of a workspace, from least to most; `billing` stands beside: reads like a viewer, plus money (reference 3). */
export const roles = ['viewer', 'billing', 'developer', 'manager', 'administrator', 'owner'] as const
export type Role = (typeof roles)[number]
