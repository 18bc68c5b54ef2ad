/** The contract's audit actions as the end of a sentence: "Ada … created a bot". */
const words: Record<string, string> = {
  ADD_WORKSPACE_MEMBER: 'added a member',
  REMOVE_WORKSPACE_MEMBER: 'removed a member',
  UPDATE_WORKSPACE_MEMBER: 'changed a member',
  CLOSE_WORKSPACE: 'closed the workspace',
  CREATE_BOT: 'created a bot',
  CREATE_WORKSPACE: 'created the workspace',
  DELETE_BOT: 'deleted a bot',
  DEPLOY_BOT: 'deployed a bot',
  TRANSFER_BOT: 'transferred a bot',
  DOWNLOAD_BOT_ARCHIVE: 'downloaded a version',
  UPDATE_BOT: 'changed a bot',
  UPDATE_BOT_CHANNEL: 'changed a channel of a bot',
  UPDATE_BOT_CONFIG: 'changed the configuration of a bot',
  UPDATE_PAYMENT_METHOD: 'changed the payment method',
  UPDATE_WORKSPACE: 'changed the workspace',
  SET_SPENDING_LIMIT: 'set the spending limit',
  SET_AI_SPENDING_LIMIT: 'set the AI spending limit',
}

/** "changed a bot"; an action without words of its own is spelled out. */
export function actionWords(action: string): string {
  return words[action] ?? (action === 'UNKNOWN' ? 'made a change' : action.toLowerCase().replaceAll('_', ' '))
}

const choices = [...Object.keys(words), 'UNKNOWN'].map(choiceOf).toSorted((a, b) => a.label.localeCompare(b.label))

function choiceOf(action: string): { value: string; label: string } {
  const text = action === 'UNKNOWN' ? 'made another change' : actionWords(action)
  return { value: action, label: text.charAt(0).toUpperCase() + text.slice(1) }
}

/** Every action with words, as choices, and the one that an address names besides. */
export function choicesWith(action: string | undefined): readonly { value: string; label: string }[] {
  return action === undefined || !/^[A-Z_]+$/.test(action) || choices.some(({ value }) => value === action)
    ? choices
    : [...choices, choiceOf(action)]
}
