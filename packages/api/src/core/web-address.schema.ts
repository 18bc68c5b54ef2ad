import { z } from 'zod'
import { textUpTo } from './shapes.schema.ts'

/*
 * Addresses that people may get to see as links or pictures. What a browser would run instead of opening it
 * (`javascript:`, `data:`) never comes in; an empty text means none.
 */

function schemeOf(text: string): string | null {
  try {
    return new URL(text).protocol
  } catch {
    return null
  }
}

const isWeb = (text: string): boolean => /^https?:$/.test(schemeOf(text) ?? '')
/** Pictures that hold no program, as SVG can. */
const isPictureData = (text: string): boolean =>
  /^data:image\/(png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=]*$/.test(text)

const web = 'must be a URL that starts with https:// or http://, such as https://example.org'

export const webAddress = (limit = 2048) => textUpTo(limit).refine((text) => text === '' || isWeb(text), web)

export const pictureAddress = (limit = 2048) =>
  textUpTo(limit).refine(
    (text) => text === '' || isWeb(text) || isPictureData(text),
    'must be a URL that starts with https:// or http://, or an image as data:image/png;base64,…',
  )

/** An address on the web, or a bare name such as `@acme`. */
export const socialAccount = textUpTo(2048).refine((text) => isWeb(text) || schemeOf(text) === null, web)

export const contactEmail = textUpTo(254).refine(
  (text) => text === '' || z.email().safeParse(text).success,
  'must be an email address, such as hello@example.org',
)
