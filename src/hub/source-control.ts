// Starting, stopping and scaling the sources of a hub while it runs: who is meant, in which order, and who comes and goes.
import { dependenciesOf as namedBy } from '../config/check-dependencies.ts'
import type { SourceConfig } from '../config/config.ts'
import { pickSources } from '../config/pick-sources.ts'
import { controlInOrder, type Controlled } from './control-in-order.ts'
import { LogboomError } from '../contracts/errors.ts'
import type { Scale } from './scale.ts'
import type { ControlAction, Source } from '../contracts/source.ts'
import type { ControlRequest, ScaleRequest } from '../wire/hub-view.ts'

export interface SourceControl {
  /** Of the source, or of all its instances. */
  namesOf(name: string): string[]
  /** Of all that it waits for. */
  dependenciesOf(name: string): string[]
  /** Of sources that are granted. */
  control(request: ControlRequest, granted?: (name: string) => boolean): Promise<Controlled[]>
  scale(request: ScaleRequest): Promise<Controlled[]>
  /** Stops them for good; those that cannot be stopped stay. */
  remove(names: string[]): Promise<Controlled[]>
}

interface Controllable {
  /** In the order in which they are shown; changed as sources come and go. */
  all: SourceConfig[]
  byName: Map<string, Source>
  scaling: Pick<Scale, 'set'>
  open(source: SourceConfig): Promise<void>
  changed(): void
}

export function openSourceControl({ all, byName, scaling, open, changed }: Controllable): SourceControl {
  const namesOf = (name: string): string[] =>
    all.filter((each) => each.name === name || each.instanceOf === name).map((each) => each.name)

  const dependenciesOf = (name: string): string[] => {
    const source = all.find((each) => each.name === name)
    return source ? namedBy(source.options).flatMap(namesOf) : []
  }

  /** `named`: all but these are meant wholesale. */
  const controlByName = (action: ControlAction, names: string[], named: string[] = names): Promise<Controlled[]> =>
    controlInOrder(action, names, {
      dependenciesOf,
      control: (name, each) => byName.get(name)?.control?.(each, { wholesale: !named.includes(name) }),
    })

  async function control(
    { action, targets = [], all: everything = false }: ControlRequest,
    granted: (name: string) => boolean = () => true,
  ): Promise<Controlled[]> {
    const pickable = all
      .filter(({ name }) => granted(name))
      .map(({ name, instanceOf, options }) => ({
        name,
        instanceOf,
        ...groupOf(options),
        isProcess: byName.get(name)?.control !== undefined,
      }))
    const picked = pickSources(everything ? ['*', ...targets] : targets, pickable)
    const deaf = picked.find(({ isProcess }) => !isProcess)
    if (deaf) throw new LogboomError('not-controllable', `${deaf.name} cannot be told to ${action}.`)
    const names = picked.map(({ name }) => name)
    return controlByName(action, names, targets)
  }

  async function scaleTo(name: string, wanted: SourceConfig[]): Promise<Controlled[]> {
    const there = namesOf(name)
    const added = wanted.filter((each) => !there.includes(each.name))
    const place = all.findLastIndex((each) => each.instanceOf === name) + 1
    all.splice(place, 0, ...added)
    // Asked for, they are started even where the hub would not do so by itself, and what keeps one from it is told.
    await Promise.all(
      added.map((each) => open({ ...each, options: { ...(each.options as object), autostart: false } })),
    )
    const names = added.map((each) => each.name)
    const tooMany = there.filter((each) => !wanted.some((instance) => instance.name === each))
    const [started, removed] = await Promise.all([controlByName('start', names), remove(tooMany)])
    return [...started, ...removed]
  }

  async function remove(names: string[]): Promise<Controlled[]> {
    const stopped = await controlByName('stop', names)
    for (const { name, error } of stopped) {
      if (error !== undefined) continue
      await byName.get(name)?.close({ keep: false })
      byName.delete(name)
      all.splice(
        all.findIndex((each) => each.name === name),
        1,
      )
    }
    changed()
    return stopped
  }

  let last: Promise<unknown> = Promise.resolve()
  /** Sources come and go one change after the other. */
  const inTurn = <Value>(work: () => Promise<Value>): Promise<Value> => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }

  return {
    namesOf,
    dependenciesOf,
    control,
    scale: ({ name, instances }) => inTurn(() => scaleTo(name, scaling.set(name, instances))),
    remove: (names) => inTurn(() => remove(names)),
  }
}

export function groupOf(options: unknown): { group?: string } {
  const { group } = options as { group?: string }
  return group === undefined ? {} : { group }
}
