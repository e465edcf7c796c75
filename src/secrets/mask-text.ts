// Masks text that is no record: addresses, messages, whatever else is shown or kept; by the rules of the records' own masks.
import { bytesHaveAnsi } from '../text/ansi.ts'
import { maskSecrets, mayHoldSequences } from './mask.ts'
import { keyTest, secretKeys, type KeyTest } from './secret-keys.ts'

/** Customary on command lines and in addresses, beside the names of records. */
export const isCustomaryKey: KeyTest = keyTest([...secretKeys, 'pass', 'signature'], ['bypass', 'compass'])

export function maskText(text: string): string {
  const bytes = Buffer.from(text)
  const hasSequences = mayHoldSequences(bytes, bytesHaveAnsi(bytes))
  return maskSecrets(bytes, 0, bytes.length, isCustomaryKey, hasSequences).text?.toString() ?? text
}

/** `--db-password`, `API_TOKEN`. */
export function isSecretName(name: string): boolean {
  const bytes = Buffer.from(name.replace(/[\]\s"']+$/, ''))
  return isCustomaryKey(bytes, 0, bytes.length) !== undefined
}
