// Copies a text and says so for a moment.
import { Check, Copy } from 'lucide-react'
import { useEffect, useState, type ReactElement } from 'react'
import { Button } from './button.tsx'
import { Tooltip } from './tooltip.tsx'

interface CopyButtonProps {
  text: string | (() => string)
  label: string
  /** Shows the label beside the icon. */
  wide?: boolean
  className?: string
}

export function CopyButton({ text, label, wide, className }: CopyButtonProps): ReactElement {
  const [outcome, setOutcome] = useState<'copied' | 'failed'>()
  useEffect(() => {
    if (!outcome) return
    const timer = setTimeout(() => setOutcome(undefined), 1500)
    return () => clearTimeout(timer)
  }, [outcome])
  const said =
    outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'The browser does not allow copying here' : label
  return (
    <Tooltip text={said}>
      <Button
        icon={!wide}
        look={wide ? 'outline' : 'plain'}
        aria-label={said}
        className={className}
        onClick={() => void copyText(typeof text === 'string' ? text : text()).then(setOutcome)}
      >
        {outcome === 'copied' ? <Check className="text-good" aria-hidden /> : <Copy aria-hidden />}
        {wide ? (outcome === 'copied' ? 'Copied' : label) : null}
      </Button>
    </Tooltip>
  )
}

/** The clipboard's own interface needs a secure page; a hub on another loopback name may not be one. */
async function copyText(text: string): Promise<'copied' | 'failed'> {
  try {
    await navigator.clipboard.writeText(text)
    return 'copied'
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    area.style.position = 'fixed'
    area.style.opacity = '0'
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done ? 'copied' : 'failed'
  }
}
