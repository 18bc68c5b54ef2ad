import { useRef, useState } from 'react'
import { client, trpc } from '../../session/trpc.ts'
import { edit, useChange } from '../../ui/change.ts'
import { useForm } from '../../ui/form/use-form.ts'
import { type Bot, latestBot, useBot } from '../bot/bot.ts'
import { configurationDraft } from '../bot/bot-drafts.ts'
import { type ServerProblem, serverProblems } from './configuration.ts'
import { formatJson } from './json-text.ts'
import { mergeJsonField } from './merge-json.ts'
import { type Checked, checkJson } from './use-json.ts'

export type Part = 'data' | 'schema'
export type Texts = Record<Part, string>

type Configuration = Bot['configuration']

const textsOf = ({ data, schema }: Configuration): Texts => ({ data: formatJson(data), schema: formatJson(schema) })

/** Data and schema of the bot as two texts of one form, what is wrong with them, and how to save them. */
export function useConfiguration() {
  const { bot, at } = useBot()
  const check = useChecks()
  const [refused, setRefused] = useState<readonly ServerProblem[]>([])
  const before = useRef(bot.configuration)
  const save = useChange(trpc.bot.update.mutationOptions(), {
    show: ({ configuration }) => [
      edit(trpc.bot.get.queryKey(at), (old) => ({
        bot: { ...old.bot, configuration: { ...old.bot.configuration, ...configuration } as Configuration },
      })),
    ],
    refresh: () => [trpc.bot.get.pathFilter(), trpc.bot.list.pathFilter()],
    done: () => 'Configuration saved',
    undo: (_answer, { configuration = {} }) => {
      const { data, schema } = before.current
      const back = { ...(configuration.data && { data }), ...(configuration.schema && { schema }) }
      return () => client.bot.update.mutate({ ...at, configuration: back })
    },
    quiet: true,
  })
  const form = useForm({
    saved: useTexts(bot.configuration),
    latest: async () => {
      before.current = (await latestBot(at)).configuration
      return textsOf(before.current)
    },
    merge: { data: mergeJsonField, schema: mergeJsonField },
    wrong: (texts) => {
      const checked = check(texts)
      return { data: faultIn(checked.data), schema: faultIn(checked.schema) }
    },
    // Only what is different is sent: a schema alone is not held against older data.
    input: (texts, changed) => {
      const { data, schema } = check(texts)
      return {
        ...(changed.data !== undefined && differ(data, before.current.data) && { data: data.value ?? {} }),
        ...(changed.schema !== undefined && differ(schema, before.current.schema) && { schema: schema.value ?? {} }),
      }
    },
    submit: async (configuration) => {
      setRefused([])
      if (Object.keys(configuration).length === 0) return
      try {
        await save.mutateAsync({ ...at, configuration })
      } catch (error) {
        setRefused(serverProblems(error))
        throw error
      }
    },
    draft: configurationDraft(at.id),
  })
  const checked = check(form.values)
  const put = (part: Part, text: string): void => {
    form.set(part, text)
    setRefused([])
  }
  const format = (): void => {
    for (const part of ['data', 'schema'] as const) {
      const { value } = checked[part]
      if (value) form.set(part, formatJson(value))
    }
  }
  const reset = (): void => {
    setRefused([])
    form.reset()
  }
  return { form, checked, refused, put, format, reset }
}

/** Also in the order of names, which people choose; not in blanks. */
function differ({ value }: Checked, before: object): boolean {
  return JSON.stringify(value) !== JSON.stringify(before)
}

function faultIn({ value, problems }: Checked): string | false {
  return problems[0]?.message ?? (value === undefined && 'It is not a JSON object.')
}

/** Two texts of a hundred kilobytes are not written anew each time something is typed. */
function useTexts(configuration: Configuration): Texts {
  const last = useRef<{ of: Configuration; texts: Texts } | null>(null)
  if (last.current?.of !== configuration) last.current = { of: configuration, texts: textsOf(configuration) }
  return last.current.texts
}

/** Checks both texts, each of them once. */
function useChecks(): (texts: Texts) => Record<Part, Checked> {
  const last = useRef<{ texts: Texts; checked: Record<Part, Checked> } | null>(null)
  return (texts) => {
    const before = last.current
    const kept = before?.texts.schema === texts.schema ? before.checked.schema : null
    if (before && kept && before.texts.data === texts.data) return before.checked
    const schema = kept ?? checkJson(texts.schema, 'a schema')
    const checked = { data: checkJson(texts.data, { schema: schema.value }), schema }
    last.current = { texts, checked }
    return checked
  }
}
