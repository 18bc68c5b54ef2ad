/** Alone, and before a name where "a" does not just become "the". */
type Label = string | readonly [alone: string, before: string]

/** What was called, as the end of a sentence: "Ada … saved a version", "Ada … saved the version 1.2.0". */
const operations: Record<string, Label> = {
  'setup.claim': 'set up Steward',
  'me.signUp': ['signed up', 'signed up as'],
  'me.update': ['changed a profile', 'changed the profile of'],
  'me.delete': ['deleted their account', 'deleted their account:'],
  'me.createToken': 'created a personal token',
  'me.rotateToken': 'rotated a personal token',
  'me.deleteToken': 'revoked a personal token',
  'me.setPreference': 'set a preference',
  'me.deleteSession': 'ended a session',
  'me.signOutEverywhere': 'signed out everywhere',
  'me.endSessionsOf': ['ended all sessions of a person', 'ended all sessions of'],
  'account.create': 'created an organization',
  'account.update': 'changed an account',
  'account.delete': 'deleted an organization',
  'account.addAdministrator': ['added an administrator', 'added an administrator to'],
  'account.removeAdministrator': ['removed an administrator', 'removed an administrator from'],
  'account.offerWorkspace': ['offered the workspace to another account', 'offered to another account:'],
  'account.withdrawWorkspace': ['canceled the transfer of the workspace', 'canceled the transfer of'],
  'account.acceptWorkspace': ['accepted the transfer of the workspace', 'accepted the transfer of'],
  'account.declineWorkspace': ['declined the transfer of the workspace', 'declined'],
  'workspace.create': 'created the workspace',
  'workspace.update': 'changed the workspace',
  'workspace.updateSecurity': 'changed the security settings of the workspace',
  'workspace.delete': 'deleted the workspace',
  'workspace.setPreference': 'set a preference',
  'member.create': 'added a member',
  'member.update': 'changed the role of a member',
  'member.delete': 'removed a member',
  'member.invite': ['invited somebody', 'invited'],
  'member.renewInvitation': ['renewed an invitation', 'renewed the invitation of'],
  'member.revokeInvitation': ['revoked an invitation', 'revoked the invitation of'],
  'member.acceptInvitation': ['joined the workspace', 'joined as'],
  'member.transferOwnership': ['transferred the ownership', 'transferred the ownership of'],
  'recovery.createForMember': ['created a recovery link', 'created a recovery link for'],
  'quota.setAiSpend': 'set the monthly AI budget',
  'quota.applyCatalogue': 'changed the catalogue of plans',
  'quota.assignPlan': 'changed the plan of an account',
  'quota.setOverride': 'set a limit',
  'quota.endOverride': 'ended a limit',
  'quota.block': ['blocked the workspace', 'blocked'],
  'quota.unblock': ['unblocked the workspace', 'unblocked'],
  'recovery.create': ['created a recovery link', 'created a recovery link for'],
  'recovery.request': ['requested a recovery link by email', 'requested a recovery link by email for'],
  'recovery.use': ['used a recovery link', 'used a recovery link of'],
  'bot.create': 'created a bot',
  'bot.update': 'changed a bot',
  'bot.delete': 'deleted a bot',
  'bot.transfer': 'transferred a bot',
  'bot.createKey': 'created a key',
  'bot.deleteKey': 'revoked a key',
  'bot.updateAllowlist': 'changed who can see a bot',
  'bot.rotateSigningSecret': 'rotated the signing secret of a bot',
  'bot.getJson': ['downloaded a bot as JSON', 'downloaded as JSON:'],
  'bot.publishJson': ['published a bot from JSON', 'published from JSON:'],
  'version.create': 'saved a version',
  'version.get': 'downloaded a version',
  'version.deploy': 'deployed a bot',
  'version.rollback': 'rolled back a bot',
  'audit.erase': 'erased personal data',
}

/** The contract's audit actions, which are rougher: what the list is filtered by. */
const actions: Record<string, string> = {
  ADD_WORKSPACE_MEMBER: 'added a member',
  REMOVE_WORKSPACE_MEMBER: 'removed a member',
  UPDATE_WORKSPACE_MEMBER: 'changed a member',
  CLOSE_WORKSPACE: 'deleted the workspace',
  CREATE_BOT: 'created a bot',
  CREATE_WORKSPACE: 'created the workspace',
  DELETE_BOT: 'deleted a bot',
  DEPLOY_BOT: 'deployed a bot',
  TRANSFER_BOT: 'transferred a bot',
  DOWNLOAD_BOT_ARCHIVE: 'downloaded a version',
  UPDATE_BOT: 'changed a bot, its keys, access or versions',
  UPDATE_BOT_CHANNEL: 'changed a channel of a bot',
  UPDATE_BOT_CONFIG: 'changed the configuration of a bot',
  UPDATE_PAYMENT_METHOD: 'changed the payment method',
  UPDATE_WORKSPACE: 'changed the workspace',
  SET_SPENDING_LIMIT: 'set the spending limit',
  SET_AI_SPENDING_LIMIT: 'set the AI spending limit',
}

interface What {
  action: string
  /** The procedure; records of other installations may lack it. */
  operation?: string | undefined
}

/** Where the action, alone or with the procedure that was called, says more than the procedure. */
const finer: Record<string, Label> = {
  UPDATE_BOT_CONFIG: ['changed the configuration of a bot', 'configured'],
  UPDATE_BOT_CHANNEL: ['changed a channel of a bot', 'changed a channel of'],
  SET_SPENDING_LIMIT: ['set the spending limit', 'set the spending limit of'],
  SET_AI_SPENDING_LIMIT: ['set the AI spending limit', 'set the AI spending limit of'],
  'CREATE_WORKSPACE setup.claim': ['set up Steward', 'set up Steward with the workspace'],
  'CREATE_WORKSPACE me.signUp': ['signed up', 'signed up and got the workspace'],
  'ADD_WORKSPACE_MEMBER me.signUp': ['signed up and joined the workspace', 'signed up and joined as'],
  'REMOVE_WORKSPACE_MEMBER me.delete': ['deleted their account and left', 'deleted their account and left as'],
}

function labelOf({ action, operation }: What): Label {
  const called = finer[`${action} ${operation}`] ?? finer[action] ?? operations[operation ?? '']
  return called ?? actions[action] ?? (action === 'UNKNOWN' ? 'made a change' : spelledOut(action))
}

/** "saved a version". */
export function changeLabel(what: What): string {
  const words = labelOf(what)
  return typeof words === 'string' ? words : words[0]
}

/** With a name after it: "saved the version". */
export function changeLabelBefore(what: What): string {
  const words = labelOf(what)
  return typeof words === 'string' ? words.replace(/ an? /, ' the ') : words[1]
}

function spelledOut(action: string): string {
  return action.toLowerCase().replaceAll('_', ' ')
}

const choices = [...Object.keys(actions), 'UNKNOWN'].map(choiceOf).toSorted((a, b) => a.label.localeCompare(b.label))

function choiceOf(action: string): { value: string; label: string } {
  const text = action === 'UNKNOWN' ? 'made another change' : (actions[action] ?? spelledOut(action))
  return { value: action, label: text.charAt(0).toUpperCase() + text.slice(1) }
}

/** Every action with words, as choices, and the one that an address names besides. */
export function choicesWith(action: string | undefined): readonly { value: string; label: string }[] {
  return action === undefined || !/^[A-Z_]+$/.test(action) || choices.some(({ value }) => value === action)
    ? choices
    : [...choices, choiceOf(action)]
}
