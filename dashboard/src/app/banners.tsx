// News for everybody, calmly, above every page: trouble that the hub reports, and that the hub is away.
import { CircleAlert, Unplug } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'
import { useNow } from '../hub/ticker.ts'

export function Banners(): ReactElement | null {
  const state = useHub()
  const hub = useStore(state.hub)
  const connection = useStore(state.connection)
  const now = useNow()
  const away = connection.state === 'lost' && now - connection.since > 2000
  if (!away && !hub?.trouble.length) return null
  return (
    <div className="border-b border-line">
      {away ? (
        <Banner icon={<Unplug className="mt-0.5 size-3.5 shrink-0 text-warn" aria-hidden />} testId="hub-gone">
          <b className="font-medium">The hub does not answer.</b> What you see is as it was last. Your processes may
          well be running on; start the hub again with{' '}
          <code className="rounded bg-active px-1 font-mono text-2xs">logboom up</code> and this page goes on where it
          stopped.
        </Banner>
      ) : null}
      {hub?.trouble.map((text) => (
        <Banner
          key={text}
          icon={<CircleAlert className="mt-0.5 size-3.5 shrink-0 text-warn" aria-hidden />}
          testId="hub-trouble"
        >
          {text}
        </Banner>
      ))}
    </div>
  )
}

function Banner({ icon, testId, children }: { icon: ReactElement; testId: string; children: ReactNode }): ReactElement {
  return (
    <div role="status" data-testid={testId} className="flex items-start gap-2 bg-warn/8 px-4 py-2 text-xs">
      {icon}
      <p className="min-w-0">{children}</p>
    </div>
  )
}
