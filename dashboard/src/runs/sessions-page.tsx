// The lives of the hub, with the way to what each has started and captured.
import { Link } from '@tanstack/react-router'
import { Boxes, ScrollText } from 'lucide-react'
import { useCallback, type ReactElement } from 'react'
import type { SessionView } from '../../../src/client/index.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'
import { buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Started, Took } from '../ui/when.tsx'
import { ListPage, patternOf, useListFilters } from './list-page.tsx'
import { Cell, Head } from './run-table.tsx'
import type { ShownList } from './shown-list.ts'
import { StatusMark } from './status-mark.tsx'
import { useShownList } from './use-shown-list.ts'

const pageSize = 50
const names: readonly [name: string, label: string][] = [['id', 'Session']]
const statuses = ['running', 'ended', 'killed']
const sessionKey = ({ id }: SessionView): string => id

export function SessionsPage(): ReactElement {
  const { client } = useHub()
  const filters = useListFilters()
  const { id, status } = filters.search
  const ask = useCallback(
    async (past: string | undefined): Promise<ShownList<SessionView>> => {
      const asked = { session: patternOf(id), status: status || undefined, limit: pageSize, past }
      const { sessions, ...rest } = await client.sessions(asked)
      return { rows: sessions, past: rest.past }
    },
    [client, id, status],
  )
  const paged = useShownList(ask, sessionKey)
  return (
    <ListPage
      title="Sessions"
      filters={filters}
      statuses={statuses}
      names={names}
      paged={paged}
      empty={<EmptyState icon={Boxes} title="No session yet" />}
    >
      {(sessions) => <SessionTable sessions={sessions} />}
    </ListPage>
  )
}

function SessionTable({ sessions }: { sessions: readonly SessionView[] }): ReactElement {
  const current = useStore(useHub().hub)?.session
  return (
    <table className="w-full border-collapse text-xs" data-testid="session-table">
      <thead className="sticky top-0 z-10 bg-canvas text-2xs text-soft">
        <tr className="border-b border-line">
          <Head>Session</Head>
          <Head className="max-sm:hidden">Status</Head>
          <Head className="max-sm:hidden">Started</Head>
          <Head className="text-right">Took</Head>
          <Head>
            <span className="sr-only">Runs and lines</span>
          </Head>
        </tr>
      </thead>
      <tbody>
        {sessions.map(({ id, status, startedAt, durationMs }) => (
          <tr
            key={id}
            data-testid="session-row"
            data-status={status}
            className="h-7 border-b border-line/60 hover:bg-hover focus-within:bg-accent-soft"
          >
            <Cell className="max-sm:w-full max-sm:max-w-0">
              <span className="flex min-w-0 items-baseline gap-2">
                <Link
                  to="/runs"
                  search={{ session: id }}
                  data-row
                  className="truncate rounded font-mono font-medium hover:underline"
                >
                  {id}
                </Link>
                {id === current ? <span className="shrink-0 text-2xs text-accent">this one</span> : null}
              </span>
              <span className="flex gap-2 text-2xs text-soft sm:hidden">
                <StatusMark status={status} isOver={status !== 'RUNNING'} />
                <Started at={startedAt} />
              </span>
            </Cell>
            <Cell className="max-sm:hidden">
              <StatusMark status={status} isOver={status !== 'RUNNING'} />
            </Cell>
            <Cell className="whitespace-nowrap text-soft tabular-nums max-sm:hidden">
              <Started at={startedAt} />
            </Cell>
            <Cell className="text-right whitespace-nowrap tabular-nums">
              {status === 'KILLED' ? (
                <span title="Nobody saw it end">–</span>
              ) : (
                <Took startedAt={startedAt} durationMs={durationMs} />
              )}
            </Cell>
            <Cell className="w-20 text-right whitespace-nowrap">
              <Link
                to="/logs"
                search={{ q: `session:${id}` }}
                aria-label={`Lines of ${id} in Logs`}
                title="Its lines in Logs"
                data-testid="session-logs"
                className={buttonClass({ icon: true, className: 'h-6! w-6!' })}
              >
                <ScrollText aria-hidden />
              </Link>
            </Cell>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
