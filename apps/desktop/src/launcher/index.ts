import type { ConnectionInfo, Protection, RecoveryChoice, RecoveryState, Shell } from '../shared/bridge.ts'
import { wordsOf } from '../shared/words.ts'
import { make, say, show } from './element.ts'

declare global {
  interface Window {
    stewardShell: Shell
  }
}

const { stewardShell: shell } = window

const kept: Record<Protection, string | null> = {
  keyring: null,
  readable:
    'This computer has no keyring that Steward can use. A saved token is written to a file that any program you run can read. Unless you accept that, use the token only until Steward quits.',
  none: 'This computer cannot save a token. It is used only until Steward quits.',
}

const tokens: Record<ConnectionInfo['token'], string> = {
  none: 'no token saved',
  session: 'token until Steward quits',
  keyring: 'token in the keyring',
  readable: 'token saved without protection',
}

async function connections(): Promise<void> {
  const { connections: list, protection } = await shell.listConnections()
  const warning = kept[protection]
  show(
    make('h1', {}, 'Connections'),
    make(
      'p',
      { class: 'quiet' },
      '“This computer” works offline. To connect to a server, you need its URL and a personal access token.',
    ),
    make('ul', { 'aria-label': 'Connections' }, ...list.map(rowOf)),
    make('h2', {}, 'Add a server'),
    warning === null ? null : make('p', { class: 'warn', id: 'protection' }, warning),
    formFor(protection),
  )
}

function rowOf(one: ConnectionInfo): HTMLElement {
  const about = one.url === null ? 'works offline' : `${one.url} · ${tokens[one.token]}`
  const remove = (): void => void act(() => shell.removeConnection(one.id), `${one.name} was removed.`)
  return make(
    'li',
    {},
    make('span', {}, one.name, make('br'), make('span', { class: 'quiet' }, about)),
    make('button', { click: () => void shell.openConnection(one.id), 'aria-label': `Open ${one.name}` }, 'Open'),
    one.url === null ? null : make('button', { click: remove, 'aria-label': `Remove ${one.name}` }, 'Remove'),
  )
}

function formFor(protection: Protection): HTMLElement {
  const field = (id: string, label: string, more: Record<string, string | boolean> = {}): HTMLElement =>
    make('label', {}, label, make('input', { id, required: true, autocomplete: 'off', ...more }))
  const keep = make(
    'label',
    {},
    make('input', { id: 'remember', type: 'checkbox', checked: protection === 'keyring' }),
    ' Save the token',
  )
  const form = make(
    'form',
    {},
    field('name', 'Name', { maxlength: '80' }),
    field('url', 'Address', { type: 'url', placeholder: 'https://steward.example.com' }),
    field('token', 'Personal access token', { type: 'password' }),
    protection === 'none' ? null : keep,
    make('button', { class: 'primary', type: 'submit' }, 'Add server'),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const input = (id: string): HTMLInputElement | null => form.querySelector<HTMLInputElement>(`#${id}`)
    const text = (id: string): string => input(id)?.value ?? ''
    const remember = input('remember')?.checked ?? false
    const added = { name: text('name'), url: text('url'), token: text('token'), remember }
    void act(() => shell.addConnection(added), `${added.name} was added.`)
  })
  return form
}

async function act(work: () => Promise<unknown>, done: string): Promise<void> {
  try {
    await work()
    await connections()
    say(done)
  } catch (cause) {
    say(wordsOf(cause))
  }
}

const titles: Record<RecoveryState['kind'], string> = {
  newer: 'This data was written by a newer version of Steward',
  damaged: 'This computer’s data is damaged',
  lost: 'This computer’s database is missing',
  code: 'The code of this computer’s bots is missing',
  key: 'The key to this computer’s data is missing',
  replaced: 'The key to this computer’s data was replaced',
  program: 'This build of Steward does not work on this computer',
  crashed: 'The data process keeps crashing',
  other: 'This computer’s data cannot be opened',
}

async function recovery(): Promise<void> {
  const state = await shell.recovery()
  if (state === null)
    return show(make('h1', {}, 'Everything is fine'), make('p', {}, 'The data of this computer is open.'))
  const choose = (choice: RecoveryChoice) => (): void => {
    say('')
    shell.recover(choice).then(
      (outcome) => say(outcome?.text ?? ''),
      (cause: unknown) => say(wordsOf(cause)),
    )
  }
  const button = (text: string, choice: RecoveryChoice, look = ''): HTMLElement =>
    make('button', { click: choose(choice), class: look }, text)
  show(
    make('h1', {}, titles[state.kind]),
    make('p', { id: 'reason' }, state.message),
    make('p', { class: 'quiet' }, `Nothing was changed. The data is in ${state.folder}.`),
    make(
      'div',
      { class: 'row' },
      button('Try again', { do: 'retry' }, 'primary'),
      button('Restore a backup…', { do: 'choose' }),
      state.kind === 'code' ? button('Continue without it', { do: 'accept-loss' }) : null,
      button('Show the folder', { do: 'folder' }),
      button('Quit', { do: 'quit' }),
    ),
    state.backups.length === 0 ? null : make('h2', {}, 'Backups from before updates'),
    state.backups.length === 0
      ? null
      : make(
          'ul',
          {},
          ...state.backups.map((backup) =>
            make('li', {}, make('span', {}, backup), button('Restore', { do: 'restore', backup })),
          ),
        ),
    state.log === '' ? null : make('h2', {}, 'Log'),
    state.log === '' ? null : make('pre', {}, state.log),
  )
}

void (location.pathname === '/recovery' ? recovery() : connections())
