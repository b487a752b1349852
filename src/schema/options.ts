/** That our own schemas are schemas is for a test to check, not for every start. */
export const AJV_OPTIONS = {
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  strictTypes: false,
  validateSchema: false,
  meta: false,
  code: { optimize: false },
} as const;
