// Hosts whose agents hand in lines: who is there, how far behind, and how much each keeps until it is taken.
import { Link } from '@tanstack/react-router'
import { ScrollText, Server } from 'lucide-react'
import { useEffect, type ReactElement } from 'react'
import type { HostView } from '../../../src/client/index.ts'
import { formatCount, formatSize } from '../../../src/text/amounts.ts'
import { formatDuration } from '../../../src/time/duration.ts'
import { useHub } from '../hub/hub-context.tsx'
import { useNow } from '../hub/ticker.ts'
import { usePolled } from '../hub/use-polled.ts'
import { Cell, Head } from '../runs/run-table.tsx'
import { buttonClass } from '../ui/button.tsx'
import { Code } from '../ui/code.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Failure } from '../ui/failure.tsx'

const askEveryMs = (): number => 3000

export function HostsPage(): ReactElement {
  const { client } = useHub()
  const { answer: hosts, error } = usePolled(client.hosts, askEveryMs)
  useEffect(() => {
    document.title = 'Hosts · Logboom'
  }, [])
  if (hosts?.length === 0)
    return (
      <EmptyState icon={Server} title="No agent has come yet">
        <p>On another host, with a token of this hub:</p>
        <Code>logboom agent --hub URL --token TOKEN</Code>
      </EmptyState>
    )
  return (
    <div className="h-full overflow-auto">
      <h1 className="sr-only">Hosts</h1>
      {error ? (
        <div className="px-3 py-2 text-xs">
          <Failure error={error} />
        </div>
      ) : null}
      {hosts ? <HostTable hosts={hosts} /> : null}
    </div>
  )
}

function HostTable({ hosts }: { hosts: readonly HostView[] }): ReactElement {
  return (
    <table className="w-full border-collapse text-xs" data-testid="host-table">
      <thead className="sticky top-0 z-10 bg-canvas text-2xs text-soft">
        <tr className="border-b border-line">
          <Head>Host</Head>
          <Head>State</Head>
          <Head className="text-right">Behind</Head>
          <Head className="text-right max-sm:hidden">Kept there</Head>
          <Head className="text-right max-md:hidden">Sources</Head>
          <Head className="max-md:hidden">Version</Head>
          <Head className="max-lg:hidden">Address</Head>
          <Head>
            <span className="sr-only">Lines</span>
          </Head>
        </tr>
      </thead>
      <tbody>
        {hosts.map((host) => (
          <HostRow key={host.name} host={host} />
        ))}
      </tbody>
    </table>
  )
}

function HostRow({ host }: { host: HostView }): ReactElement {
  const now = useNow()
  const { name, connected, lag, lagMs, lastSeenAt, spoolBytes, spoolLimitBytes, sources, version, address, trouble } =
    host
  return (
    <tr
      data-testid="host-row"
      data-connected={connected}
      className="h-7 border-b border-line/60 hover:bg-hover focus-within:bg-accent-soft"
    >
      <Cell>
        <span className="font-medium">{name}</span>
        {trouble.map((text) => (
          <span key={text} className="block text-2xs text-warn">
            {text}
          </span>
        ))}
      </Cell>
      <Cell>
        {connected ? (
          <span className="text-good">Connected</span>
        ) : (
          <span className="text-bad">Away for {formatDuration(Math.max(0, now - lastSeenAt))}</span>
        )}
      </Cell>
      <Cell className="text-right tabular-nums">
        {lag === 0 ? '–' : `${formatCount(lag)} lines, ${formatDuration(lagMs)}`}
      </Cell>
      <Cell className="text-right tabular-nums max-sm:hidden">
        {formatSize(spoolBytes)} of {formatSize(spoolLimitBytes)}
      </Cell>
      <Cell className="text-right tabular-nums max-md:hidden">{sources}</Cell>
      <Cell className="max-md:hidden">{version}</Cell>
      <Cell className="max-lg:hidden">{address}</Cell>
      <Cell className="text-right">
        <Link
          to="/logs"
          search={{ q: `source:${name}/*` }}
          aria-label={`Lines of ${name}`}
          className={buttonClass({ icon: true })}
        >
          <ScrollText aria-hidden />
        </Link>
      </Cell>
    </tr>
  )
}
