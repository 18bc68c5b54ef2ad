/*
 * Pictures of every screen in both themes, 1280 by 800:
 *   node packages/console/scripts/screenshots.ts [--out folder]
 * Needs the built console and a Chromium (CHROMIUM says where).
 */
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openScreen, screensOf, useTheme } from '../test/screens.ts'
import { openStand, whyNoStand } from '../test/stand.ts'

const { values } = parseArgs({
  options: { out: { type: 'string', default: join(import.meta.dirname, '../screenshots') } },
})
const reason = whyNoStand()
if (reason === null) await takeAll(resolve(values.out))
else {
  process.stderr.write(`${reason}\n`)
  process.exitCode = 1
}

async function takeAll(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const stand = await openStand()
  try {
    const screens = screensOf(stand.seed)
    for (const signedOut of [true, false]) {
      const { context, page } = await stand.visit(signedOut ? { refusals: true } : { as: 'owner' })
      for (const screen of screens.filter((one) => (one.signedOut ?? false) === signedOut)) {
        await openScreen(page, screen)
        for (const theme of ['light', 'dark'] as const) {
          await useTheme(page, theme)
          await page.screenshot({ path: join(folder, `${screen.name}-${theme}.png`) })
        }
      }
      await context.close()
    }
    process.stdout.write(`${screens.length * 2} pictures in ${folder}\n`)
  } finally {
    await stand.close()
  }
}
