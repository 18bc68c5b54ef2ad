import { Check, Minus, UserRoundCheck } from 'lucide-react'
import { Badge } from '../../ui/badge.tsx'
import { cx } from '../../ui/cx.ts'
import { Tooltip } from '../../ui/tooltip.tsx'
import type { Role, Rule } from '../../session/rights.ts'
import { roleOrder } from './member-rules.ts'
import { roleLabels } from '../../session/members.ts'
import { type RuleGroup, allowance, permissionLabel, scopeLabels } from './permission-labels.ts'

interface Props {
  groups: readonly RuleGroup[]
  /** The reader's own role: its column stands out. */
  own: Role
  /** The permission that is being explained. */
  chosen: string | null
  onChoose: (permission: string) => void
}

const headLook = 'sticky top-0 z-20 h-11 border-b border-n6 bg-n2 text-xs font-medium text-n11'

/** Who may do what, as the server's own table says. The heads and the first column stay in sight. */
export function PermissionMatrix({ groups, own, chosen, onChoose }: Props) {
  return (
    <table className="w-full min-w-[41rem] table-fixed border-separate border-spacing-0 text-left @5xl:min-w-[60rem]">
      <caption className="sr-only">Permissions by role. Choose a permission to see who has it and why.</caption>
      <thead>
        <tr>
          <th scope="col" className={cx(headLook, 'left-0 z-30 w-44 px-3 pl-6 @5xl:w-[20rem]')}>
            Permission
          </th>
          {roleOrder.map((role) => (
            <th
              key={role}
              scope="col"
              className={cx(headLook, 'w-20 px-0 text-center @5xl:w-[5.5rem]', role === own && 'bg-n4 text-n12')}
            >
              <Tooltip text={roleLabels[role].about} side="bottom">
                <span tabIndex={0} className="inline-flex flex-col items-center rounded-xs px-0.5 leading-4">
                  {roleLabels[role].label}
                  {role === own && <span className="font-normal text-n11">you</span>}
                </span>
              </Tooltip>
            </th>
          ))}
          <th scope="col" className={cx(headLook, 'hidden px-3 pr-6 @5xl:table-cell')}>
            Token scope
          </th>
        </tr>
      </thead>
      {groups.map(({ concept, label, rules }) => (
        <tbody key={concept}>
          <tr>
            <th
              scope="rowgroup"
              colSpan={roleOrder.length + 1}
              className="border-b border-n5 bg-n1 px-6 pt-5 pb-1.5 font-semibold"
            >
              {label} <span className="font-normal text-n10">{rules.length}</span>
            </th>
            <td className="hidden border-b border-n5 @5xl:table-cell" />
          </tr>
          {rules.map((rule) => (
            <Line key={rule.permission} rule={rule} own={own} chosen={rule.permission === chosen} onChoose={onChoose} />
          ))}
        </tbody>
      ))}
    </table>
  )
}

interface LineProps {
  rule: Rule
  own: Role
  chosen: boolean
  onChoose: (permission: string) => void
}

function Line({ rule, own, chosen, onChoose }: LineProps) {
  const { permission, scope, key, botKeys } = rule
  const cell = cx('h-row border-b border-n5', chosen ? 'bg-accent-surface' : 'group-hover:bg-n2')
  return (
    <tr className="group">
      <th scope="row" className={cx(cell, 'sticky left-0 z-10 p-0 font-normal', !chosen && 'bg-n1')}>
        <button
          type="button"
          aria-pressed={chosen}
          onClick={() => onChoose(permission)}
          className={cx(
            'flex h-row w-full items-baseline gap-2 pr-3 pl-6 text-left leading-9 focus-visible:outline-offset-[-2px]',
            chosen && 'shadow-[inset_2px_0_0_var(--accent)]',
          )}
        >
          <span className="truncate @5xl:shrink-0" title={permission}>
            {permissionLabel(permission)}
          </span>
          <span className="hidden truncate font-mono text-xs text-n10 @5xl:inline">{permission}</span>
        </button>
      </th>
      {scope === 'workspace' || scope === 'bot' ? (
        roleOrder.map((role) => (
          <td key={role} className={cx(cell, 'px-2 text-center', role === own && !chosen && 'bg-n2 group-hover:bg-n3')}>
            <Mark value={allowance(rule, role)} />
          </td>
        ))
      ) : (
        <td colSpan={roleOrder.length} className={cx(cell, 'px-2 text-center text-n11')}>
          {scopeLabels[scope]}
        </td>
      )}
      <td className={cx(cell, 'hidden px-3 pr-6 whitespace-nowrap @5xl:table-cell')}>
        {key && <span className="font-mono text-xs text-n11">{key}</span>}
        {botKeys && <Badge className="ml-2">Bot keys too</Badge>}
      </td>
    </tr>
  )
}

/** A shape and a word for each, never colour alone. */
function Mark({ value }: { value: ReturnType<typeof allowance> }) {
  if (value === 'yes')
    return (
      <span className="inline-flex align-middle text-good">
        <Check className="size-4" aria-hidden />
        <span className="sr-only">allowed</span>
      </span>
    )
  if (value === 'own')
    return (
      <span className="inline-flex items-center gap-1 align-middle text-xs text-warn">
        <UserRoundCheck className="size-3.5" aria-hidden />
        own<span className="sr-only"> bots only</span>
      </span>
    )
  return (
    <span className="inline-flex align-middle text-n8">
      <Minus className="size-3.5" aria-hidden />
      <span className="sr-only">not allowed</span>
    </span>
  )
}
