/** The clock's reading as the schema keeps it: ISO 8601, UTC, milliseconds. It sorts as text. */
export function toIso(at: Date): string {
  return at.toISOString()
}

/** @throws RangeError for text that is not such a time. */
export function fromIso(text: string): Date {
  const at = new Date(text)
  if (Number.isNaN(at.getTime()) || at.toISOString() !== text)
    throw new RangeError(`'${text}' is not a UTC time with milliseconds.`)
  return at
}

/** A truth value as the schema keeps it. */
export type Flag = 0 | 1

export function toFlag(value: boolean): Flag {
  return value ? 1 : 0
}

export function fromFlag(flag: number): boolean {
  return flag !== 0
}

declare const shape: unique symbol

/** A text column that holds the JSON of a `T`. Never filtered on: what is searched for has a column of its own. */
export type JsonText<T> = string & { readonly [shape]?: T }

/** @throws TypeError for what JSON cannot hold, such as undefined or a bigint. */
export function toJson<T>(value: T): JsonText<T> {
  const text: string | undefined = JSON.stringify(value)
  if (text === undefined) throw new TypeError('This value has no JSON.')
  return text
}

/** The value `toJson` was given. For text of our own writing: the shape is not checked. @throws SyntaxError */
export function fromJson<T>(text: JsonText<T>): T {
  return JSON.parse(text) as T
}
