// Hub and sources as the page knows them, one store each, so that the news of one process redraws one card.
import type { CallerView, Client, HubInfo, SourceView } from '../../../src/client/index.ts'
import { nextConnection, type Connection } from './connection.ts'
import { askWhoIAm } from './sign-in.ts'
import { createStore, type Store } from './store.ts'

/** CPU and memory of the last minutes, oldest first. */
export interface Samples {
  cpu: number[]
  memory: number[]
}

export interface HubState {
  client: Client
  connection: Store<Connection>
  hub: Store<HubInfo | undefined>
  /** The caller: somebody who has signed in, or does not need to. */
  me: Store<CallerView | undefined>
  /** Names in the order in which they are shown; changes only when a source comes or goes. */
  names: Store<readonly string[]>
  source(name: string): Store<SourceView | undefined>
  samples(name: string): Store<Samples>
  /** All sources at once, for counts; changes with every state change. */
  states: Store<Readonly<Record<string, SourceView['state']>>>
  /** Source → group, of all sources in one. */
  groups: Store<Readonly<Record<string, string>>>
}

const maxSamples = 60
const sampleEveryMs = 1900

export function openHubState(client: Client): HubState {
  const connection = createStore<Connection>({ state: 'connecting' })
  const hub = createStore<HubInfo | undefined>(undefined)
  const me = createStore<CallerView | undefined>(undefined)
  const names = createStore<readonly string[]>([])
  const states = createStore<Readonly<Record<string, SourceView['state']>>>({})
  const groups = createStore<Readonly<Record<string, string>>>({})
  const sources = new Map<string, Store<SourceView | undefined>>()
  const samples = new Map<string, Store<Samples>>()
  const known = new Map<string, string>()
  let sampledAt = 0

  const source = (name: string): Store<SourceView | undefined> => stored(sources, name, undefined)
  const samplesOf = (name: string): Store<Samples> => stored(samples, name, { cpu: [], memory: [] })

  void askWhoIAm(client, me)
  client.status({
    state(state) {
      connection.set(nextConnection(connection.get(), state))
      // Refused upgrades look like lost connections to a page.
      if (state === 'lost') void askWhoIAm(client, me)
    },
    status({ hub: info, sources: views }) {
      setIfChanged(hub, info)
      const now = Date.now()
      const sample = now - sampledAt >= sampleEveryMs
      if (sample) sampledAt = now
      for (const view of views) {
        const text = JSON.stringify(view)
        if (known.get(view.name) !== text) {
          known.set(view.name, text)
          source(view.name).set(view)
        }
        if (sample) addSample(samplesOf(view.name), view)
      }
      const present = views.map((view) => view.name)
      for (const name of names.get()) if (!present.includes(name)) source(name).set(undefined)
      if (present.join('\n') !== names.get().join('\n')) names.set(present)
      setIfChanged(states, Object.fromEntries(views.map((view) => [view.name, view.state])))
      setIfChanged(groups, Object.fromEntries(views.flatMap(({ name, group }) => (group ? [[name, group]] : []))))
    },
  })

  return { client, connection, hub, me, names, source, samples: samplesOf, states, groups }
}

function setIfChanged<Value>(store: Store<Value>, value: Value): void {
  if (JSON.stringify(value) !== JSON.stringify(store.get())) store.set(value)
}

function stored<Value>(map: Map<string, Store<Value>>, name: string, initial: Value): Store<Value> {
  let store = map.get(name)
  if (!store) map.set(name, (store = createStore(initial)))
  return store
}

function addSample(store: Store<Samples>, view: SourceView): void {
  const { cpu, memory } = store.get()
  if (view.cpu === undefined && view.memoryBytes === undefined && cpu.length === 0) return
  store.set({
    cpu: [...cpu.slice(1 - maxSamples), view.cpu ?? 0],
    memory: [...memory.slice(1 - maxSamples), view.memoryBytes ?? 0],
  })
}
