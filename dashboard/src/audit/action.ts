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
export function metadataOf({ fields = {} }: ShownRecord): Record<string, unknown> {
  const metadata = fields['metadata']
  const others = Object.entries(fields).filter(([name]) => !told.has(name))
  const isTree = typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
  return {
    ...(isTree ? metadata : metadata === undefined ? {} : { metadata }),
    ...Object.fromEntries(others),
  }
}
