// An example of names of services for a configuration, as SPEC C2 has it: a file of its own, since whoever imports it wants nothing else.
import type { ServiceNames } from '../contracts/record.ts'

/** Logger name up to its first dot → display name. */
export const exampleServiceNames: ServiceNames = {
  deepgram_direct_mic: 'Voice Input',
  gpt_service: 'AI Assistant',
  elevenlabs_service: 'Speech Synthesis',
  music_controller: 'Music Controller',
  eye_light_controller: 'Eye Lights',
  yoda_mode_manager: 'Mode Manager',
  web_bridge: 'Web Bridge',
}
