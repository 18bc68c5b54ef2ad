import { useRef, useState } from 'react'
import { useCommands } from '../../commands/command-center.tsx'
import { type Failure, failureOf } from '../../base/failure.ts'
import { client, trpc } from '../../session/trpc.ts'
import { Button } from '../../ui/button.tsx'
import { edit, useChange } from '../../ui/change.ts'
import { cx } from '../../ui/cx.ts'
import { ErrorNote } from '../../ui/error-state.tsx'
import { UnsavedGuard } from '../../ui/form/form.tsx'
import { same } from '../../ui/form/paths.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { type Bot, useBot } from '../bot/bot.ts'
import { useBotRights } from '../bot/bot-rights.ts'
import { type ServerProblem, serverProblems } from './configuration.ts'
import { JsonEditor } from './json-editor.tsx'
import { formatJson } from './json-text.ts'
import { type Problem, useJsonData, useJsonSchema } from './use-json.ts'

/** Bytes of JSON that the server takes at most. */
const most = { data: 20_480, schema: 102_400 }

type Part = 'data' | 'schema'

interface Texts {
  data: string
  schema: string
}

const textsOf = ({ data, schema }: Bot['configuration']): Texts => ({
  data: formatJson(data),
  schema: formatJson(schema),
})

/** Data and its JSON Schema as text, checked as they are typed and again by the server. */
export function ConfigurationTab() {
  const { bot, at } = useBot()
  const { change: mayChange } = useBotRights()
  // What stood there when this was last loaded or saved; a change from elsewhere is offered, never put over one's own.
  const [base, setBase] = useState(bot.configuration)
  const [texts, setTexts] = useState(() => textsOf(bot.configuration))
  const [refused, setRefused] = useState<readonly ServerProblem[]>([])
  const [failure, setFailure] = useState<Failure | null>(null)
  const [part, setPart] = useState<Part>('data')
  const schema = useJsonSchema(texts.schema)
  const data = useJsonData(texts.data, schema.value)
  const saved = textsOf(base)
  const dirty = texts.data !== saved.data || texts.schema !== saved.schema
  const elsewhere = !same(bot.configuration, base)
  if (elsewhere && !dirty) {
    setBase(bot.configuration)
    setTexts(textsOf(bot.configuration))
  }
  const undoTo = useRef<Partial<Bot['configuration']>>({})
  const save = useChange(trpc.bot.update.mutationOptions(), {
    show: ({ configuration }) => [
      edit(trpc.bot.get.queryKey(at), (old) => ({
        bot: { ...old.bot, configuration: { ...old.bot.configuration, ...configuration } as Bot['configuration'] },
      })),
    ],
    refresh: () => [trpc.bot.get.pathFilter(), trpc.bot.list.pathFilter()],
    done: () => 'Configuration saved',
    undo: () => {
      const configuration = undoTo.current
      return () => client.bot.update.mutate({ ...at, configuration })
    },
    quiet: true,
  })
  const broken =
    data.value === undefined || schema.value === undefined || data.problems.length + schema.problems.length > 0
  const ready = mayChange && dirty && !broken && !save.isPending
  const submit = async (): Promise<void> => {
    if (!data.value || !schema.value || !ready) return
    setFailure(null)
    setRefused([])
    const next = { data: data.value, schema: schema.value }
    undoTo.current = changedParts(next, base)
    try {
      await save.mutateAsync({ ...at, configuration: changedParts(base, next) })
      setBase(next)
      setTexts(textsOf(next))
    } catch (error) {
      const problems = serverProblems(error)
      setRefused(problems)
      if (problems.length === 0) setFailure(failureOf(error))
    }
  }
  const put = (name: Part) => (text: string) => {
    setTexts((old) => ({ ...old, [name]: text }))
    setRefused([])
  }
  const format = (): void =>
    setTexts((old) => ({
      data: data.value ? formatJson(data.value) : old.data,
      schema: schema.value ? formatJson(schema.value) : old.schema,
    }))
  useCommands({
    ...(mayChange && { 'bot.saveConfiguration': () => void submit(), 'bot.formatConfiguration': format }),
  })
  const said = (name: Part): Problem[] =>
    refused
      .filter((problem) => problem.part === name)
      .map(({ path, message }) => ({
        ...(name === 'data' ? data : schema).positionOf(path),
        path: path.join('.'),
        message,
      }))
  const problems = { data: [...data.problems, ...said('data')], schema: [...schema.problems, ...said('schema')] }
  const hasSchema = schema.value !== undefined && Object.keys(schema.value).length > 0

  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <p className="flex-1 text-n11">
          {mayChange
            ? 'What the bot is set to, and the JSON Schema that it has to fit. Saving takes effect at once, without a deployment.'
            : 'What the bot is set to, and the JSON Schema that it has to fit. Your role reads it.'}
        </p>
        <Segmented
          label="Part"
          className="xl:hidden"
          value={part}
          onChange={setPart}
          options={[
            { value: 'data', label: `Data${marked(problems.data)}` },
            { value: 'schema', label: `Schema${marked(problems.schema)}` },
          ]}
        />
        {mayChange && (
          <>
            <Tooltip text="Format" keys="mod+shift+f">
              <Button size="small" onClick={format}>
                Format
              </Button>
            </Tooltip>
            {dirty && (
              <Button
                size="small"
                look="ghost"
                onClick={() => {
                  setTexts(saved)
                  setRefused([])
                  setFailure(null)
                }}
              >
                Discard changes
              </Button>
            )}
            <Tooltip text={broken ? 'Something is wrong: see under the editor' : 'Save'} keys="mod+s">
              <Button
                size="small"
                look={dirty ? 'primary' : 'plain'}
                busy={save.isPending}
                disabled={!ready}
                onClick={() => void submit()}
              >
                Save configuration
              </Button>
            </Tooltip>
          </>
        )}
      </div>
      {elsewhere && dirty && !save.isPending && (
        <div
          role="alert"
          className="flex items-center gap-3 rounded-sm border border-warn-border bg-warn-surface p-3 text-warn"
        >
          <p className="flex-1">The configuration was changed elsewhere meanwhile. Saving puts yours over it.</p>
          <Button
            size="small"
            onClick={() => {
              setBase(bot.configuration)
              setTexts(textsOf(bot.configuration))
            }}
          >
            Take the new one
          </Button>
        </div>
      )}
      {failure && <ErrorNote failure={failure} />}
      <div className="grid gap-4 xl:grid-cols-2">
        {(['data', 'schema'] as const).map((name) => (
          <section
            key={name}
            aria-labelledby={`configuration-${name}`}
            className={cx('min-w-0 flex-col', part === name ? 'flex' : 'hidden xl:flex')}
          >
            <h2 id={`configuration-${name}`} className="mb-1.5 hidden font-semibold xl:block">
              {name === 'data' ? 'Data' : 'Schema'}
            </h2>
            <JsonEditor
              label={name === 'data' ? 'Configuration data, JSON' : 'Configuration schema, JSON Schema'}
              value={texts[name]}
              onChange={put(name)}
              problems={problems[name]}
              readOnly={!mayChange}
              most={most[name]}
              fine={
                name === 'schema'
                  ? 'A JSON object.'
                  : hasSchema
                    ? 'Fits the schema.'
                    : 'A JSON object; there is no schema to fit.'
              }
              className="h-[calc(100vh-20rem)] min-h-72"
            />
          </section>
        ))}
      </div>
      <UnsavedGuard dirty={dirty && !save.isPending} />
    </div>
  )
}

function marked(problems: readonly Problem[]): string {
  return problems.length > 0 ? ` (${problems.length})` : ''
}

/** Only what is different is sent: a schema alone is not held against older data. */
function changedParts(before: Bot['configuration'], next: Bot['configuration']): Partial<Bot['configuration']> {
  return {
    ...(!same(before.data, next.data) && { data: next.data }),
    ...(!same(before.schema, next.schema) && { schema: next.schema }),
  }
}
