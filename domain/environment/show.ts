/** What the matrix can be narrowed to: services that have it in one of their environments. */
export const matrixShows = ["drift", "rollout", "trouble", "frozen"] as const;
export type MatrixShow = (typeof matrixShows)[number];
