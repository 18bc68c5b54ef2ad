import { useState } from 'react'
import { useCommands } from '../../commands/command-center.tsx'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/cx.ts'
import { ErrorNote } from '../../ui/error-state.tsx'
import { DraftNote } from '../../ui/form/draft-note.tsx'
import { UnsavedGuard } from '../../ui/form/unsaved-guard.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useBot } from '../bot/bot.ts'
import { useBotRights } from '../bot/bot-rights.ts'
import { ConfigurationClash } from './configuration-clash.tsx'
import { JsonEditor } from './json-editor.tsx'
import { type Part, useConfiguration } from './use-configuration.ts'
import type { Problem } from './use-json.ts'

/** Bytes of JSON that the server takes at most. */
const most = { data: 20_480, schema: 102_400 }

export function ConfigurationTab() {
  const { at } = useBot()
  return <Configuration key={at.id} />
}

/** Data and its JSON Schema as text, checked as they are typed and again by the server. */
function Configuration() {
  const { change: mayChange } = useBotRights()
  const { form, checked, refused, put, format, reset } = useConfiguration()
  const [part, setPart] = useState<Part>('data')
  const { data, schema } = checked
  const { dirty } = form
  const broken =
    data.value === undefined || schema.value === undefined || data.problems.length + schema.problems.length > 0
  const ready = mayChange && dirty && !broken && !form.busy
  const submit = (): void => {
    if (ready) void form.submit()
  }
  useCommands({ ...(mayChange && { 'bot.saveConfiguration': submit, 'bot.formatConfiguration': format }) })
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
  const marked = (name: Part): string => {
    const count = problems[name].length + form.clashes.filter(({ path }) => path === name).length
    return count > 0 ? ` (${count})` : ''
  }

  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-2">
        <p className="min-w-56 flex-1 text-n11">
          {mayChange
            ? 'The bot’s settings, and the JSON Schema they have to match. Saving takes effect immediately, without a deployment.'
            : 'The bot’s settings, and the JSON Schema they have to match. Your role can only read them.'}
        </p>
        <Segmented
          label="Part"
          className="xl:hidden"
          value={part}
          onChange={setPart}
          options={[
            { value: 'data', label: `Data${marked('data')}` },
            { value: 'schema', label: `Schema${marked('schema')}` },
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
              <Button size="small" look="ghost" onClick={reset} disabled={form.busy}>
                Discard changes
              </Button>
            )}
            <Tooltip text={broken ? 'There is an error: see below the editor' : 'Save'} keys="mod+s">
              <Button
                size="small"
                look={dirty ? 'primary' : 'plain'}
                busy={form.busy}
                disabled={!ready}
                onClick={submit}
              >
                Save configuration
              </Button>
            </Tooltip>
          </>
        )}
      </div>
      <DraftNote form={form} />
      {form.failure && refused.length === 0 && <ErrorNote failure={form.failure} />}
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
            <ConfigurationClash form={form} part={name} />
            <JsonEditor
              id={form.idOf(name)}
              label={name === 'data' ? 'Configuration data, JSON' : 'Configuration schema, JSON Schema'}
              value={form.values[name]}
              onChange={(text) => put(name, text)}
              problems={problems[name]}
              readOnly={!mayChange}
              most={most[name]}
              fine={
                name === 'schema'
                  ? 'A JSON object.'
                  : hasSchema
                    ? 'Matches the schema.'
                    : 'A JSON object. There is no schema to match.'
              }
              className="h-[calc(100vh-20rem)] min-h-72"
            />
          </section>
        ))}
      </div>
      <UnsavedGuard dirty={dirty && !form.busy} onLeave={reset} />
    </div>
  )
}
