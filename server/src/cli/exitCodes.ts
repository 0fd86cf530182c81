/** In order of precedence: wrong usage, findings, not verified, good. Part of what scripts rely on. */
export const exitCodes = { wrongUsage: 2, findings: 1, notVerified: 3, good: 0 } as const;
