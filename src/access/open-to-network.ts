// The refusal to serve other machines while nobody needs to sign in.
import { LogboomError } from '../contracts/errors.ts'

export function openToNetwork(host: string): LogboomError {
  return new LogboomError('open-to-network', `${host} can be reached from other machines, and there are no users.`)
}
