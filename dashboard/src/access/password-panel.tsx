// The form of one's own password: the old one shows that it is not somebody who found the page open.
import { useState, type FormEvent, type ReactElement } from 'react'
import { useHub } from '../hub/hub-context.tsx'
import { useAction } from '../hub/use-action.ts'
import { askWhoIAm } from '../hub/sign-in.ts'
import { Button } from '../ui/button.tsx'
import { Failure } from '../ui/failure.tsx'
import { Panel } from '../ui/panel.tsx'
import { TextField } from '../ui/fields/text-field.tsx'

export function PasswordPanel({ hasPassword }: { hasPassword: boolean }): ReactElement {
  const { client, me } = useHub()
  const [password, setPassword] = useState('')
  const [newPassword, setNewPassword] = useState('')
  const [again, setAgain] = useState('')
  const [isChanged, setIsChanged] = useState(false)
  const action = useAction()
  const differs = again !== '' && again !== newPassword
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setIsChanged(false)
    action.run(async () => {
      await client.changeOwnPassword({ newPassword, ...(hasPassword ? { password } : {}) })
      for (const empty of [setPassword, setNewPassword, setAgain]) empty('')
      setIsChanged(true)
      await askWhoIAm(client, me)
    })
  }
  return (
    <Panel title="Password" testId="password" about={hasPassword ? '' : 'none yet: you sign in by links'}>
      <form className="flex flex-col gap-3 border-t border-line px-3 py-3 sm:px-4 [&>span]:max-w-80" onSubmit={submit}>
        {hasPassword ? (
          <TextField
            label="Old password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={setPassword}
          />
        ) : null}
        <TextField
          label="New password"
          hint="At least 8 characters. All your other sessions end."
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
          value={newPassword}
          onChange={setNewPassword}
        />
        <TextField
          label="Once more"
          type="password"
          autoComplete="new-password"
          required
          value={again}
          onChange={setAgain}
        />
        {differs ? <p className="text-warn">The two differ.</p> : null}
        <Failure error={action.error} />
        {isChanged ? (
          <p role="status" className="text-good">
            The password is changed; your other sessions have ended.
          </p>
        ) : null}
        <Button
          type="submit"
          look="filled"
          className="self-start"
          pending={action.pending}
          disabled={differs || again === ''}
        >
          {hasPassword ? 'Change password' : 'Set password'}
        </Button>
      </form>
    </Panel>
  )
}
