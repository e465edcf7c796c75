// A row of a table that tells or asks something in place: a secret that is shown once, or whether something shall really be done.
import type { ReactElement, ReactNode } from 'react'
import type { AskedAction } from '../hub/use-action.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Failure } from '../ui/failure.tsx'
import { Keys } from '../ui/keys.tsx'

interface SecretRowProps {
  title: string
  about: string
  secret: string
  onDone(): void
}

export function SecretRow({ title, about, secret, onDone }: SecretRowProps): ReactElement {
  return (
    <NoticeRow
      tone="good"
      buttons={
        <>
          <CopyButton wide text={secret} label="Copy" />
          <Button onClick={onDone}>Done</Button>
        </>
      }
    >
      <p>
        <b className="font-medium">{title}</b> <span className="text-soft">{about}</span>
      </p>
      <p data-testid="secret" className="font-mono wrap-anywhere">
        {secret}
      </p>
    </NoticeRow>
  )
}

interface QuestionRowProps {
  title: string
  about: string
  /** Text of the button that does it: `Remove ben`. */
  deed: string
  action: AskedAction
  onKeep(): void
  onDo(): void
}

/** Escape keeps things as they are. */
export function QuestionRow({ title, about, deed, action, onKeep, onDo }: QuestionRowProps): ReactElement {
  return (
    <NoticeRow
      tone="bad"
      onEscape={onKeep}
      buttons={
        <>
          <Button look="outline" autoFocus onClick={onKeep}>
            Keep
            <span className="max-sm:hidden">
              <Keys keys="Esc" />
            </span>
          </Button>
          <Button look="danger" pending={action.pending} onClick={onDo}>
            {deed}
          </Button>
        </>
      }
    >
      <p className="font-medium">{title}</p>
      <p className="text-soft">{about}</p>
      <Failure error={action.error} />
    </NoticeRow>
  )
}

const tones = { good: 'bg-good/7 shadow-[inset_3px_0_var(--good)]', bad: 'bg-bad/8 shadow-[inset_3px_0_var(--bad)]' }

interface NoticeRowProps {
  tone: keyof typeof tones
  buttons: ReactNode
  onEscape?: () => void
  children: ReactNode
}

function NoticeRow({ tone, buttons, onEscape, children }: NoticeRowProps): ReactElement {
  return (
    <div
      role={tone === 'good' ? 'status' : 'group'}
      className={`flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line px-3 py-2 sm:px-4 ${tones[tone]}`}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onEscape?.()
      }}
    >
      <div className="min-w-0 flex-1 basis-64">{children}</div>
      <div className="ml-auto flex shrink-0 gap-2">{buttons}</div>
    </div>
  )
}
