// The service that a record belongs to, in words for people (C2). Pure, so that session files, cards and streams agree.
import { titleCase } from './source-title.ts'

/** An example of the map in the configuration: logger name up to its first dot → display name. */
export const exampleServiceNames: Readonly<Record<string, string>> = {
  deepgram_direct_mic: 'Voice Input',
  gpt_service: 'AI Assistant',
  elevenlabs_service: 'Speech Synthesis',
  music_controller: 'Music Controller',
  eye_light_controller: 'Eye Lights',
  yoda_mode_manager: 'Mode Manager',
  web_bridge: 'Web Bridge',
}

/**
 * Display name of the service behind a record: the logger's name up to its first dot, else the source's, looked up in
 * `names`; in title case when it is not there.
 */
export function serviceName(
  origin: { source: string; logger?: string | undefined },
  names: Readonly<Record<string, string>> = {},
): string {
  const key = origin.logger?.split('.', 1)[0] || origin.source
  return Object.hasOwn(names, key) ? names[key]! : titleCase(key)
}
