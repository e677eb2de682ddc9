/** The forges that there are, in the order in which they are offered. Plain Git comes last: it takes every address. */
export const FORGE_IDS = ['github', 'gitlab', 'gitea', 'git'] as const;

export type ForgeId = (typeof FORGE_IDS)[number];
