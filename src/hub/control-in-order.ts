// Starting, stopping and restarting many sources at once, in the order in which they wait for each other. One that fails is
// told, and the others go on.
import type { ControlAction } from '../contracts/source.ts'

export interface Controlled {
  name: string
  /** Absent when it was done. */
  error?: unknown
}

/** Everybody that a source waits for, by name. */
type DependenciesOf = (name: string) => string[]

/**
 * `control` does it to one. Who waits is stopped before those it waits for, and started after them; a restart of such stops
 * all of them before it starts any.
 */
export async function controlInOrder(
  action: ControlAction,
  names: readonly string[],
  {
    dependenciesOf,
    control,
  }: { dependenciesOf: DependenciesOf; control(name: string, action: ControlAction): unknown },
): Promise<Controlled[]> {
  const results = new Map<string, Controlled>(names.map((name) => [name, { name }]))
  const doTo = (each: ControlAction) => async (name: string) => {
    const result = results.get(name)
    // Sources in between give the order and are left alone.
    if (!result || result.error !== undefined) return
    try {
      await control(name, each)
    } catch (error) {
      result.error = error
    }
  }
  const dependents = dependentsOf(names, dependenciesOf)
  const isInOrder = names.some((name) => dependents.get(name)!.length > 0)
  if (action === 'stop' || (action === 'restart' && isInOrder))
    await inOrder(names, (name) => dependents.get(name) ?? [], doTo('stop'))
  if (action !== 'stop') await inOrder(names, dependenciesOf, doTo(action))
  return [...results.values()]
}

/** Does the work for each as soon as it is done for all that come before it, be they among the names or not. */
export async function inOrder(
  names: Iterable<string>,
  before: DependenciesOf,
  work: (name: string) => Promise<void>,
): Promise<void> {
  const done = new Map<string, Promise<void>>()
  const doneFor = (name: string): Promise<void> => {
    const known = done.get(name)
    if (known) return known
    const now = Promise.all(before(name).map(doneFor)).then(() => work(name))
    done.set(name, now)
    return now
  }
  await Promise.all(Array.from(names, doneFor))
}

/** The other way round, for these and for those between them. */
export function dependentsOf(names: Iterable<string>, dependenciesOf: DependenciesOf): Map<string, string[]> {
  const dependents = new Map<string, string[]>(Array.from(names, (name) => [name, []]))
  // A map goes on to what is added while it is walked.
  for (const [name] of dependents)
    for (const other of dependenciesOf(name)) {
      const known = dependents.get(other)
      if (known) known.push(name)
      else dependents.set(other, [name])
    }
  return dependents
}
