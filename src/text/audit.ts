// Records that are audit by what they say of themselves.
import { stripAnsi } from './ansi.ts'

/** By the logger's name or the message's beginning, whatever their colours. */
export function isAudit(logger: string | undefined, message: string): boolean {
  return (logger !== undefined && stripAnsi(logger).startsWith('audit.')) || stripAnsi(message).startsWith('[AUDIT]')
}
