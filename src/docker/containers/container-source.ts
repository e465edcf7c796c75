// The source of containers with one name: mostly one after the other, each a run of it, and for a moment or by a label several at once.
import { LogboomError } from '../../contracts/errors.ts'
import type { ControlAction, Source, SourceContext } from '../../contracts/source.ts'
import type { RunExit, SourceStatus } from '../../contracts/source-status.ts'
import { statusOf } from '../engine/engine-client.ts'
import { openContainer, type Container, type ContainerOptions } from './container.ts'
import type { LogBeginning } from './container-runs.ts'
import { openContainerUsage, type ContainerUsage } from './container-usage.ts'
import { commandOf, detailOf, isAlive, stateOf, timeOf } from './inspected.ts'
import { openPushLane } from './push-lane.ts'

export interface ContainerSource extends Source {
  /** Reads the container from now on; the same again is the one that is there. */
  take(id: string, beginning: LogBeginning): Container
  /** Of containers that are read. */
  ids(): string[]
}

export interface ContainerSourceOptions extends Pick<ContainerOptions, 'engine' | 'engineId' | 'isCoarse' | 'inTurn'> {
  /** Whether containers may be started and stopped. */
  control: boolean
  /** Why nothing is known of them now. */
  trouble(): string | undefined
}

export async function openContainerSource(
  options: ContainerSourceOptions,
  context: SourceContext,
): Promise<ContainerSource> {
  const lane = await openPushLane(context)
  const joining = await context.lineJoining()
  /** The newest is the last. */
  const containers = new Map<string, Container>()
  const usages = new Map<string, ContainerUsage>()
  let last: SourceStatus | undefined

  function newest(): Container | undefined {
    const all = [...containers.values()]
    return all.findLast((each) => each.inspected() && isAlive(each.inspected()!)) ?? all.at(-1)
  }

  function status(): SourceStatus {
    const container = newest()
    const inspected = container?.inspected()
    if (!inspected) return { ...(last ?? emptyStatus()), ...(last && { state: 'exited', detail: 'removed' }) }
    const row = context.runs.last()
    const trouble = options.trouble()
    const others = containers.size > 1 ? `${containers.size} containers` : undefined
    last = {
      name: context.name,
      type: 'docker',
      state: stateOf(inspected, container!.wasAsked()),
      run: container?.run() ?? 0,
      command: commandOf(inspected),
      restarts: inspected.RestartCount ?? 0,
      detail: [detailOf(inspected), others, trouble].filter((each) => each !== undefined).join('; '),
      ...(isAlive(inspected) ? usages.get(inspected.Id)?.read() : undefined),
      ...startOf(timeOf(inspected.State.StartedAt), isAlive(inspected)),
      ...(row?.details['exit'] && !isAlive(inspected) ? { exit: row.details['exit'] as RunExit } : {}),
    }
    return last
  }

  function emptyStatus(): SourceStatus {
    return { name: context.name, type: 'docker', state: 'stopped', run: context.runs.last()?.run ?? 0, restarts: 0 }
  }

  async function control(action: ControlAction): Promise<void> {
    const wanted = action === 'start' ? [newest()] : [...containers.values()]
    for (const container of wanted) {
      const inspected = container?.inspected()
      if (!container || !inspected)
        throw new LogboomError('not-controllable', `${context.name} is no container any more`, {
          hint: 'It was removed; create it again where it came from.',
        })
      const isRunning = isAlive(inspected)
      if (isRunning ? action === 'start' : action === 'stop') continue
      const waitMs = ((inspected.Config?.StopTimeout ?? 10) + 20) * 1000
      await options.engine.post(`/containers/${container.id}/${action}`, {}, waitMs)
      container.happened()
    }
  }

  function take(id: string, beginning: LogBeginning): Container {
    const there = containers.get(id)
    if (there) return there
    const { runs, changed } = context
    const container = openContainer({ ...options, id, beginning, lane, joining, runs, changed })
    containers.set(id, container)
    usages.set(id, openContainerUsage(options.engine, id, changed))
    void container.gone.then(
      () => {
        status()
        containers.delete(id)
        usages.delete(id)
        changed()
      },
      () => undefined,
    )
    return container
  }

  /** A container that was removed while no hub was there is not listed: whoever knows it must ask, so that its run ends. */
  async function takeRemoved(id: string): Promise<void> {
    try {
      await options.engine.get(`/containers/${id}/json`)
    } catch (error) {
      if (statusOf(error) === 404) take(id, 'old')
    }
  }
  const isOurs = (id: string): boolean => [undefined, options.engineId].includes(lane.kept[id]!.engine)
  await Promise.all(Object.keys(lane.kept).filter(isOurs).map(takeRemoved))

  return {
    status,
    ...(options.control && { control }),
    ids: () => [...containers.keys()],
    take,
    async close() {
      await Promise.all([...containers.values()].map((container) => container.close()))
      // Lines that cannot be committed now are read again by the next hub.
      await lane.drained().catch(() => undefined)
    },
  }
}

function startOf(at: number | undefined, isRunning: boolean): { startedAt?: number } {
  return at !== undefined && isRunning ? { startedAt: at } : {}
}
