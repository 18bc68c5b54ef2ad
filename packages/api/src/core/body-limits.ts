const mebibyte = 1024 * 1024

/** What the body of a call may hold. */
export interface BodyLimits {
  bytes: number
  /** Members of objects and items of lists, as far as the input's schema declares them. */
  values: number
}

/** Of every call, unless its procedure says otherwise; of callers without a credential always. */
export const plainBody: BodyLimits = { bytes: mebibyte, values: 20_000 }

/** Of writes that carry the code of a bot (reference 1.3). */
export const codeBody: BodyLimits = { bytes: 64 * mebibyte, values: 20_000 }

/** Of writes that carry the whole definition of an integration, interface or plugin. */
export const definitionBody: BodyLimits = { bytes: 8 * mebibyte, values: 400_000 }
