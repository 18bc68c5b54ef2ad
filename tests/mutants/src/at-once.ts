import { declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin'

/** Names a mutant that went by when it has, so that a run which is cut off was not for nothing. */
export const strykerPlugins = [
  declareValuePlugin(PluginKind.Reporter, 'at-once', {
    onMutantTested({ status, fileName, location, replacement, coveredBy }) {
      if (status === 'Killed' || status === 'Ignored') return
      const { line, column } = location.start
      console.log(
        `${status} ${fileName}:${line}:${column} became ${replacement ?? ''} (${coveredBy?.length ?? 0} tests)`,
      )
    },
  }),
]
