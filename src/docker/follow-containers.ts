// All containers of one engine that are wanted: each becomes a run of the source of its name, which opens when the first comes.
import { severities } from '../contracts/record.ts'
import type { Source, SourceContext } from '../contracts/source.ts'
import type { LogBeginning } from './containers/container-runs.ts'
import { openContainerRegister } from './container-register.ts'
import { openContainerSource } from './containers/container-source.ts'
import { openJobContainers } from './job-containers.ts'
import type { EngineEvent } from './containers/container-events.ts'
import { openEngineState } from './engine-state.ts'
import { findEngine, type TlsFiles } from './engine/engine-address.ts'
import { openEngine, type EngineClient } from './engine/engine-client.ts'
import { openStampReader, stampAt } from './logs/log-pieces.ts'
import { findOwnContainer } from './own-container.ts'
import { openSelection, sourceOf, type ListedContainer, type Selection } from './select-containers.ts'
import { watchEngine } from './watch-engine.ts'

export interface ContainersOptions extends Selection {
  /** As Docker's own command has it in DOCKER_HOST. */
  host?: string | undefined
  tls?: TlsFiles | undefined
  /** Place at which logs of containers begin that no hub has read. */
  start: 'beginning' | 'end'
  /** Whether containers may be started and stopped from page and command line. */
  control: boolean
  title?: string | undefined
}

/** Logs that are read from the beginning at once. */
const mostReading = 4

export function followContainers(options: ContainersOptions, context: SourceContext): Source {
  const engine = openEngine(findEngine(options.host, options.tls))
  const isWanted = openSelection(options, findOwnContainer())
  const state = openEngineState(context, engine.address)
  const inTurn = openTurns(mostReading)
  let engineId: string | undefined
  let hasSeen = false
  /** Of containers that are there at the first look. */
  let beginning: LogBeginning = 'old'

  const jobs = openJobContainers(context, (jobId, error) =>
    state.tell(
      severities.WARNING,
      'job-refused',
      `a container is not job ${jobId} but a source of its own: ${error.message}`,
    ),
  )
  const how = () => ({ engine, engineId, inTurn, isCoarse: state.isCoarse() })
  const register = openContainerRegister(context, {
    open: (own) => openContainerSource({ ...how(), control: options.control, trouble: state.trouble }, own),
    openJob: (listed, from) => jobs.open(listed, from, { ...how(), changed: context.changed }),
    taken: (name) =>
      state.tell(
        severities.WARNING,
        'name-taken',
        `a container is called ${name}, as is another source: ${hintOfName}`,
      ),
    changed: context.changed,
  })

  /** A container that cannot be read does not keep the others from being. */
  async function take(listed: ListedContainer, from: LogBeginning = beginning): Promise<void> {
    if (!isWanted(listed)) return
    await register.take(listed, from).catch((error: unknown) => {
      const message = `${sourceOf(listed).name} cannot be read: ${(error as Error).message}`
      state.tell(severities.ERROR, 'unreadable', message)
    })
  }

  const watching = watchEngine(engine, {
    async connected(version) {
      const { id, time } = await describe(engine)
      engineId = id
      if (options.start === 'end') {
        beginning = (context.memory.kept() as { from: string } | undefined) ?? { from: time }
        context.memory.keep(beginning)
      }
      state.connected(version)
      if (hasSeen) for (const container of register.all()) container.reconnect()
    },
    lost: state.lost,
    async listed(containers) {
      // The oldest first, so that the newest of a name counts.
      for (const listed of containers.toReversed()) await take(listed)
      for (const container of register.all())
        if (!containers.some(({ Id }) => Id === container.id)) container.happened()
      hasSeen = true
      // Containers that come from now on were not there before.
      beginning = 'new'
    },
    happened(event) {
      const id = event.Actor?.ID
      if (id === undefined) return
      const container = register.find(id)
      if (container) container.happened(event)
      else if (event.Action === 'create') void take(listedBy(id, event), 'new')
      else if (event.Action === 'start') void take(listedBy(id, event), 'old')
    },
  })

  return {
    status: () => state.status(register.all().length),
    async close() {
      await watching.close()
      // Containers with sources of their own are closed with these, too, which is as well.
      await Promise.all(register.all().map((container) => container.close()))
      await jobs.drained()
    },
  }
}

const hintOfName = 'its lines wait until it has another name, as by its label logboom.name'

/** An event has the labels, so that a container which lives for a moment only need not be asked for. */
function listedBy(id: string, { Actor }: EngineEvent): ListedContainer {
  const { name = '', image = '', ...labels } = Actor?.Attributes ?? {}
  return { Id: id, Names: [`/${name}`], Image: image, Labels: labels }
}

async function describe(engine: EngineClient): Promise<{ id: string | undefined; time: string }> {
  const { ID, SystemTime } = await engine.get<{ ID?: string; SystemTime?: string }>('/info')
  return { id: ID || undefined, time: openStampReader()(SystemTime ?? '') ?? stampAt(Date.now()) }
}

/** Lets so much be done at once, the rest in the order in which it came. */
function openTurns(most: number): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
