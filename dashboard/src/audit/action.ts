// Actions of audit lines: where a record names one, how it looks, and what else the record tells of it.
import {
  ArrowDownLeft,
  ArrowLeftRight,
  ArrowUpRight,
  Check,
  ClockAlert,
  Download,
  GitMerge,
  KeyRound,
  LogIn,
  LogOut,
  Play,
  Plus,
  Power,
  Settings2,
  ShieldCheck,
  Square,
  Trash2,
  TriangleAlert,
  UserRound,
  type LucideIcon,
} from 'lucide-react'
import type { ShownRecord } from '../logs/list/row-form.tsx'

export interface ActionLook {
  name: string
  icon: LucideIcon
  /** Of those that tell of trouble. */
  tone?: 'warn' | 'bad'
}

/** Customary actions, and those of the hub itself. */
const icons: Record<string, LucideIcon> = {
  instance_spawn: Plus,
  instance_terminate: Square,
  message_sent: ArrowUpRight,
  message_received: ArrowDownLeft,
  state_change: ArrowLeftRight,
  coordination_start: GitMerge,
  coordination_complete: Check,
  error: TriangleAlert,
  timeout: ClockAlert,
  sign_in: LogIn,
  sign_out: LogOut,
  control: Play,
  scale: Settings2,
  shutdown: Power,
  export: Download,
  retain: Trash2,
}

export function lookOf({ severity, logger, fields }: ShownRecord): ActionLook {
  const action = fields?.['action']
  const name = typeof action === 'string' ? action : (logger ?? 'audit').replace(/^audit\./, '')
  const tone = name === 'error' || severity >= 17 ? 'bad' : name === 'timeout' || severity >= 13 ? 'warn' : undefined
  return { name, icon: icons[name] ?? iconOf(name), ...(tone ? { tone } : {}) }
}

function iconOf(name: string): LucideIcon {
  return name.startsWith('user_') ? UserRound : name.startsWith('token_') ? KeyRound : ShieldCheck
}

/** What stands in other places of a row already, or says only that the record is audit. */
const told = new Set(['action', 'metadata', 'is_audit', 'isAudit', 'module', 'function', 'funcName', 'line', 'lineno'])

/** Metadata first, then what else there is. */
function metadataOf({ fields = {} }: ShownRecord): Record<string, unknown> {
  const metadata = fields['metadata']
  const others = Object.entries(fields).filter(([name]) => !told.has(name))
  return {
    ...(isTree(metadata) ? metadata : metadata === undefined ? {} : { metadata }),
    ...Object.fromEntries(others),
  }
}

/** The same for one line of text: a change reads `placed→packed`. */
export function briefMetadataOf(record: ShownRecord): Record<string, unknown> {
  const changed = (value: unknown): unknown => {
    if (!isTree(value) || Object.keys(value).length !== 2 || !('from' in value && 'to' in value)) return value
    return typeof value['from'] === 'object' || typeof value['to'] === 'object'
      ? value
      : `${String(value['from'])}→${String(value['to'])}`
  }
  return Object.fromEntries(Object.entries(metadataOf(record)).map(([name, value]) => [name, changed(value)]))
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
