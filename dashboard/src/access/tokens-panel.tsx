// The tokens that programs show instead of a password; a new one is shown once.
import { KeyRound, Plus } from 'lucide-react'
import { useState, type ReactElement } from 'react'
import type { TokenView } from '../../../src/contracts/access.ts'
import { Button } from '../ui/button.tsx'
import { Panel } from '../ui/panel.tsx'
import { SecretRow } from './notice-row.tsx'
import { TokenForm } from './token-form.tsx'
import { tokenColumns, TokenRow } from './token-row.tsx'

interface TokensPanelProps {
  tokens: TokenView[]
  reload(): Promise<void>
}

export function TokensPanel({ tokens, reload }: TokensPanelProps): ReactElement {
  const [isAdding, setIsAdding] = useState(false)
  const [made, setMade] = useState<{ name: string; token: string }>()
  return (
    <Panel
      title="Tokens of services"
      testId="tokens"
      about="a token can do only what its scope says"
      action={
        <Button look="outline" aria-expanded={isAdding} onClick={() => setIsAdding(!isAdding)}>
          <Plus aria-hidden />
          New token
        </Button>
      }
    >
      {isAdding ? (
        <TokenForm
          onCancel={() => setIsAdding(false)}
          onMade={async (next) => {
            setMade(next)
            setIsAdding(false)
            await reload()
          }}
        />
      ) : null}
      {made ? (
        <SecretRow
          title={`${made.name} is made.`}
          about="Copy its token now: it is not shown again. Programs send it as Authorization: Bearer TOKEN."
          secret={made.token}
          onDone={() => setMade(undefined)}
        />
      ) : null}
      {tokens.length > 0 ? (
        <>
          <div className={`${tokenColumns} h-[26px] border-t border-line text-2xs font-medium text-soft max-sm:hidden`}>
            <span>Name</span>
            <span>Scope</span>
            <span>Expires</span>
          </div>
          {tokens.map((token) => (
            <TokenRow key={`${token.name} ${token.createdAt}`} token={token} reload={reload} />
          ))}
        </>
      ) : (
        <div className="flex items-center gap-3 border-t border-line px-3 py-4 sm:px-4">
          <KeyRound className="size-4 shrink-0 text-soft" aria-hidden />
          <p className="text-soft">
            <span className="block font-medium text-text">There is no token</span>
            Agents, jobs and scripts show one where people sign in: to hand in records, or to read them.
          </p>
        </div>
      )}
    </Panel>
  )
}
