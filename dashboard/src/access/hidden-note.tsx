// Says where nothing, or not everything, is shown that the rest is not granted; nothing to those who see everything.
import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { useHub } from '../hub/hub-context.tsx'
import { useStore } from '../hub/store.ts'

export function HiddenNote(): ReactElement | null {
  const me = useStore(useHub().me)
  if (!me || me.within === '') return null
  return (
    <p data-testid="hidden-note" className="text-xs text-soft">
      What is not granted to you is hidden.{' '}
      <Link to="/account" className="text-accent hover:underline">
        What you may see
      </Link>
    </p>
  )
}
