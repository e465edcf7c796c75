// A message with its arguments filled in as pino does it, where pino itself cannot: an argument that cannot be shown has a placeholder.
import { cannotBeShown, messageText } from './cannot-be-shown.ts'

/** `stringify`: JSON text of an argument, with the logger's redaction. */
export function formatCarefully(
  template: unknown,
  values: readonly unknown[],
  stringify: (value: unknown) => string | undefined,
): string {
  const json = (value: unknown): string => shown(() => String(stringify(value)))
  if (typeof template === 'object' && template !== null) return [template, ...values].map(json).join(' ')
  const text = messageText(template)
  if (values.length === 0) return text
  let next = 0
  return text.replaceAll(/%[dfijoOs%]/g, (place) => {
    if (place === '%%') return '%'
    if (next >= values.length) return place
    const value = values[next++]
    switch (place) {
      case '%s':
        return shown(() => String(value))
      case '%d':
      case '%f':
        return value === null || value === undefined ? place : shown(() => String(Number(value)))
      case '%i':
        return value === null || value === undefined ? place : shown(() => String(Math.floor(Number(value))))
      default:
        if (typeof value === 'string') return `'${value}'`
        return typeof value === 'function' ? messageText(value) : json(value)
    }
  })
}

function shown(make: () => string): string {
  try {
    return make()
  } catch (error) {
    return cannotBeShown(error)
  }
}
