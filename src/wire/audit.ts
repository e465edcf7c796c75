// Which records are audit by what they say of themselves.

/** By the logger's name or the message's beginning. */
export function isAudit(logger: string | undefined, message: string): boolean {
  return logger?.startsWith('audit.') === true || message.startsWith('[AUDIT]')
}
