// The choice of containers that are read, and the names of their sources.
import type { NewJob } from '../contracts/job.ts'
import { patternTest } from '../query/match/wildcard.ts'
import { faultOfSourceName } from '../text/source-name.ts'

/** An entry of `GET /containers/json`, as far as it is used. */
export interface ListedContainer {
  Id: string
  Names?: string[]
  Image?: string
  Labels?: Record<string, string> | null
  State?: string
}

export interface Selection {
  /** Patterns of names. */
  containers: readonly string[]
  /** Patterns of names of images. */
  images: readonly string[]
  /** `key` or `key=value`. */
  labels: readonly string[]
  /** Patterns of names of Compose projects. */
  projects: readonly string[]
  /** Patterns of names that are left out. */
  exclude: readonly string[]
}

const labelNames = {
  name: 'logboom.name',
  enable: 'logboom.enable',
  group: 'logboom.group',
  job: 'logboom.job',
  owner: 'logboom.owner',
} as const

const composeProject = 'com.docker.compose.project'

/** `ownId`: beginning of the id of the container in which this runs. */
export function openSelection(
  selection: Selection,
  ownId: string | undefined,
): (container: ListedContainer) => boolean {
  const names = testOf(selection.containers)
  const images = testOf(selection.images)
  const projects = testOf(selection.projects)
  const excluded = testOf(selection.exclude)
  const hasLabel = (labels: Record<string, string>, wanted: string): boolean => {
    const at = wanted.indexOf('=')
    return at < 0 ? Object.hasOwn(labels, wanted) : labels[wanted.slice(0, at)] === wanted.slice(at + 1)
  }
  return (container) => {
    const labels = container.Labels ?? {}
    if (ownId !== undefined && container.Id.startsWith(ownId)) return false
    const enable = labels[labelNames.enable]?.toLowerCase()
    if (enable !== undefined) return enable !== 'false' && enable !== '0' && enable !== 'no'
    const name = ownName(container)
    if (excluded?.(name)) return false
    return (
      (names?.(name) ?? true) &&
      (images?.(container.Image ?? '') ?? true) &&
      (projects?.(labels[composeProject] ?? '') ?? true) &&
      (selection.labels.length === 0 || selection.labels.some((wanted) => hasLabel(labels, wanted)))
    )
  }
}

/** Undefined where nothing is asked for, so that everything is right. */
function testOf(patterns: readonly string[]): ((text: string) => boolean) | undefined {
  if (patterns.length === 0) return undefined
  const tests = patterns.map((text) => patternTest({ text, wildcard: text.includes('*') }))
  return (text) => tests.some((test) => test(text))
}

const ownName = ({ Names, Id }: ListedContainer): string =>
  (Names?.find((name) => name.lastIndexOf('/') === 0) ?? Names?.[0] ?? Id.slice(0, 12)).replace(/^\//, '')

/** Name of the source: what the label says, or that of the container. Names with a slash are those of other hosts. */
export function sourceOf(container: ListedContainer): { name: string; group?: string } {
  const labels = container.Labels ?? {}
  const isRight = (name: string | undefined): name is string =>
    name !== undefined && !name.includes('/') && faultOfSourceName(name) === undefined
  const group = [labels[labelNames.group], labels[composeProject]].find(isRight)
  const candidates = [labels[labelNames.name], nameWithCompose(ownName(container), labels)]
  return { name: candidates.find(isRight) ?? container.Id.slice(0, 12), ...(group !== undefined && { group }) }
}

/** Compose creates the container that takes another's place under that one's name with an id in front, and renames it then. */
function nameWithCompose(name: string, labels: Record<string, string>): string {
  return labels[composeProject] === undefined ? name : name.replace(/^[0-9a-f]{12}_(?=.)/, '')
}

/** The job that the container is, as its labels have it. */
export function jobOf({ Labels }: ListedContainer): NewJob | undefined {
  const jobId = Labels?.[labelNames.job]
  const userId = Labels?.[labelNames.owner]
  const name = Labels?.[labelNames.name]
  if (!jobId) return undefined
  return { jobId, orchestratorId: 'docker', ...(userId && { userId }), ...(name && { name }) }
}
